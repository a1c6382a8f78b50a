#pragma once

#include <string>

#include "../../cost/draws.hpp"
#include "../../cost/prices.hpp"
#include "../../cost/tally.hpp"
#include "macro_records.hpp"
#include "survey_fit.hpp"

/// Prices of whole macros from the survey: joules of a conversion and of a product, everything in.
namespace ohmlab::validation {

/// Prices that a fit gives: 90 % bands of the centre, and of one design around it.
struct MacroPrices {
  cost::EnergyPrice conversion;  ///< of 8 bits at 0.9 V; doubles with each bit
  cost::EnergyPrice decision;    ///< conversion to one bit
  cost::EnergyPrice product;     ///< of an input of 8 bits at 0.9 V, for each cell on the line
  cost::Multiple design;         ///< chip effect and residual, as wide as Student's law has it
};
[[nodiscard]] MacroPrices macro_prices(const ConversionFit& fit, MacroCells cells);

/// First price of a list's arrays that is not the fit's, as text; "" if all are.
[[nodiscard]] std::string unlike(const cost::Rates& array, const MacroPrices& fitted);

/// Tally of one product of a macro from its size and bits: conversions of its columns and products
/// on its rows, slice after slice of its inputs.
[[nodiscard]] cost::Tally macro_product(const Macro& macro);

/// Joules of one product under draws of a fit's prices, at the macro's supply.
[[nodiscard]] cost::Draws prior_joules(const Macro& macro, const ConversionFit& fit,
                                       const cost::DrawOptions& options);

}  // namespace ohmlab::validation
