#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ohmlab::lab {

/// Attribute `format` at the root of an index.
constexpr std::string_view index_format = "ohmlab sweep";
/// Name of the index file in the folder of a sweep.
constexpr std::string_view index_file = "index.h5";

/// True if a file is the index of a sweep, by its name and its attribute `format`. An index holds
/// figures and no bill.
[[nodiscard]] bool is_sweep_index(const std::filesystem::path& file);

/// Axes and points of a finished sweep.
struct SweepIndex {
  std::vector<std::string> dimensions;           ///< names, slowest first
  std::vector<std::vector<std::string>> labels;  ///< by dimension: its values as text
  std::vector<std::string> ids;                  ///< ids of the points, row-major; "" if left out
  /// Label of a point on each dimension.
  [[nodiscard]] std::vector<std::string> labels_of(std::size_t point) const;
};

/// \throws core::UserError if the file is not there or is not the index of a sweep
[[nodiscard]] SweepIndex read_sweep_index(const std::filesystem::path& file);

}  // namespace ohmlab::lab
