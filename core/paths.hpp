#pragma once

#include <filesystem>
#include <vector>

namespace ohmlab::core {

/// Folders of presets: those of $OHMLAB_CONFIGS (colon-separated), then the nearest
/// `share/ohmlab/configs` beside or above the program or module that contains this code. The
/// program in `bin` and the module in a Python environment thus find the same presets.
[[nodiscard]] std::vector<std::filesystem::path> config_roots();

/// Finds a file or folder that a config names: absolute, or relative to that config file, else
/// below one of the folders of $OHMLAB_DATA. Returns an empty path if it is in none of them.
[[nodiscard]] std::filesystem::path find_data(const std::filesystem::path& name,
                                              const std::filesystem::path& beside);

}  // namespace ohmlab::core
