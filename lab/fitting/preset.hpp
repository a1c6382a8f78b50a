#pragma once

#include <string>

#include "measurement.hpp"
#include "model_fit.hpp"
#include "report.hpp"

namespace ohmlab::fitting {

/// The file name of the table of steps that stands for it in a preset's text until it is written.
constexpr const char* steps_file = "STEPS.csv";

/// A preset of the model, as TOML with comments.
/// \param law  the fitted law; for measured_table, any
[[nodiscard]] std::string preset_text(const FitReport& report, const FittedModel& model,
                                      const Law& law, const FitOptions& options);

}  // namespace ohmlab::fitting
