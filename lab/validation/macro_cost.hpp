#pragma once

#include <map>
#include <string>

#include "../../cost/draws.hpp"
#include "../../cost/prices.hpp"
#include "../../cost/tally.hpp"
#include "macro_records.hpp"

/// Joules of one product of a published macro, priced like an experiment.
namespace ohmlab::validation {

/// Nominal supply of a node in V, linear between the nodes of a table; used if only the node is
/// known. Source: defaults of NeuroSim for 130 to 7 nm (Chen, Peng & Yu, IEEE TCAD 37, 3067 (2018),
/// and its later versions).
[[nodiscard]] double nominal_voltage(double node);

/// Tally of one product from node, size, bits and time alone, without knowledge of the circuits. An
/// array of this size reads one vector through drivers and converters of these bits, in as many
/// slices as the drivers need. The charge of the column lines at the rows' voltage is added, and
/// the published time replaces that of the array. One converter is held for each column.
///
/// Inputs are spread evenly over 0 to 1. Cells dissipate only the charge of their lines: the
/// current is unknown without the mode of the read.
[[nodiscard]] cost::Tally blind_product(const Macro& macro);

struct BlindJoules {
  cost::Draws joules;
  /// Joules at the medians, by action; idle power as "idle: part"
  std::map<std::string, double> parts;
};

/// Joules of one product, counted by `blind_product`, under draws of a list's prices at the macro's
/// node.
/// \param list  name of a list that prices the periphery part by part
[[nodiscard]] BlindJoules blind_joules(const Macro& macro, const std::string& list,
                                       const cost::DrawOptions& options);

/// Tally of one product of a macro whose mode is known.
/// \param volts  voltage of the lines
/// \param step   seconds of one integration
[[nodiscard]] cost::Tally known_product(const Macro& macro, double volts, double step);

/// Prices set by one operating point: one for each published component, or one for the whole macro.
/// The single price is power if the mode is static, else the charge of lines. Prices of charge
/// scale with the square of the supply.
struct MacroConstants {
  std::map<std::string, cost::EnergyPrice> energy;  ///< energy prices by action
  std::map<std::string, cost::PowerRate> power;     ///< power rates by part
  double volts = 1;                                 ///< supply of the point that set the prices
  double step = 0;                                  ///< seconds of a step, if all steps are equal
};
[[nodiscard]] MacroConstants calibrated(const Macro& macro);

/// Prediction of one point by the constants of another: joules by action or part, and the time of
/// its equal steps. Published efficiency, components and time of `macro` are not read.
struct MacroPrediction {
  std::map<std::string, double> joules;
  double total = 0;
  double seconds = 0;  ///< 0 if the mode does not fix it
};
[[nodiscard]] MacroPrediction predicted(const MacroConstants& constants, const Macro& macro);

}  // namespace ohmlab::validation
