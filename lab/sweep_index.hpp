#pragma once

#include <filesystem>
#include <string_view>

namespace ohmlab::lab {

/// Attribute `format` at the root of an index.
constexpr std::string_view index_format = "ohmlab sweep";
/// Name of the index file in the folder of a sweep.
constexpr std::string_view index_file = "index.h5";

/// True if a file is the index of a sweep, by its name and its attribute `format`. An index holds
/// figures and no bill.
[[nodiscard]] bool is_sweep_index(const std::filesystem::path& file);

}  // namespace ohmlab::lab
