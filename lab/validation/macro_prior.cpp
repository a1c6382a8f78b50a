#include "macro_prior.hpp"

#include <cassert>
#include <cmath>

#include <fmt/format.h>

#include "../../cost/bill.hpp"
#include "macro_cost.hpp"

namespace ohmlab::validation {
namespace {

constexpr double normal_p95 = 1.6448536269514722;

/// A price with this median and standard deviation of its logarithm.
template <class P>
P banded(double median, double sigma) {
  P out;
  out.median = median;
  out.p05 = median * std::exp(-normal_p95 * sigma);
  out.p95 = median * std::exp(normal_p95 * sigma);
  out.node = "any";
  out.source = "fit of the survey";
  return out;
}

cost::EnergyPrice of_macro(double median, double sigma) {
  auto out = banded<cost::EnergyPrice>(median, sigma);
  out.voltage = reference_volts;
  out.scaling.choice = cost::VoltageSquaredScaling{};
  out.scope = cost::Scope::macro;
  return out;
}

/// Standard deviation of the sum of constant `k` and the factor of resistive cells, if it applies.
double sigma_of(const ConversionFit& fit, std::size_t k, bool resistive) {
  double variance = fit.covariance[k][k];
  if (resistive) variance += fit.covariance[2][2] + 2 * fit.covariance[k][2];
  return std::sqrt(variance);
}

/// A weight is the difference of two resistive cells.
double cells_a_weight(MacroCells cells) { return cells == MacroCells::resistive ? 2 : 1; }

double slices(const Macro& macro) {
  return std::ceil(static_cast<double>(*macro.input_bits) /
                   static_cast<double>(macro.drive_bits.value_or(*macro.input_bits)));
}

cost::Prices list_of(const MacroPrices& fitted, double volts) {
  cost::Rates rates;
  rates.title = "a macro";
  rates.energy["adc_convert"] = fitted.conversion;
  rates.energy["dac_drive"] = fitted.product;
  for (auto& [action, price] : rates.energy) {
    [[maybe_unused]] const std::string missing = price.carry({std::nullopt, volts});
    assert(missing.empty());
  }
  rates.design = cost::Design{fitted.design, cost::Scope::macro, {"adc_convert", "dac_drive"}, {}};
  for (const cost::PartInfo& part : cost::parts()) {
    rates.included.power[std::string(part.name)] = "inside adc_convert";
    rates.included.area[std::string(part.name)] = "not asked for";
  }
  cost::Prices out;
  out.places.emplace("array", std::move(rates));
  return out;
}

}  // namespace

MacroPrices macro_prices(const ConversionFit& fit, MacroCells cells) {
  const bool resistive = cells == MacroCells::resistive;
  const double factor = resistive ? std::exp(fit.constants[2]) : 1;
  const double converter = factor * std::exp(fit.constants[0]);
  const double product = factor * std::exp(fit.constants[1]);
  MacroPrices out;
  out.conversion = of_macro(converter, sigma_of(fit, 0, resistive));
  out.conversion.law.choice = cost::PowerPrice{.at = 8};
  out.decision = of_macro(converter * std::exp2(1 - 8), sigma_of(fit, 0, resistive));
  out.product = of_macro(8 * product / cells_a_weight(cells), sigma_of(fit, 1, resistive));
  out.product.law.choice = cost::ProportionalPrice{.at = 8};
  out.product.per = cost::Per::cell;
  out.design = banded<cost::Multiple>(1, fit.spread() * fit.student() / normal_p95);
  return out;
}

std::string unlike(const cost::Rates& array, const MacroPrices& fitted) {
  const auto differs = [](const std::string& name, const auto& frozen, const auto& own) {
    for (const auto& [key, a, b] : {std::tuple{"median", frozen.median, own.median},
                                    {"p05", frozen.p05, own.p05},
                                    {"p95", frozen.p95, own.p95}}) {
      if (std::abs(std::log(a / b)) > 0.01)
        return fmt::format("{}.{} is {:.3g}, the fit has {:.3g}", name, key, a, b);
    }
    return std::string();
  };
  if (!array.design) return "design is missing";
  for (const std::string& said :
       {differs("design.factor", array.design->factor, fitted.design),
        differs("energy.adc_convert", array.energy.at("adc_convert"), fitted.conversion),
        differs("energy.ramp_convert", array.energy.at("ramp_convert"), fitted.conversion),
        differs("energy.comparator_decision", array.energy.at("comparator_decision"),
                fitted.decision),
        differs("energy.dac_drive", array.energy.at("dac_drive"), fitted.product),
        differs("energy.pulse_width_drive", array.energy.at("pulse_width_drive"),
                fitted.product)}) {
    if (!said.empty()) return said;
  }
  return "";
}

cost::Tally macro_product(const Macro& macro) {
  const auto rows = static_cast<double>(*macro.rows), cols = static_cast<double>(*macro.cols);
  cost::Tally out;
  const auto component = out.component("macro");
  out.post(component, cost::Action::adc_convert,
           {.count = slices(macro) * cols, .parameter = static_cast<double>(*macro.output_bits)});
  out.post(component, cost::Action::dac_drive,
           {.count = slices(macro) * rows,
            .parameter = static_cast<double>(macro.drive_bits.value_or(*macro.input_bits))});
  out.hold(component, cost::Part::cell, rows * cols * cells_a_weight(macro.cells));
  // As many lines as give a row its own number of cells: nothing is read from the other side.
  out.hold(component, cost::Part::line_driver, 2 * rows);
  return out;
}

cost::Draws prior_joules(const Macro& macro, const ConversionFit& fit,
                         const cost::DrawOptions& options) {
  const double volts = macro.voltage.value_or(nominal_voltage(macro.node));
  const cost::Prices prices = list_of(macro_prices(fit, macro.cells), volts);
  return cost::price(macro_product(macro), prices, "array", options).lines_total();
}

}  // namespace ohmlab::validation
