#pragma once

#include <array>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/cost/laws.hpp"

namespace ohmlab::cost {

/// Where a price comes from.
enum class Kind { silicon, spice, projection, datasheet, derived };
constexpr std::array<std::string_view, 5> enum_names(Kind) {
  return {"silicon", "spice", "projection", "datasheet", "derived"};
}

/// The standard deviation of ln x of a lognormal law whose 5th and 95th percentile are a factor of `ratio`
/// apart.
[[nodiscard]] inline double lognormal_sigma(double ratio) {
  constexpr double normal_p95 = 1.6448536269514722;
  return std::log(ratio) / (2 * normal_p95);
}

/// One price: a lognormal law with its origin. `unit` is what median and percentiles are in.
template <const std::string_view& unit>
struct Price {
  double median = 0, p05 = 0, p95 = 0;
  Law law;
  std::string node;
  Kind kind = Kind::derived;
  std::string source, checked;

  static constexpr auto fields = std::tuple{
      core::field("median", &Price::median, unit, core::above(0), "median", core::Need::required),
      core::field("p05", &Price::p05, unit, core::above(0), "5th percentile", core::Need::required),
      core::field("p95", &Price::p95, unit, core::above(0), "95th percentile", core::Need::required),
      core::field("law", &Price::law, "how it depends on the parameter of its action"),
      core::field("node", &Price::node, "technology node, or \"any\"", core::Need::required),
      core::field("kind", &Price::kind, "where it comes from", core::Need::required),
      core::field("source", &Price::source, "who printed it, where, and how it was derived from that",
                  core::Need::required),
      core::field("checked", &Price::checked, "how the source was checked, or why it could not be"),
  };

  [[nodiscard]] std::string problem() const {
    if (!(p05 <= median && median <= p95)) return "expected p05 <= median <= p95";
    if (std::abs(std::log(p05 * p95 / (median * median))) > 0.25) {
      return "expected a lognormal band: p05 * p95 between 0.78 and 1.28 times median^2";
    }
    if (source.find_first_not_of(" \t\n") == std::string::npos)
      return "source is empty: no price without a source";
    return "";
  }
  [[nodiscard]] double sigma() const { return lognormal_sigma(p95 / p05); }
};

inline constexpr std::string_view joule = "J", second = "s", watt = "W", square_metre = "m2", pure = "";
using EnergyPrice = Price<joule>;
using Latency = Price<second>;
using PowerRate = Price<watt>;
using AreaPrice = Price<square_metre>;
using Factor = Price<pure>;

/// What is paid for within another price. Each reason says in which, and why.
struct Included {
  std::map<std::string, std::string> energy, latency;  ///< by action
  std::map<std::string, std::string> power, area;      ///< by part
  static constexpr auto fields = std::tuple{
      core::field("energy", &Included::energy, "actions whose joules are inside another price"),
      core::field("latency", &Included::latency,
                  "actions whose seconds are inside another latency or overlap one"),
      core::field("power", &Included::power,
                  "parts whose idle power is inside another price, or that have none"),
      core::field("area", &Included::area, "parts whose area is inside another's"),
  };

  [[nodiscard]] std::string problem() const {
    for (const auto* reasons : {&energy, &latency, &power, &area}) {
      for (const auto& [what, reason] : *reasons) {
        if (reason.find_first_not_of(" \t\n") == std::string::npos)
          return what + ": expected in which price it is, and why: nothing is free";
      }
    }
    return "";
  }
};

/// One place where work can be done, e.g. the arrays with their edge, or one kind of digital accelerator.
struct Rates {
  std::string title;
  std::map<std::string, EnergyPrice> energy;  ///< J, by action
  std::map<std::string, Latency> latency;     ///< s, by action
  std::map<std::string, PowerRate> power;     ///< W, by part: drawn for the whole time of the run
  std::map<std::string, AreaPrice> area;      ///< m2, by part
  std::optional<Factor> supply;  ///< joules drawn from the supply per joule dissipated in the cells
  Included included;             ///< what has no price of its own here, and why

  static constexpr auto fields = std::tuple{
      core::field("title", &Rates::title, "what this is, for the head of a row", core::Need::required),
      core::field("energy", &Rates::energy, "joules of one action"),
      core::field("latency", &Rates::latency, "seconds of one action on the critical path"),
      core::field("power", &Rates::power, "watts of one part, whatever it does"),
      core::field("area", &Rates::area, "square metres of one part"),
      core::field("supply", &Rates::supply,
                  "joules drawn from the supply for each joule dissipated in the cells"),
      core::field("included", &Rates::included, "what is paid for within another price"),
  };

  [[nodiscard]] std::string problem() const {
    return supply && supply->median < 1
               ? "supply: expected a median of at least 1, for no supply gives back more "
                 "than it takes"
               : "";
  }
};

/// A list of prices for everything a tally may hold.
struct Prices {
  std::string title;
  std::map<std::string, Rates> places;
  static constexpr auto fields = std::tuple{
      core::field("title", &Prices::title, "what this list is", core::Need::required),
      core::field("places", &Prices::places, "prices by place: \"array\", and digital accelerators by name"),
  };
};

/// Reads a price list; `sets` are "places.array.energy.adc_convert.median=3 pJ".
/// \throws core::UserError naming file, line and key for unknown actions or parts, missing sources, wrong
/// units,
///         negative or crooked bands
/// \param option  what the user typed before a set, for messages
[[nodiscard]] Prices load_prices(const std::filesystem::path& file, std::span<const std::string> sets = {},
                                 const std::string& option = "--assume");
/// The list `configs/prices/default.toml` that comes with the program.
[[nodiscard]] Prices default_prices(std::span<const std::string> sets = {},
                                    const std::string& option = "--assume");

}  // namespace ohmlab::cost
