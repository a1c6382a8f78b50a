#include <algorithm>
#include <cmath>
#include <limits>

#include "../../cost/stages.hpp"
#include "../../transformer/scale/typical_shape.hpp"
#include "sections.hpp"

/// The 2x2 at every size: {EBM, transformer} x {analog, digital}.
namespace ohmlab::foundation {
namespace {

constexpr const char* array_place = "array";
constexpr double joules_per_mwh = 3.6e9, seconds_per_day = 86400;

/// The same machine on more or fewer examples, under every draw.
MachineCost repeated(MachineCost cost, const cost::Draws& times) {
  for (cost::Draws* part :
       {&cost.core, &cost.node, &cost.facility, &cost.dollars, &cost.co2, &cost.seconds})
    *part = *part * times;
  return cost;
}

scale::ModelShape shape_of(const Foundation& of, double parameters) {
  const Calibrated& how = of.config.calibrated;
  return scale::typical_shape(parameters / of.config.law.sparsity, how.vocabulary, how.sequence);
}

/// Operations of attention on the law's tokens: the law leaves them out, arrays do not. 12 L h s a
/// token forward and backward (Chowdhery et al., arXiv 2204.02311, appendix B), half of it, since
/// causal kernels skip the masked half.
double attention_flops(const Foundation& of, double parameters) {
  const scale::ModelShape m = shape_of(of, parameters);
  return 6 * static_cast<double>(m.layers) * m.h() * m.s() * of.config.law.tokens(parameters);
}

results::System transformer_analog(const Foundation& of, double parameters) {
  const scale::ModelShape shape = shape_of(of, parameters);
  results::System out;
  out.name = "transformer_analog";
  out.parameters = shape.parameters();
  cost::Tally tally;
  scale::post_training_on_arrays(shape, of.hardware, of.config.law.tokens(parameters), tally);
  out.tally = tally.entries();
  out.holdings = tally.holdings();
  return out;
}

double hosts_of(const Foundation& of, double parameters) {
  return std::max(1.0, parameters / of.config.extrapolation.parameters_per_host.median);
}

void say_what_was_simulated(const Foundation& of, Sheet& sheet) {
  const results::System& s = of.simulated;
  sheet.say(
      "\n*** EXTRAPOLATION: everything analog below is {:.3g} parameters x {:.3g} examples, "
      "simulated, carried {:.0e} to {:.0e} times in parameters ***",
      s.parameters, s.examples, of.config.parameters.front() / s.parameters,
      of.config.parameters.back() / s.parameters);
  sheet.say(
      "  Linear: tiles of the simulated size side by side, one example after another, all at once "
      "in time; every conversion is added to those of other tiles (16 bits).");
  sheet.say(
      "  Tiles lie on a mesh of {} a chip. Of a tile, {:g} has work; {:g} of the time counts; {:g} "
      "tiles are built for each at work. A machine this large was never built.",
      of.hardware.parts.mesh.tiles_per_chip, of.config.extrapolation.fleet.utilisation.median,
      of.config.extrapolation.fleet.goodput.median, of.config.extrapolation.fleet.spares.median);
  if (of.hardware.copies > 1) {
    sheet.say(
        "  Every matrix, of both models, is held by {:g} arrays, which divide the reads of a batch "
        "(of a sequence, in the transformer) and all get every update.",
        of.hardware.copies);
  }
  sheet.say("  The cells: {}",
            of.device.size() > 160 ? of.device.substr(0, 160) + " ..." : of.device);
  for (const cost::Entry& entry : s.tally) {
    if (entry.action != cost::Action::comparator_decision) continue;
    sheet.say(
        "  CAUTION: comparators decide on the current of one tile; several tiles would need "
        "converters, which are NOT billed.");
    break;
  }
  sheet.say(
      "  Equal quality is NOT known. An EBM at a transformer's loss is a guess in one number, "
      "examples a token: {}; it is in the bands of the EBM rows.",
      text_of({of.config.extrapolation.sample_efficiency.median,
               of.config.extrapolation.sample_efficiency.p05.value_or(0),
               of.config.extrapolation.sample_efficiency.p95.value_or(0)}));
  sheet.say(
      "  The transformer on arrays is an analytic tally, no simulation, with {:g} slots an update, "
      "{:g} of them pulsed on a row and {:g} on a column, no optimizer beside the pulses. No "
      "such training has been published.",
      of.hardware.slots, of.hardware.row_share, of.hardware.col_share);
}

/// Reports the limits of the figures with experts.
void say_of_experts(const Foundation& of, Sheet& sheet) {
  if (of.config.law.sparsity == 1) return;
  sheet.say(
      "  Experts: the transformer on arrays is a dense one of the {:g} times fewer parameters that "
      "work on a token; cells and area of idle experts are NOT in its row. EBM rows work with all "
      "parameters on every example: no EBM with experts has been published.",
      of.config.law.sparsity);
}

/// Joules of the simulated run per parameter and example, before any extrapolation.
void add_simulated(const Foundation& of, Sheet& sheet) {
  const auto each = [&](const results::System& s, const std::string& place) {
    const MachineCost cost = machine_cost(s, of.prices, place, of.options);
    return (cost.core * (1 / (s.parameters * s.examples))).band();
  };
  const std::vector<cost::Band> bands{each(of.simulated, array_place),
                                      each(of.twin, of.config.extrapolation.place)};
  sheet.axis(
      {"simulated_system", {}, {"ebm_analog", "ebm_digital"}, "", "machine that was simulated"});
  sheet.bands("simulated_joules", {"simulated_system"}, bands, "J",
              "core joules of one example at one parameter, all phases");
  sheet.say(
      "\nSimulated, at the core: {} fJ a parameter and example on {}; {} fJ for its digital twin "
      "on {}",
      text_of(bands[0], 1e15), of.simulated.title, text_of(bands[1], 1e15),
      of.prices.places.at(of.config.extrapolation.place).title);
}

void add_wear(const Foundation& of, Sheet& sheet) {
  results::Cube pulses{"transformer_analog_pulses",         {"parameters"}, {}, {}, "1",
                       "pulses that a cell gets in the run"},
      used{"transformer_analog_endurance",
           {"parameters"},
           {},
           {},
           "1",
           "of them, over the device's endurance",
           of.hardware.parts.endurance == 0};
  std::string text;
  for (const double p : of.config.parameters) {
    const double n = scale::pulses_per_cell(shape_of(of, p), of.hardware, of.config.law.tokens(p));
    pulses.values.push_back(n);
    used.values.push_back(of.hardware.parts.endurance > 0
                              ? n / of.hardware.parts.endurance
                              : std::numeric_limits<double>::quiet_NaN());
    text += fmt::format("{}{}: {:.2g}{}", text.empty() ? "" : "; ", size_text(p), n,
                        of.hardware.parts.endurance > 0
                            ? fmt::format(" = {:.2g} of its endurance", used.values.back())
                            : "");
  }
  double each = 0;  // pulses of the simulated run, per weight and copy
  for (const cost::Entry& entry : of.simulated.tally) {
    if (entry.action == cost::Action::array_pulse && entry.stage != cost::start_stage)
      each += entry.count / of.simulated.parameters / of.hardware.copies;
  }
  results::Cube of_ebm{"ebm_analog_pulses",
                       {"parameters"},
                       {},
                       {},
                       "1",
                       "pulses that a weight of the EBM gets in the run"};
  for (const double p : of.config.parameters) {
    of_ebm.values.push_back(each *
                            of.scale(p, of.config.extrapolation.sample_efficiency.median).examples);
  }
  const auto worn = [](double most) {
    return most > 1e9
               ? " *** WEAR: more than 1e9 pulses are beyond what phase-change and electrochemical "
                 "cells of today live through: no cell known today survives this run ***"
               : "";
  };
  sheet.say("  Pulses a weight of the EBM on arrays: {:.2g} to {:.2g}.{}", of_ebm.values.front(),
            of_ebm.values.back(), worn(of_ebm.values.back()));
  sheet.say("  Pulses a cell of the transformer on arrays: {}.{}{}", text,
            worn(pulses.values.back()),
            of.hardware.parts.endurance > 0
                ? ""
                : " The device cites no endurance; published ones: PCM 1e6 to 1e9, RRAM 1e6 to "
                  "1e12, ECRAM 1e5 to 1e8 (from memory).");
  sheet.cube(std::move(of_ebm));
  sheet.cube(std::move(pulses));
  sheet.cube(std::move(used));
}

std::string verdict_of(const cost::Band& ratio) {
  if (ratio.p05 > 1) return "LOSES to the digital transformer at the node, over the whole band";
  if (ratio.p95 < 1)
    return "takes less than the digital transformer at the node over the whole band, IF quality "
           "were equal";
  return ratio.nominal > 1
             ? "LOSES to the digital transformer at the median; the band holds both outcomes"
             : "takes less at the median, IF quality were equal; the band holds both outcomes";
}

/// The digital transformer at each place of the list, at the core: there all places are comparable.
void add_baselines(const Foundation& of, Sheet& sheet) {
  const double size = of.config.parameters.front();
  const std::vector<Quadrant> cells =
      quadrants(of, size, false,
                of.scale(size, of.config.extrapolation.sample_efficiency.median, of.steps_asked()));
  const results::System digital = transformer_digital(of, size);
  const double flops = digital.tally.front().count;
  results::Axis places{"baseline", {}, {}, "", "what the digital transformer is priced as"};
  std::vector<cost::Band> each, ebm, transformer;
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, rates] : of.prices.places) {
    if (!rates.energy.contains("flop_bf16")) continue;
    // A chip would have to hold the model.
    if (cost::machine_of(name, rates) != cost::Machine::accelerator) continue;
    const cost::Bill bill =
        cost::price(digital.tally, digital.holdings, of.prices, name, of.options);
    const cost::Draws& core = bill.core ? *bill.core : bill.lines_total();
    places.labels.push_back(name);
    each.push_back((core * (1e12 / flops)).band());
    ebm.push_back((cells[0].cost.core / core).band());
    transformer.push_back((cells[2].cost.core / core).band());
    rows.push_back(
        {rates.title, text_of(each.back()), text_of(ebm.back()), text_of(transformer.back())});
  }
  sheet.axis(std::move(places));
  const std::vector<std::string> dims{"baseline"};
  sheet.bands("baseline_picojoules", dims, each, "pJ",
              "core joules of one operation of the digital transformer");
  sheet.bands("baseline_ebm", dims, ebm, "1",
              "EBM on arrays over the digital transformer, at the core");
  sheet.bands("baseline_transformer", dims, transformer, "1",
              "transformer on arrays over the digital one, at the core");
  sheet.say("\nAgainst which digital machine? At the core, {}, the EBM at {:g} examples a token:",
            size_text(size), of.config.extrapolation.sample_efficiency.median);
  sheet.table(
      {"digital transformer on", "pJ/FLOP", "EBM on arrays / it", "transformer on arrays / it"},
      rows);
}

}  // namespace

