#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

/// Lines of separated values, for readers of tables.
namespace ohmlab::core {

/// Text without blanks at its ends.
[[nodiscard]] inline std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// The cells of a line, without blanks at their ends. A line has one cell more than separators.
[[nodiscard]] inline std::vector<std::string_view> cells_of(std::string_view line,
                                                            char separator = ',') {
  std::vector<std::string_view> out;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find(separator, begin), line.size());
    out.push_back(trimmed(line.substr(begin, end - begin)));
    begin = end + 1;
  }
  return out;
}

/// The finite number that a cell is, or nothing. A sign "+" is accepted.
[[nodiscard]] inline std::optional<double> finite_number(std::string_view cell) {
  if (cell.starts_with('+')) cell.remove_prefix(1);
  double out = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), out);
  if (cell.empty() || error != std::errc{} || end != cell.data() + cell.size() ||
      !std::isfinite(out)) {
    return std::nullopt;
  }
  return out;
}

}  // namespace ohmlab::core
