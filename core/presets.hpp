#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// Finds configs by name.
namespace ohmlab::core {

/// Finds a name relative to `configs`: in `folder`, one folder up, in the current folder, in
/// $OHMLAB_CONFIGS, then among the presets installed with the program. Returns an empty path if
/// there is none.
[[nodiscard]] std::filesystem::path find_preset(const std::string& name,
                                                const std::filesystem::path& folder);

/// Names of the presets of a kind, e.g. "accelerators", in $OHMLAB_CONFIGS and among the installed
/// ones, sorted.
[[nodiscard]] std::vector<std::string> preset_names(const std::string& kind);

/// The config file that a user names: a path, or the name of a preset.
/// \throws UserError with the folders searched and the nearest preset; WorldError for a path that
/// cannot be read
[[nodiscard]] std::filesystem::path find_config(const std::string& name);

/// Message for a name that was not found: the folders searched and the nearest preset.
[[nodiscard]] std::string preset_not_found(const std::string& name,
                                           const std::filesystem::path& folder);

/// False, not an error, also for a path that is too long or circular.
[[nodiscard]] bool is_file(const std::filesystem::path& path);

}  // namespace ohmlab::core
