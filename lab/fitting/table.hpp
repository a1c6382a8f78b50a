#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ohmlab::fitting {

/// One column of a file of measurements. A blank cell is NaN: that read is missing.
struct TableColumn {
  std::string name;            ///< from the header, else the number of the column from 1
  std::vector<double> values;  ///< up to the last cell that is not blank
};

/// Columns of numbers of a text or HDF5 file.
struct Table {
  std::filesystem::path file;
  std::vector<TableColumn> columns;
  std::vector<int> lines;  ///< line of each row of numbers; empty for HDF5
  bool has_header = false;

  /// "FILE:12" for a row from 0, or "FILE" where rows are no lines.
  [[nodiscard]] std::string place(std::size_t row) const;
};

/// Reads a file of measurements. Text has values separated by commas, tabs or semicolons, with a
/// header of names or without one; lines that are empty or begin with "#" are ignored. HDF5 has one
/// or more datasets of one or two dimensions; the columns of `DATASET` are `DATASET` or
/// `DATASET/1`, `DATASET/2`, …
/// \throws core::UserError naming file, line, column and value; core::WorldError
[[nodiscard]] Table read_table(const std::filesystem::path& file);

/// The same for text that `file` names in messages.
[[nodiscard]] Table parse_table(std::string_view text, const std::filesystem::path& file);

}  // namespace ohmlab::fitting
