#include "macro_cost.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "../../cost/array_work.hpp"
#include "../../cost/bill.hpp"
#include "../../crossbar/dac/uniform.hpp"

namespace ohmlab::validation {
namespace {

constexpr std::array<std::pair<double, double>, 9> supplies{{{7e-9, 0.7},
                                                             {10e-9, 0.75},
                                                             {14e-9, 0.8},
                                                             {22e-9, 0.85},
                                                             {32e-9, 0.9},
                                                             {45e-9, 1.0},
                                                             {65e-9, 1.1},
                                                             {90e-9, 1.2},
                                                             {130e-9, 1.3}}};

double as_double(const std::optional<std::int64_t>& value) { return static_cast<double>(*value); }

/// A price with one certain value.
template <class P>
P certain(double value) {
  P out;
  out.median = out.p05 = out.p95 = value;
  out.node = "any";
  out.evidence = cost::Evidence::derived;
  out.source = "set by the published figures of one operating point";
  return out;
}

const char* only_constant(const Macro& macro) {
  return macro.mode->static_power() ? "adc" : "line_charge";
}

}  // namespace

double nominal_voltage(double node) {
  const auto above = std::find_if(supplies.begin() + 1, supplies.end() - 1,
                                  [&](const auto& supply) { return supply.first >= node; });
  const auto& [low_node, low_volts] = *(above - 1);
  const auto& [high_node, high_volts] = *above;
  return low_volts + (node - low_node) / (high_node - low_node) * (high_volts - low_volts);
}

cost::Tally blind_product(const Macro& macro) {
  const double volts = nominal_voltage(macro.node);
  const double rows = as_double(macro.rows), cols = as_double(macro.cols);
  const double slices =
      std::ceil(as_double(macro.input_bits) /
                static_cast<double>(macro.drive_bits.value_or(*macro.input_bits)));
  crossbar::UniformDac dac;
  // A one-bit drive switches between two lines or levels: three states, like two bits about zero.
  dac.resolution = std::max<std::int64_t>(2, macro.drive_bits.value_or(*macro.input_bits));
  double squares = 0;  // sum over inputs that are spread evenly over 0 to 1
  for (std::int64_t i = 0; i < *macro.rows; ++i) {
    const auto level = dac.level((static_cast<float>(i) + 0.5F) / static_cast<float>(rows), 0);
    squares += dac.swing(static_cast<double>(level));
  }
  cost::ArrayParts parts;
  parts.v_read = volts;
  parts.driver = {dac.action, dac.part, dac.bits(), dac.drive_bits(), slices};
  parts.converter.bits = as_double(macro.output_bits);
  cost::Tally out;
  const auto component = out.component("macro");
  // The counts take no time: the published time stands for all.
  cost::post_read({out, component, parts}, {parts, rows, cols},
                  {.in_turn = 0, .swings = slices * squares});
  out.post(component, cost::Action::line_charge,
           {.count = slices * cols * volts * volts * squares / rows, .parameter = rows});
  out.post(component, cost::Action::array_read, {.seconds = *macro.time});
  out.hold(component, cost::Part::adc, cols, as_double(macro.output_bits));
  out.hold(component, cost::Part::edge_lane, cols);
  return out;
}

BlindJoules blind_joules(const Macro& macro, const std::string& list,
                         const cost::DrawOptions& options) {
  const std::vector<std::string> place{
      fmt::format("places.array.node={}", core::shortest(macro.node)),
      fmt::format("places.array.voltage={}", core::shortest(nominal_voltage(macro.node)))};
  cost::Prices prices = cost::named_prices(list, place);
  // A macro's figure does not hold what its chip draws beside it.
  prices.places.at("array").background.clear();
  const cost::Tally tally = blind_product(macro);
  const cost::Bill bill = cost::price(tally, prices, "array", options);
  BlindJoules out{bill.lines_total(), {}};
  for (const cost::BillLine& line : bill.actions) {
    if (line.joules.nominal > 0) out.parts.emplace(line.label, line.joules.nominal);
  }
  return out;
}

cost::Tally known_product(const Macro& macro, double volts, double step) {
  const ReadCounts counts =
      macro.mode->counts(as_double(macro.input_bits), as_double(macro.output_bits));
  const double rows = as_double(macro.rows), cols = as_double(macro.cols);
  cost::Tally out;
  const auto component = out.component("macro");
  out.post(component, cost::Action::dac_drive, {.count = rows * counts.drives, .parameter = 1});
  out.post(component, cost::Action::line_charge,
           {.count = rows * counts.line_cycles * volts * volts, .parameter = cols});
  out.post(component, cost::Action::adc_convert,
           {.count = cols * counts.conversion, .parameter = 1});
  out.post(component, cost::Action::array_read, {.seconds = counts.steps * step});
  out.hold(component, cost::Part::adc, cols);
  return out;
}

MacroConstants calibrated(const Macro& macro) {
  MacroConstants out;
  out.volts = macro.voltage.value_or(1);
  const ReadCounts counts =
      macro.mode->counts(as_double(macro.input_bits), as_double(macro.output_bits));
  if (macro.time && counts.steps > 0) out.step = *macro.time / counts.steps;
  if (macro.mode->static_power()) {
    out.power["adc"] =
        certain<cost::PowerRate>(macro.joules() / *macro.time / as_double(macro.cols));
    return out;
  }
  std::map<std::string, double> published = macro.components;
  if (published.empty()) published[only_constant(macro)] = macro.joules();
  for (const cost::Entry& entry : known_product(macro, out.volts, 0).entries()) {
    const std::string action(cost::name(entry.action));
    const auto found = published.find(action);
    if (found == published.end()) continue;
    auto price = certain<cost::EnergyPrice>(found->second / entry.count);
    if (entry.action != cost::Action::line_charge) {  // line_charge counts V^2 already
      price.voltage = out.volts;
      price.scaling.choice = cost::VoltageSquaredScaling{};
    }
    out.energy.emplace(action, price);
  }
  return out;
}

MacroPrediction predicted(const MacroConstants& constants, const Macro& macro) {
  const double volts = macro.voltage.value_or(constants.volts);
  const cost::Tally tally = known_product(macro, volts, constants.step);
  cost::Rates rates;
  rates.title = macro.name;
  rates.energy = constants.energy;
  rates.power = constants.power;
  for (auto& [action, price] : rates.energy) {
    [[maybe_unused]] const std::string missing = price.carry({std::nullopt, volts});
    assert(missing.empty());
  }
  const auto fill = [](std::map<std::string, std::string>& included, const std::string& name) {
    included.emplace(name, "inside the constants that are set");
  };
  for (const cost::ActionInfo& action : cost::actions())
    fill(rates.included.energy, std::string(action.name));
  for (const cost::PartInfo& part : cost::parts()) {
    fill(rates.included.power, std::string(part.name));
    fill(rates.included.area, std::string(part.name));
  }
  cost::Prices prices;
  prices.places.emplace("array", rates);
  const cost::Bill bill = cost::price(tally, prices, "array", {.draws = 1, .seed = 1});
  MacroPrediction out;
  out.total = bill.lines_total().nominal;
  out.seconds = bill.seconds.nominal;
  for (const cost::BillLine& line : bill.actions) {
    if (line.joules.nominal > 0) out.joules.emplace(line.label, line.joules.nominal);
  }
  return out;
}

}  // namespace ohmlab::validation