results::System transformer_digital(const Foundation& of, double parameters) {
  const Settings& c = of.config;
  const double flops =
      c.law.flops(parameters) * (c.law.sparsity > 1 ? 1 + c.law.gating.median : 1) +
      attention_flops(of, parameters);
  results::System out;
  out.name = "transformer_digital";
  out.machine = cost::Machine::accelerator;
  out.parameters = parameters;
  cost::Tally tally;
  const auto chip = tally.component("accelerator");
  const cost::Tally::Stage stage(tally, "train");
  tally.post(chip, cost::Action::flop_bf16, {.count = flops, .serial = flops});
  tally.hold(chip, cost::Part::accelerator, 1);
  out.tally = tally.entries();
  out.holdings = tally.holdings();
  return out;
}

Scale Foundation::scale(double parameters, double efficiency, double steps_factor) const {
  return {parameters / simulated.parameters,
          config.law.tokens(parameters) * efficiency / simulated.examples, steps_factor,
          hardware.parts.mesh};
}

double Foundation::steps_asked() const {
  const std::int64_t asked = config.extrapolation.sampling_steps;
  return asked > 0 ? static_cast<double>(asked) / static_cast<double>(steps) : 1;
}

std::vector<Quadrant> quadrants(const Foundation& of, double parameters, bool efficiency_band,
                                const Scale& ebm) {
  const Extrapolation& how = of.config.extrapolation;
  const double hosts = hosts_of(of, parameters), hosts_sigma = how.parameters_per_host.sigma();
  cost::Outlook outlook = of.outlook();
  const double tiles_per_host = how.parameters_per_host.median / of.simulated.parameters;
  const auto priced = [&](const results::System& system, const std::string& place, bool arrays) {
    if (!arrays) return machine_cost(system, of.prices, place, of.options);
    return with_losses(machine_cost(system, of.prices, place, of.options, hosts, hosts_sigma),
                       how.fleet, bits_between_hosts(system, tiles_per_host), outlook);
  };
  const cost::Draws spread =
      efficiency_band ? outlook.factor("sample efficiency", 1, how.sample_efficiency.sigma())
                      : outlook.exact(1);
  return {{"ebm_analog", "EBM on arrays",
           repeated(priced(scaled(of.simulated, ebm, false), array_place, true), spread)},
          {"ebm_digital", "EBM, digital twin",
           repeated(priced(scaled(of.twin, ebm, true), how.place, false), spread)},
          {"transformer_analog", "transformer on arrays",
           priced(transformer_analog(of, parameters), array_place, true)},
          {"transformer_digital", "transformer, digital",
           priced(transformer_digital(of, parameters), how.place, false)}};
}

