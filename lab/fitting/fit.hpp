#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "../results/progress.hpp"
#include "options.hpp"
#include "report.hpp"

namespace ohmlab::fitting {

/// Fits pulse models to measured ramps, compares them, and writes the best as a preset into the
/// report.
/// \throws core::UserError for bad data or options; core::WorldError; results::Interrupted
[[nodiscard]] FitReport fit(std::span<const std::filesystem::path> files, const FitOptions& options,
                            results::Progress& progress);

/// What stands at the head of a preset.
struct Heading {
  std::string command;  ///< that made it; "" if none
  bool force = false;   ///< overwrite
};

/// Writes the preset, and the table of steps beside it where the model reads one, whole or not at
/// all.
/// \throws core::UserError if a file exists and is not to be overwritten; core::WorldError
void write_preset(const FitReport& report, const std::filesystem::path& file,
                  const Heading& heading);

}  // namespace ohmlab::fitting
