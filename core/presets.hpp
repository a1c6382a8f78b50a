#pragma once

#include <filesystem>
#include <string>

/// Where configs are found by name.
namespace ohmlab::core {

/// Finds `configs`-relative names: in `folder`, one folder up, in the current folder, in
/// $OHMLAB_CONFIGS, then among the presets installed with the program. Returns an empty path if
/// there is none.
[[nodiscard]] std::filesystem::path find_preset(const std::string& name,
                                                const std::filesystem::path& folder);

/// The config file that a user names: a path, or the name of a preset.
/// \throws UserError saying where it was sought, with the nearest preset; WorldError for a path
/// that cannot be read
[[nodiscard]] std::filesystem::path find_config(const std::string& name);

/// Where a name was sought in vain, with the nearest preset.
[[nodiscard]] std::string preset_not_found(const std::string& name,
                                           const std::filesystem::path& folder);

/// No path of a user is an error by itself, however long or circular.
[[nodiscard]] bool is_file(const std::filesystem::path& path);

}  // namespace ohmlab::core