void add_paths(const Foundation& of, Sheet& sheet) {
  say_what_was_simulated(of, sheet);
  say_of_experts(of, sheet);
  add_simulated(of, sheet);
  const Settings& c = of.config;
  std::vector<cost::Band> core, node, facility, dollars, co2, days, over;
  results::Cube digital_flops{
      "transformer_flops",
      {"parameters"},
      {},
      {},
      "FLOP",
      "operations of the digital transformer: the law's and those of causal attention"};
  results::Axis systems{"system", {}, {}, "", "cell of the 2x2"};
  std::vector<std::vector<std::string>> rows;
  std::vector<std::pair<std::string, std::string>> verdicts;  ///< text of a verdict, and its sizes
  for (const double p : c.parameters) {
    const std::vector<Quadrant> cells = quadrants(
        of, p, true, of.scale(p, c.extrapolation.sample_efficiency.median, of.steps_asked()));
    const Quadrant& digital = cells.back();
    digital_flops.values.push_back(transformer_digital(of, p).tally.front().count);
    for (const Quadrant& cell : cells) {
      if (systems.labels.size() < cells.size()) systems.labels.push_back(cell.system);
      core.push_back((cell.cost.core * (1 / joules_per_mwh)).band());
      node.push_back((cell.cost.node * (1 / joules_per_mwh)).band());
      facility.push_back((cell.cost.facility * (1 / joules_per_mwh)).band());
      dollars.push_back(cell.cost.dollars.band());
      co2.push_back((cell.cost.co2 * 1e-3).band());
      days.push_back((cell.cost.seconds * (1 / seconds_per_day)).band());
      over.push_back((cell.cost.node / digital.cost.node).band());
      rows.push_back({&cell == &cells.front() ? size_text(p) : "", cell.title, text_of(core.back()),
                      text_of(node.back()), text_of(facility.back()), text_of(dollars.back(), 1e-6),
                      text_of(co2.back()), text_of(days.back()), text_of(over.back())});
      if (&cell == &digital) continue;
      const std::string verdict = cell.title + ": " + verdict_of(over.back());
      const auto found = std::find_if(verdicts.begin(), verdicts.end(),
                                      [&](const auto& other) { return other.first == verdict; });
      if (found == verdicts.end()) {
        verdicts.emplace_back(verdict, size_text(p));
      } else {
        found->second += ", " + size_text(p);
      }
    }
  }
  sheet.axis(std::move(systems));
  sheet.cube(std::move(digital_flops));
  const std::vector<std::string> dims{"parameters", "system"};
  sheet.bands("core_energy", dims, core, "MWh", "energy at the core");
  sheet.bands("node_energy", dims, node, "MWh", "energy at the plug of the node");
  sheet.bands("facility_energy", dims, facility, "MWh", "energy at the meter of the facility");
  sheet.bands("money", dims, dollars, "USD", "hardware paid off, and electricity");
  sheet.bands("co2", dims, co2, "t", "CO2 of the facility's electricity");
  sheet.bands("device_days", dims, days, "d",
              "time: of the arrays at work together, or of one accelerator");
  sheet.bands("over_transformer", dims, over, "1",
              "node energy over that of the digital transformer");
  sheet.say(
      "\nThe 2x2 at every size: equal tokens; EBM rows at examples a token as above; quality NOT "
      "equal as far as anyone knows");
  sheet.table({"size", "machine", "core MWh", "node MWh", "facility MWh", "MUSD", "t CO2", "days",
               "node / digital transformer"},
              rows);
  sheet.say(
      "  MUSD pays hardware off over {:g} years, the arrays' too, whatever pulses leave of their "
      "cells: see below. Digital transformer: the law's operations and those of causal attention.",
      of.prices.facility->lifetime / (365 * seconds_per_day));
  sheet.say(
      "  days: all arrays at work together; one accelerator alone for the digital rows, which "
      "share the work.");
  for (const auto& [verdict, sizes] : verdicts) sheet.say("  {} ({})", verdict, sizes);
  add_baselines(of, sheet);
  add_wear(of, sheet);
}

}  // namespace ohmlab::foundation
