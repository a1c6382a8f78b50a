#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../core/fields.hpp"
#include "design.hpp"
#include "machine.hpp"
#include "price.hpp"
#include "tally.hpp"

namespace ohmlab::cost {

/// Part of the machinery that a figure covers. Each boundary includes those before it.
///   core      arrays with their edge, or the accelerator with its memory
///   node      also host, links, fans and power supply: power at the plug
///   facility  also its share of cooling and distribution: power at the meter of the building
enum class Boundary { core, node, facility };
constexpr std::array<std::string_view, 3> enum_names(Boundary) {
  return {"core", "node", "facility"};
}

inline constexpr std::array boundaries{Boundary::core, Boundary::node, Boundary::facility};
[[nodiscard]] constexpr std::string_view name(Boundary boundary) noexcept {
  return enum_names(boundary)[static_cast<std::size_t>(boundary)];
}

/// Actions and parts paid for within another price. Each reason names that price, and says why.
struct Included {
  std::map<std::string, std::string> energy, latency;  ///< by action
  std::map<std::string, std::string> power, area;      ///< by part
  static constexpr auto fields = core::Fields{
      core::field("energy", &Included::energy, "actions whose joules are inside another price"),
      core::field("latency", &Included::latency,
                  "actions whose seconds are inside another latency or overlap one"),
      core::field("power", &Included::power,
                  "parts whose idle power is inside another price, or that have none"),
      core::field("area", &Included::area, "parts whose area is inside that of another part"),
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

/// Prices of the node around a core.
/// Joules at the plug = joules at the core × overhead + host × time.
struct NodePrices {
  Factor overhead;                         ///< joules at the plug per joule at the core
  std::optional<PowerRate> host;           ///< W of the host, for the whole time
  double chips_per_host = 1;               ///< chips that share the host's watts and its price
  std::map<std::string, PartPrice> parts;  ///< USD for one part, by part
  std::optional<SiliconPrice> silicon;     ///< USD per m2 of all parts without a price of their own
  std::optional<PartPrice> host_price;     ///< USD for host, board and supply

  static constexpr auto fields = core::Fields{
      core::field("overhead", &NodePrices::overhead,
                  "joules at the node's plug for each joule at the core: supply, fans, links",
                  core::Need::required),
      core::field("host", &NodePrices::host, "watts of the host for the whole time of a run"),
      core::field("chips_per_host", &NodePrices::chips_per_host, "", core::at_least(1),
                  "number of chips that share one host"),
      core::field("parts", &NodePrices::parts, "dollars for one part"),
      core::field("silicon", &NodePrices::silicon,
                  "dollars for a square metre of parts without a price"),
      core::field("host_price", &NodePrices::host_price, "dollars for host, board and supply"),
  };
};

/// Doubt about the times that a run was made with. Joules of cells grow with the time.
struct OperatingTimes {
  std::optional<Multiple> t_read;   ///< of a read of cells
  std::optional<Multiple> t_pulse;  ///< of a pulse
  static constexpr auto fields = core::Fields{
      core::field("t_read", &OperatingTimes::t_read,
                  "true time of a read over the time that the run was made with"),
      core::field("t_pulse", &OperatingTimes::t_pulse,
                  "true time of a pulse over the time that the run was made with"),
  };
};

/// Prices of one place of work, e.g. arrays with their edge, or one kind of digital accelerator.
struct Rates {
  std::string title;
  std::optional<Machine> machine;       ///< kind of machine that it prices; see `machine_of`
  std::optional<double> node, voltage;  ///< m, V; prices with a scaling rule are carried there
  bool bound = false;                   ///< no machine reaches its prices
  Boundary boundary = Boundary::core;   ///< boundary of its energy and power prices: core or node
  std::map<std::string, EnergyPrice> energy;  ///< J, by action
  std::map<std::string, Latency> latency;     ///< s, by action
  std::map<std::string, PowerRate> power;     ///< W, by part: drawn for the whole time of the run
  std::map<std::string, AreaPrice> area;      ///< m2, by part
  /// W of the chip for the whole time of the run, by name; in the core's joules.
  std::map<std::string, PowerRate> background;
  std::optional<double> memory;  ///< B that a digital machine can keep on its chip
  /// J of memory_read and memory_write where all that the machine keeps fits into `memory`.
  std::map<std::string, EnergyPrice> on_chip;
  OperatingTimes times;
  std::optional<Design> design;  ///< factor of one design on prices of this place
  std::optional<Factor> supply;  ///< joules drawn from the supply per joule dissipated in the cells
  std::optional<NodePrices> around;
  Included included;  ///< actions and parts without a price of their own here, and why

  static constexpr auto fields = core::Fields{
      core::field("title", &Rates::title, "title of a row in tables", core::Need::required),
      core::field(
          "machine", &Rates::machine,
          "kind of machine that it prices; unless given, array for the place \"array\", else "
          "accelerator"),
      core::field("bound", &Rates::bound, "true if no machine reaches its prices"),
      core::field("node", &Rates::node, "m", core::above(0), "technology node").usually(1e-9, 1e-5),
      core::field("voltage", &Rates::voltage, "V", core::above(0), "supply of its logic")
          .usually(0.1, 20),
      core::field("boundary", &Rates::boundary, "boundary of its joules and watts: core or node"),
      core::field("energy", &Rates::energy, "joules of one action"),
      core::field("latency", &Rates::latency, "seconds of one action on the critical path"),
      core::field("power", &Rates::power, "watts of one part, busy or idle"),
      core::field("area", &Rates::area, "square metres of one part"),
      core::field("background", &Rates::background,
                  "watts of the chip for the whole time of a run, such as control and memory"),
      core::field("memory", &Rates::memory, "B", core::above(0),
                  "bytes that a digital machine can keep on its chip")
          .usually(1e3, 1e9),
      core::field(
          "on_chip", &Rates::on_chip,
          "joules of memory_read and memory_write where all that the machine keeps fits into "
          "its memory on the chip"),
      core::field("times", &Rates::times, "doubt about the times that a run was made with"),
      core::field("design", &Rates::design,
                  "factor of one design on prices of this place, the same for all of them"),
      core::field("supply", &Rates::supply,
                  "joules drawn from the supply for each joule dissipated in the cells"),
      core::field("around", &Rates::around,
                  "joules that the node adds to its core, and purchase prices of both"),
      core::field("included", &Rates::included, "actions and parts paid for within another price"),
  };

  [[nodiscard]] std::string problem() const;
};

/// Bytes that the parts of a machine keep.
[[nodiscard]] double bytes_kept(const std::vector<Holding>& holdings) noexcept;

/// Reason why a machine does not fit into its place, or "". The memory of a chip is all that it
/// has.
[[nodiscard]] std::string misfit(std::string_view place, const Rates& rates,
                                 const std::vector<Holding>& holdings);

/// Kind of machine that a place prices.
[[nodiscard]] Machine machine_of(std::string_view place, const Rates& rates) noexcept;

/// Building of the machines; its figures are the same for all of them.
struct Facility {
  Factor pue;  ///< joules at the meter per joule at the plug
  ElectricityPrice electricity;
  CarbonIntensity carbon;
  double lifetime = 4 * 365 * 86400.0;  ///< s
  double occupancy = 0.8;

  static constexpr auto fields = core::Fields{
      core::field("pue", &Facility::pue,
                  "power usage effectiveness: joules at the meter per joule at a plug",
                  core::Need::required),
      core::field("electricity", &Facility::electricity, "dollars for a joule at the meter",
                  core::Need::required),
      core::field("carbon", &Facility::carbon,
                  "kilograms of CO2 for a joule at the meter, of operation alone",
                  core::Need::required),
      core::field("lifetime", &Facility::lifetime, "s", core::above(0),
                  "time over which hardware is paid off")
          .usually(1e6, 1e10),
      core::field("occupancy", &Facility::occupancy, "",
                  core::Range{.low = 0, .high = 1, .low_open = true},
                  "share of its lifetime in which hardware works"),
  };
};

/// A price list.
struct Prices {
  std::string title;
  std::map<std::string, Rates> places;
  std::optional<Facility> facility;
  std::string file;  ///< file that was read; not part of the list
  /// Doubts about numbers without units, one line each; not part of the list.
  std::vector<std::string> warnings;

  static constexpr auto fields = core::Fields{
      core::field("title", &Prices::title, "what this list is", core::Need::required),
      core::field("places", &Prices::places,
                  "prices by place: \"array\", and digital accelerators by name"),
      core::field("facility", &Prices::facility, "cooling, electricity, carbon and years of use"),
  };
};

/// Reads a price list; `sets` are "places.array.energy.adc_convert.median=3 pJ".
/// \throws core::UserError that names file, line and key, for unknown actions or parts, missing
///         sources, wrong units, bands that are negative or not lognormal, nodes outside the table
///         of a rule, prices also included in others, analog blocks under rules of digital logic,
///         and rules that lack a node or voltage
/// \param option  option that the user typed before a set, for messages
[[nodiscard]] Prices load_prices(const std::filesystem::path& file,
                                 std::span<const std::string> sets = {},
                                 const std::string& option = "--assume");
/// The list `configs/prices/default.toml` that comes with the program.
[[nodiscard]] Prices default_prices(std::span<const std::string> sets = {},
                                    const std::string& option = "--assume");
/// A list by its file, or by the name of a shipped list, e.g. "silicon".
[[nodiscard]] Prices named_prices(const std::string& name, std::span<const std::string> sets = {},
                                  const std::string& option = "--assume");

}  // namespace ohmlab::cost
