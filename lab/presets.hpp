#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ohmlab::lab {

/// A config that comes with ohmlab, or stands in a folder of $OHMLAB_CONFIGS or in the current one.
struct PresetInfo {
  std::string kind;                  ///< its folder, e.g. "devices"
  std::string name;                  ///< name that commands and `base` take, e.g. "devices/pcm"
  std::string summary;               ///< first sentence of its head, its title, or its source
  std::string source;                ///< papers it cites, or ""
  std::optional<double> node;        ///< technology node that it names, m
  std::optional<bool> billable;      ///< none if the question makes no sense
  std::vector<std::string> missing;  ///< what a bill lacks
  std::string broken;                ///< why it cannot be read, or ""
  std::filesystem::path file;
};

/// Kinds of presets that are found, in alphabetical order.
[[nodiscard]] std::vector<std::string> preset_kinds();

/// Names of all presets of a kind, in alphabetical order; no file is read.
[[nodiscard]] std::vector<std::string> preset_names(const std::string& kind);

/// Presets of a kind, or of all kinds for "". A device or an experiment is billable if every
/// operating point and every converter that its arrays need is there.
/// \throws core::UserError that lists the kinds for an unknown one
[[nodiscard]] std::vector<PresetInfo> presets(const std::string& kind);

}  // namespace ohmlab::lab
