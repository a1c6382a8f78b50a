#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ohmlab::lab {

/// A table of compared rows, as text.
struct ValidationTable {
  std::string title;
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
};

/// One goal and what was reached; a figure that stands beside others has no goal.
struct Gate {
  std::string name, reached, goal;
  bool met = false;
  std::string cause;  ///< why it was missed; "" if met
};

/// One measured figure beside its prediction, as numbers, for pictures.
struct ValidationPoint {
  std::string series, name;  ///< series: which prediction it is
  double node = 0;           ///< m
  double measured = 0, median = 0, p05 = 0, p95 = 0;
  std::string unit;
};

/// What the model says beside what was measured.
struct Validation {
  std::string name, title;
  std::vector<std::string> protocol;  ///< what was calibrated on what, in sentences
  std::vector<Gate> gates;
  std::vector<ValidationTable> tables;
  std::vector<ValidationPoint> points = {};
};

struct ValidationEntry {
  std::string_view name, summary;
  Validation (*run)();
};

/// Everything that `ohmlab validate` can do, by name.
[[nodiscard]] std::span<const ValidationEntry> validations() noexcept;

}  // namespace ohmlab::lab
