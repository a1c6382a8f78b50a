#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "../core/fields.hpp"
#include "../core/units.hpp"
#include "evidence.hpp"
#include "laws.hpp"
#include "node_scaling.hpp"

namespace ohmlab::cost {

/// Unit and range of a family of prices.
struct PriceKind {
  std::string_view unit;
  core::Range allowed = core::above(0);
  double low = 0, high = std::numeric_limits<double>::infinity();  ///< plausible medians
};
inline constexpr PriceKind joule{.unit = "J", .low = 1e-21, .high = 1e-2},
    second{.unit = "s", .low = 1e-20, .high = 1}, watt{.unit = "W", .low = 1e-12, .high = 1e5},
    square_metre{.unit = "m2", .low = 1e-18, .high = 1e-2},
    share{.unit = "", .allowed = core::at_least(1)}, multiple{.unit = "", .low = 1e-4, .high = 1e4},
    dollar{.unit = "USD", .low = 1e-12, .high = 1e6},
    dollar_per_joule{.unit = "USD/J", .low = 1e-9, .high = 1e-6},
    dollar_per_square_metre{.unit = "USD/m2", .low = 1e2, .high = 1e8},
    kilogram_per_joule{.unit = "kg/J", .low = 1e-10, .high = 1e-6};

/// Coverage of the joules or watts of a price.
enum class Scope {
  part,  ///< the action or part that it names
  macro  ///< also what stands beside it in a macro: drivers, capacitors, converters that wait
};
constexpr std::array<std::string_view, 2> enum_names(Scope) { return {"part", "macro"}; }

/// Unit of work that a price is for.
enum class Per {
  action,
  cell  ///< each cell on the line of the action; lines of an array are counted at their mean
};
constexpr std::array<std::string_view, 2> enum_names(Per) { return {"action", "cell"}; }

/// One price: a lognormal law with its source.
///
/// Median and percentiles are those of the source, at its node and voltage. `carry` takes them to a
/// place.
/// \tparam kind  unit and range of median and percentiles
template <const PriceKind& kind>
struct Price {
  double median = 0, p05 = 0, p95 = 0;
  Law law;
  std::string node;               ///< "28 nm", or "any"
  std::optional<double> voltage;  ///< V
  NodeScaling scaling;
  Scope scope = Scope::part;
  Per per = Per::action;
  Evidence evidence = Evidence::derived;
  std::string date, source, checked;

  static constexpr auto fields = core::Fields{
      core::field("median", &Price::median, kind.unit, kind.allowed, "median", core::Need::required)
          .usually(kind.low, kind.high),
      core::field("p05", &Price::p05, kind.unit, kind.allowed, "5th percentile",
                  core::Need::required),
      core::field("p95", &Price::p95, kind.unit, kind.allowed, "95th percentile",
                  core::Need::required),
      core::field("law", &Price::law, "dependence on the parameter of its action"),
      core::field("node", &Price::node, "technology node, or \"any\"", core::Need::required),
      core::field("voltage", &Price::voltage, "V", core::above(0), "supply voltage of the source")
          .usually(0.1, 20),
      core::field("scaling", &Price::scaling,
                  "rule that carries it to the node and voltage of its place"),
      core::field("scope", &Price::scope,
                  "what it covers: the part alone, or also what stands beside it in a macro"),
      core::field("per", &Price::per,
                  "what it is for: its action, or each cell on the action's line (energy alone)"),
      core::field("evidence", &Price::evidence, "what it rests on", core::Need::required),
      core::field("date", &Price::date, "year or years of its source", core::Need::required),
      core::field("source", &Price::source,
                  "who printed it, where, and how it was derived from that", core::Need::required),
      core::field("checked", &Price::checked,
                  "way the source was checked, or reason why it could not be"),
  };

  [[nodiscard]] std::string problem() const {
    if (!(p05 <= median && median <= p95)) return "expected p05 <= median <= p95";
    if (std::abs(std::log(p05 * p95 / (median * median))) > 0.25) {
      return "expected a lognormal band: p05 * p95 between 0.78 and 1.28 times median^2";
    }
    if (source.find_first_not_of(" \t\n") == std::string::npos)
      return "source is empty: no price without a source";
    if (node != "any" && !metres())
      return R"(node: expected a length such as "28 nm", or "any"; got ")" + node + '"';
    return "";
  }

  /// True if it has no band.
  [[nodiscard]] bool certain() const noexcept { return p05 == p95; }

  [[nodiscard]] Technology technology() const { return {metres(), voltage}; }

  /// Carries the price to a place.
  /// \returns the missing node or voltage, or ""
  [[nodiscard]] std::string carry(const Technology& to) {
    return scaling.visit([&](const auto& rule) -> std::string {
      const Technology from = technology();
      const std::string which = "scaling \"" + std::string(scaling.kind()) + "\" needs ";
      if (rule.of_nodes && !from.node) return which + "the node of the price";
      if (rule.of_nodes && !to.node) return which + "the node of the place";
      if (rule.of_voltages && !from.voltage) return which + "the voltage of the price";
      if (rule.of_voltages && !to.voltage) return which + "the voltage of the place";
      carried_ = rule.factor(from, to);
      carried_sigma_ = rule.uncertainty() * std::abs(std::log(carried_));
      return "";
    });
  }

  /// The price at its place for a parameter of its action, at the median.
  [[nodiscard]] double at(double parameter) const {
    return median * carried_ * law.factor(parameter);
  }
  /// Standard deviation of ln price at its place, without that of the law's shape.
  [[nodiscard]] double sigma() const {
    return std::hypot(lognormal_sigma(p95 / p05), carried_sigma_);
  }

 private:
  [[nodiscard]] std::optional<double> metres() const { return core::parse_quantity(node, "m"); }

  double carried_ = 1, carried_sigma_ = 0;
};

using EnergyPrice = Price<joule>;
using Latency = Price<second>;
using PowerRate = Price<watt>;
using AreaPrice = Price<square_metre>;
using Factor = Price<share>;       ///< joules taken for each joule passed on
using Multiple = Price<multiple>;  ///< factor on other prices
using PartPrice = Price<dollar>;
using SiliconPrice = Price<dollar_per_square_metre>;
using ElectricityPrice = Price<dollar_per_joule>;
using CarbonIntensity = Price<kilogram_per_joule>;

}  // namespace ohmlab::cost
