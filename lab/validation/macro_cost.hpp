#pragma once

#include <map>
#include <optional>
#include <string>

#include "../../cost/draws.hpp"
#include "../../cost/prices.hpp"
#include "../../cost/quoted.hpp"
#include "../../cost/tally.hpp"
#include "macro_records.hpp"

/// What one product of a published macro takes by the machinery that bills experiments.
namespace ohmlab::validation {

/// Nominal supply of a node in V, between the table's nodes linear in the node: what a reader takes
/// who knows the node alone. Source: defaults of NeuroSim for 130 to 7 nm (Chen, Peng & Yu, IEEE
/// TCAD 37, 3067 (2018), and its later versions).
[[nodiscard]] double nominal_voltage(double node);

/// One product by a reader who knows node, size, bits and time, and nothing of the circuits: a read
/// of one vector of an array of so many cells behind drivers and converters of so many bits, in as
/// many slices as the drivers need. Beside it stand the charge of the columns' lines, at the rows'
/// voltage, and the published time in place of the array's. It holds one converter for each column.
///
/// Inputs are spread evenly over 0 to 1. Cells dissipate nothing but the charge of their lines: a
/// reader who does not know the mode of the read has no current.
[[nodiscard]] cost::Tally blind_product(const Macro& macro);

struct BlindJoules {
  cost::Draws joules;
  std::map<std::string, double> parts;  ///< at the medians, by action; idle power as "idle: part"
};

/// Joules of one product, as `blind_product` counts it, under draws of a list's prices at the
/// macro's node.
/// \param list  name of a list
/// \param design_factor  of conversions; none leaves the prices as they are
[[nodiscard]] BlindJoules blind_joules(const Macro& macro, const std::string& list,
                                       const std::optional<cost::Share>& design_factor,
                                       const cost::DrawOptions& options);

/// One product of a macro whose mode is known.
/// \param volts  of the lines
/// \param step  s of one integration
[[nodiscard]] cost::Tally known_product(const Macro& macro, double volts, double step);

/// Prices that one operating point sets: one for each component that is published, or one for all
/// of it: power where the mode is static, else the charge of lines. What is charge goes with the
/// square of the supply.
struct MacroConstants {
  std::map<std::string, cost::EnergyPrice> energy;  ///< by action
  std::map<std::string, cost::PowerRate> power;     ///< by part
  double volts = 1;                                 ///< of the point that set them
  double step = 0;                                  ///< s, where steps are equal
};
[[nodiscard]] MacroConstants calibrated(const Macro& macro);

/// What constants of one point say of another: joules by action or part, and the time of so many
/// equal steps. Published efficiency, components and time of `macro` are not read.
struct MacroPrediction {
  std::map<std::string, double> joules;
  double total = 0;
  double seconds = 0;  ///< 0 where the mode does not say
};
[[nodiscard]] MacroPrediction predicted(const MacroConstants& constants, const Macro& macro);

}  // namespace ohmlab::validation
