#include "ohmlab/lab/validation.hpp"

#include <array>

#include "ohmlab/lab/validate_prices.hpp"
#include "ohmlab/lab/validate_training.hpp"

namespace ohmlab::lab {

std::span<const ValidationEntry> validations() noexcept {
  static constexpr std::array entries{
      ValidationEntry{"prices", "joules of published compute-in-memory macros, blind and calibrated",
                      [] { return validate_prices(load_macro_records()); }},
      ValidationEntry{"training", "digital training against published step times, runs and energies",
                      [] { return validate_training(load_training_records()); }},
  };
  return entries;
}

}  // namespace ohmlab::lab
