#pragma once

#include <filesystem>
#include <vector>

namespace ohmlab::core {

/// Folders that hold presets: those of $OHMLAB_CONFIGS (colon-separated), then the nearest
/// `share/ohmlab/configs` beside or above the program or module that contains this code. So the
/// program in `bin` and the module deep in a Python environment find the same ones.
[[nodiscard]] std::vector<std::filesystem::path> config_roots();

/// A file or folder a config names: absolute, or relative to the config file that names it, else
/// below one of the folders of $OHMLAB_DATA. Returns an empty path if it is in none of them.
[[nodiscard]] std::filesystem::path find_data(const std::filesystem::path& name,
                                              const std::filesystem::path& beside);

}  // namespace ohmlab::core
