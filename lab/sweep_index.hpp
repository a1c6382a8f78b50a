#pragma once

#include <filesystem>
#include <string_view>

namespace ohmlab::lab {

/// What the root of an index says it is.
constexpr std::string_view index_format = "ohmlab sweep";
/// Name of the file, in the folder of the sweep, that gathers the figures of its points.
constexpr std::string_view index_file = "index.h5";

/// Whether a file is the index of a sweep, by its name and what it says of itself. Such a file
/// holds figures, no bill.
[[nodiscard]] bool is_sweep_index(const std::filesystem::path& file);

}  // namespace ohmlab::lab
