#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>

#include "../core/fields.hpp"

/// Rules that carry a price from one technology node and voltage to another.
///
/// CAUTION: only digital logic, wires and cell areas follow these rules. Converters, comparators
/// and drivers are limited by noise, matching and cell voltages. They are priced at the node where
/// they were measured.
namespace ohmlab::cost {

/// Technology of a price or a place.
struct Technology {
  std::optional<double> node;     ///< m, node that names the process
  std::optional<double> voltage;  ///< V
};

struct Unscaled {
  static constexpr std::string_view name = "none";
  static constexpr std::string_view summary = "The price stays that of its own node and voltage.";
  static constexpr core::Fields<> fields{};
  static constexpr bool of_nodes = false, of_voltages = false, digital = false;
  [[nodiscard]] double factor(const Technology&, const Technology&) const noexcept { return 1; }
  [[nodiscard]] double uncertainty() const noexcept { return 0; }
};

/// Energy of one logic operation by node and supply voltage.
struct DigitalLogicScaling {
  static constexpr std::string_view name = "digital_logic";
  static constexpr std::string_view summary =
      "Energy of static CMOS logic, from fits to simulated inverters, interpolated linearly "
      "between nodes.";
  static constexpr std::string_view equation =
      "e(V) = a V² + b V + c per node; price · e(to) / e(from)";
  static constexpr std::string_view source =
      "Stillmaker & Baas, Integration 58, 74 (2017), energy coefficients for 130 to 7 nm";
  static constexpr bool of_nodes = true, of_voltages = true, digital = true;

  double form = 0.2;
  static constexpr auto fields = core::Fields{
      core::field("form", &DigitalLogicScaling::form, "", core::at_least(0),
                  "uncertainty of the rule: standard deviation of ln price per unit of ln of its "
                  "factor"),
  };

  struct Fit {
    double node, a, b, c;  ///< node in nm, energy in units of the paper
    [[nodiscard]] constexpr double energy(double v) const noexcept { return (a * v + b) * v + c; }
  };
  static constexpr std::array fits{
      Fit{7, 0.1776, -0.0910, 0.0245},  Fit{10, 0.2068, -0.0931, 0.0238},
      Fit{14, 0.2363, -0.0968, 0.0224}, Fit{16, 0.2958, -0.1241, 0.0302},
      Fit{20, 0.373, -0.1582, 0.0410},  Fit{32, 0.9559, -0.7823, 0.471},
      Fit{45, 1.103, -0.362, 0.2767},   Fit{65, 3.755, -4.398, 1.975},
      Fit{90, 4.762, -4.781, 2.092},    Fit{130, 7.171, -6.709, 2.904}};
  static constexpr double smallest = 7e-9, largest = 130e-9;  ///< m

  /// True if the table covers a node. A node written in nm may miss its end by rounding.
  [[nodiscard]] static bool covers(double node) noexcept {
    return node >= smallest * (1 - 1e-9) && node <= largest * (1 + 1e-9);
  }
  /// \param node  m, covered by the table
  [[nodiscard]] static double energy(double node, double voltage) noexcept {
    const double nm = std::clamp(node * 1e9, fits.front().node, fits.back().node);
    const auto above = std::find_if(fits.begin() + 1, fits.end() - 1,
                                    [&](const Fit& fit) { return fit.node >= nm; });
    const Fit &low = *(above - 1), &high = *above;
    const double share = (nm - low.node) / (high.node - low.node);
    return (1 - share) * low.energy(voltage) + share * high.energy(voltage);
  }
  [[nodiscard]] double factor(const Technology& from, const Technology& to) const noexcept {
    return energy(*to.node, *to.voltage) / energy(*from.node, *from.voltage);
  }
  [[nodiscard]] double uncertainty() const noexcept { return form; }
};

struct VoltageSquaredScaling {
  static constexpr std::string_view name = "voltage_squared";
  static constexpr std::string_view summary = "Energy of charging a given capacitance.";
  static constexpr std::string_view equation = "price · (V(to) / V(from))²";
  static constexpr bool of_nodes = false, of_voltages = true, digital = false;
  static constexpr core::Fields<> fields{};
  [[nodiscard]] double factor(const Technology& from, const Technology& to) const noexcept {
    const double ratio = *to.voltage / *from.voltage;
    return ratio * ratio;
  }
  [[nodiscard]] double uncertainty() const noexcept { return 0; }
};

/// A length that follows the feature size, e.g. the wire along a number of cells.
struct FeatureLengthScaling {
  static constexpr std::string_view name = "feature_length";
  static constexpr std::string_view summary =
      "A length in feature sizes, e.g. of the wire along a cell; capacitance per length hardly "
      "changes.";
  static constexpr std::string_view equation = "price · F(to) / F(from)";
  static constexpr bool of_nodes = true, of_voltages = false, digital = false;
  static constexpr core::Fields<> fields{};
  [[nodiscard]] double factor(const Technology& from, const Technology& to) const noexcept {
    return *to.node / *from.node;
  }
  [[nodiscard]] double uncertainty() const noexcept { return 0; }
};

struct FeatureAreaScaling {
  static constexpr std::string_view name = "feature_area";
  static constexpr std::string_view summary = "An area in squared feature sizes F², e.g. of cells.";
  static constexpr std::string_view equation = "price · (F(to) / F(from))²";
  static constexpr bool of_nodes = true, of_voltages = false, digital = false;
  static constexpr core::Fields<> fields{};
  [[nodiscard]] double factor(const Technology& from, const Technology& to) const noexcept {
    const double ratio = *to.node / *from.node;
    return ratio * ratio;
  }
  [[nodiscard]] double uncertainty() const noexcept { return 0; }
};

struct NodeScaling : core::OneOf<Unscaled,  //
                                 DigitalLogicScaling, VoltageSquaredScaling, FeatureLengthScaling,
                                 FeatureAreaScaling> {
  static constexpr std::string_view name = "node_scaling";
  static constexpr std::string_view question =
      "How is a price carried to another node and voltage?";
};

}  // namespace ohmlab::cost
