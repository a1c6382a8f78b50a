#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "../core/fields.hpp"
#include "evidence.hpp"

namespace ohmlab::cost {

/// A published figure with its source and uncertainty: lognormal between its percentiles, exact
/// without them. `unit` is the unit of median and percentiles.
template <const std::string_view& unit>
struct Quoted {
  double median = 0;
  std::optional<double> p05, p95;
  Evidence evidence = Evidence::assumed;
  std::string source;

  static constexpr auto fields = core::Fields{
      core::field("median", &Quoted::median, unit, core::at_least(0), "median",
                  core::Need::required),
      core::field("p05", &Quoted::p05, unit, core::above(0), "5th percentile; exact unless given"),
      core::field("p95", &Quoted::p95, unit, core::above(0), "95th percentile; exact unless given"),
      core::field("evidence", &Quoted::evidence, "evidence for the figure", core::Need::required),
      core::field("source", &Quoted::source, "publication of the figure", core::Need::required),
  };

  [[nodiscard]] std::string problem() const {
    if (source.find_first_not_of(" \t\n") == std::string::npos)
      return "source is empty: no figure without one";
    if (p05.has_value() != p95.has_value()) return "expected both p05 and p95, or neither";
    if (p05 && !(*p05 <= median && median <= *p95)) return "expected p05 <= median <= p95";
    return "";
  }
  /// Standard deviation of its logarithm; 0 if it is exact.
  [[nodiscard]] double sigma() const { return p05 && *p05 > 0 ? lognormal_sigma(*p95 / *p05) : 0; }
};

inline constexpr std::string_view flop_per_second = "FLOP/s", bytes_unit = "B",
                                  bytes_per_second = "B/s", watts = "W", no_unit = "",
                                  dollars_per_hour = "USD/h", joules_unit = "J",
                                  kilograms_per_kwh = "kg/kWh";
using Rate = Quoted<flop_per_second>;
using Bytes = Quoted<bytes_unit>;
using Bandwidth = Quoted<bytes_per_second>;
using Watts = Quoted<watts>;
using Share = Quoted<no_unit>;
using Joules = Quoted<joules_unit>;
using Rent = Quoted<dollars_per_hour>;
using Intensity = Quoted<kilograms_per_kwh>;

}  // namespace ohmlab::cost
