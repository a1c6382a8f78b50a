#include "validation.hpp"

#include <array>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../../core/suggest.hpp"
#include "law.hpp"
#include "prices.hpp"
#include "training.hpp"

namespace ohmlab::validation {

std::span<const ValidationEntry> validations() noexcept {
  static constexpr std::array entries{
      ValidationEntry{"training",
                      "digital training against published step times, runs and energies",
                      [] { return validate_training(load_training_records()); }},
      ValidationEntry{"prices",
                      "joules of published compute-in-memory macros, blind and calibrated",
                      [] { return validate_prices(load_macro_records(), load_survey()); }},
      ValidationEntry{"law", "the seed paper's law against published training runs",
                      [] { return validate_law(load_training_records()); }},
  };
  return entries;
}

const ValidationEntry& validation_named(const std::string& name) {
  std::vector<std::string_view> known;
  for (const ValidationEntry& entry : validations()) {
    if (entry.name == name) return entry;
    known.push_back(entry.name);
  }
  throw core::UserError({}, "", "",
                        fmt::format("nothing called \"{}\" to validate{}; there are: {}", name,
                                    core::did_you_mean(name, known), fmt::join(known, ", ")));
}

}  // namespace ohmlab::validation
