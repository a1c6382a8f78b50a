#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"

namespace ohmlab::validation {

/// A table of compared rows, as text.
struct ValidationTable {
  std::string title;
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
  static constexpr auto fields = core::Fields{
      core::field("title", &ValidationTable::title, "title of the table"),
      core::field("head", &ValidationTable::head, "heads of the columns"),
      core::field("rows", &ValidationTable::rows, "rows of cells"),
  };
};

/// One goal and the value reached; a figure for comparison alone has no goal.
struct Gate {
  std::string name, reached, goal;
  bool met = false;
  std::string cause;  ///< reason of a miss; "" if met
  static constexpr auto fields = core::Fields{
      core::field("name", &Gate::name, "name of the figure"),
      core::field("reached", &Gate::reached, "value that was reached"),
      core::field("goal", &Gate::goal, "the goal, if it has one"),
      core::field("met", &Gate::met, "true if the goal was reached"),
      core::field("cause", &Gate::cause, "reason of a miss"),
  };
};

/// One measured figure beside its prediction, as numbers for plots.
struct ValidationPoint {
  std::string series, name;  ///< series: name of the prediction
  double node = 0;           ///< technology node in m; 0 if it is no chip
  /// p05 and p95 equal the median if there is no band
  double measured = 0, median = 0, p05 = 0, p95 = 0;
  std::string unit;
  static constexpr auto fields = core::Fields{
      core::field("series", &ValidationPoint::series, "name of the prediction"),
      core::field("name", &ValidationPoint::name, "name of the row"),
      core::field("node", &ValidationPoint::node, "m", core::any,
                  "technology node; 0 if it is no chip"),
      core::field("measured", &ValidationPoint::measured, "", core::any,
                  "measured value, in its unit"),
      core::field("median", &ValidationPoint::median, "", core::any, "predicted median"),
      core::field("p05", &ValidationPoint::p05, "", core::any,
                  "5th percentile; the median where there is no band"),
      core::field("p95", &ValidationPoint::p95, "", core::any, "95th percentile"),
      core::field("unit", &ValidationPoint::unit, "unit of the four values"),
  };
};

/// Predictions of the model beside measured values. `--json` and Python show these fields.
struct Validation {
  std::string name, title;
  std::vector<std::string> protocol;  ///< calibration and its data, in sentences
  std::vector<Gate> gates;
  std::vector<ValidationTable> tables;
  std::vector<ValidationPoint> points = {};
  std::vector<std::string> files = {};  ///< records that were read
  bool binding = false;                 ///< true if a missed goal is a fault of the program
  static constexpr auto fields = core::Fields{
      core::field("name", &Validation::name, "name of the validation"),
      core::field("title", &Validation::title, "title of the comparison"),
      core::field("protocol", &Validation::protocol, "calibration and its data"),
      core::field("gates", &Validation::gates, "goals"),
      core::field("tables", &Validation::tables, "comparisons row by row"),
      core::field("points", &Validation::points, "rows as numbers"),
      core::field("files", &Validation::files, "records and price lists that were read"),
      core::field("binding", &Validation::binding,
                  "true if a missed goal is a fault of the program, not a finding"),
  };
};

struct ValidationEntry {
  std::string_view name, summary;
  Validation (*run)();
  bool named_alone = false;  ///< true if it runs only where it is named, since it needs a program
};

/// All validations of `ohmlab validate`, by name.
[[nodiscard]] std::span<const ValidationEntry> validations() noexcept;
/// \throws core::UserError listing the names, and the nearest one, if the name is unknown
[[nodiscard]] const ValidationEntry& validation_named(const std::string& name);

}  // namespace ohmlab::validation
