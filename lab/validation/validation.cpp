#include "validation.hpp"

#include <array>
#include <initializer_list>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../../core/suggest.hpp"
#include "arrays.hpp"
#include "devices.hpp"
#include "law.hpp"
#include "prices.hpp"
#include "records.hpp"
#include "training.hpp"

namespace ohmlab::validation {
namespace {

/// Adds the files of the records that a validation has read.
Validation from(Validation validation, std::initializer_list<const char*> records) {
  for (const char* name : records) validation.files.push_back(records_file(name).string());
  return validation;
}

}  // namespace

std::span<const ValidationEntry> validations() noexcept {
  static constexpr std::array entries{
      ValidationEntry{"training",
                      "digital training against published step times, runs and energies",
                      [] {
    return from(validate_training(load_training_records()), {"megatron", "runs", "energy"});
  }},
      ValidationEntry{"prices",
                      "joules of published compute-in-memory macros, blind and calibrated",
                      [] {
    return from(validate_prices(load_macro_records(), load_survey()), {"macros", "survey"});
  }},
      ValidationEntry{"law", "the seed paper's law against published training runs",
                      [] { return from(validate_law(load_training_records()), {"runs"}); }},
      ValidationEntry{"devices", "presets of devices against the formulas of their papers",
                      [] { return from(validate_devices(load_device_checks()), {"devices"}); }},
      ValidationEntry{"arrays", "arrays with wires against ngspice, if named: it takes minutes",
                      validate_arrays, true},
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
