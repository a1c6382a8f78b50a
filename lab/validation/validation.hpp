#pragma once

#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "../../core/fields.hpp"

namespace ohmlab::validation {

/// A table of compared rows, as text.
struct ValidationTable {
  std::string title;
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
  static constexpr auto fields = std::tuple{
      core::field("title", &ValidationTable::title, "what it compares"),
      core::field("head", &ValidationTable::head, "of its columns"),
      core::field("rows", &ValidationTable::rows, "cells"),
  };
};

/// One goal and what was reached; a figure that stands beside others has no goal.
struct Gate {
  std::string name, reached, goal;
  bool met = false;
  std::string cause;  ///< why it was missed; "" if met
  static constexpr auto fields = std::tuple{
      core::field("name", &Gate::name, "what it is"),
      core::field("reached", &Gate::reached, "what was reached"),
      core::field("goal", &Gate::goal, "the goal, if it has one"),
      core::field("met", &Gate::met, "whether it was reached"),
      core::field("cause", &Gate::cause, "why not"),
  };
};

/// One measured figure beside its prediction, as numbers, for pictures.
struct ValidationPoint {
  std::string series, name;  ///< series: which prediction it is
  double node = 0;           ///< m; 0 of what is no chip
  double measured = 0, median = 0, p05 = 0,
         p95 = 0;  ///< the last two equal the median where there is no band
  std::string unit;
  static constexpr auto fields = std::tuple{
      core::field("series", &ValidationPoint::series, "which prediction"),
      core::field("name", &ValidationPoint::name, "of its row"),
      core::field("node", &ValidationPoint::node, "m", core::any,
                  "technology node; 0 of what is no chip"),
      core::field("measured", &ValidationPoint::measured, "", core::any, "in its unit"),
      core::field("median", &ValidationPoint::median, "", core::any, "predicted"),
      core::field("p05", &ValidationPoint::p05, "", core::any,
                  "5th percentile; the median where there is no band"),
      core::field("p95", &ValidationPoint::p95, "", core::any, "95th percentile"),
      core::field("unit", &ValidationPoint::unit, "of the four"),
  };
};

/// What the model says beside what was measured. Its fields are what `--json` and Python show.
struct Validation {
  std::string name, title;
  std::vector<std::string> protocol;  ///< what was calibrated on what, in sentences
  std::vector<Gate> gates;
  std::vector<ValidationTable> tables;
  std::vector<ValidationPoint> points = {};
  static constexpr auto fields = std::tuple{
      core::field("name", &Validation::name, "what is validated"),
      core::field("title", &Validation::title, "what is compared with what"),
      core::field("protocol", &Validation::protocol, "what was calibrated on what"),
      core::field("gates", &Validation::gates, "goals"),
      core::field("tables", &Validation::tables, "row by row"),
      core::field("points", &Validation::points, "rows as numbers"),
  };
};

struct ValidationEntry {
  std::string_view name, summary;
  Validation (*run)();
};

/// Everything that `ohmlab validate` can do, by name.
[[nodiscard]] std::span<const ValidationEntry> validations() noexcept;
/// \throws core::UserError if there is none of this name, with the nearest
[[nodiscard]] const ValidationEntry& validation_named(const std::string& name);

}  // namespace ohmlab::validation
