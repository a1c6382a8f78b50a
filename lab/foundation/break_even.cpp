#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>

#include "../../cost/limits.hpp"
#include "crossing.hpp"
#include "sections.hpp"

/// Break-even: improvements that the analog path needs to win, and limits of physics.
namespace ohmlab::foundation {
namespace {

constexpr const char* array_place = "array";

/// Two machines, with a name.
struct Pair {
  std::string name;
  const MachineCost *analog = nullptr, *digital = nullptr;
  bool ebm_analog = false, ebm_digital = false;
};

const cost::Draws& at(const MachineCost& cost, cost::Boundary boundary) {
  return boundary == cost::Boundary::core   ? cost.core
         : boundary == cost::Boundary::node ? cost.node
                                            : cost.facility;
}

/// Joules at the config's boundary for one joule more in an array's core.
cost::Draws carried(const Foundation& of, cost::Outlook& outlook) {
  cost::Draws out = outlook.exact(1);
  const cost::Boundary boundary = of.config.boundary;
  if (boundary != cost::Boundary::core) {
    out = out * cost::drawn(of.prices.places.at(array_place).around->overhead,
                            "array.around.overhead", outlook);
  }
  if (boundary == cost::Boundary::facility)
    out = out * cost::drawn(of.prices.facility->pue, "facility.pue", outlook);
  return out;
}

/// Core joules of the lines of a bill with these labels.
cost::Draws of_lines(const MachineCost& cost, const std::vector<std::string>& labels,
                     cost::Outlook& outlook) {
  cost::Draws out = outlook.exact(0);
  for (const cost::BillLine& line : cost.actions) {
    if (std::find(labels.begin(), labels.end(), line.label) != labels.end()) out += line.joules;
  }
  return out;
}

/// One knob: its grid, and the contest of each pair over it; none if the knob does not act on a
/// pair.
struct Knob {
  std::string name, axis, unit, meaning;
  std::vector<double> grid;
  std::vector<std::optional<Contest>> contests;
};

void put_knob(const Knob& knob, const std::vector<std::vector<cost::Draws>>& ratios,
              const std::vector<Crossing>& crossings, const std::vector<Pair>& pairs, Sheet& sheet,
              std::vector<std::vector<std::string>>& rows) {
  sheet.axis({knob.axis, knob.grid, {}, knob.unit, knob.meaning});
  std::vector<cost::Band> bands;
  for (const auto& of_pair : ratios) {
    for (const cost::Draws& ratio : of_pair) bands.push_back(ratio.band());
  }
  sheet.bands("break_even_" + knob.name, {"comparison", knob.axis}, bands, "1",
              "analog over digital joules at the config's `boundary`, over the " + knob.meaning,
              Sheet::Gaps::some);
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    if (ratios[p].empty() || std::isnan(ratios[p].front().nominal)) continue;
    const Crossing& c = crossings[p];
    const bool nominal = !std::isnan(c.at.nominal);
    std::string verdict;
    if (nominal) {
      verdict = fmt::format("at {}", text_of(c.at));
    } else if (ratios[p].front().nominal > 1) {
      verdict = "never within the grid";
    } else {
      verdict = "analog takes less on the whole grid";
    }
    constexpr double worth_saying = 0.01;  // share of the draws
    if (!nominal && 1 - c.never - c.always >= worth_saying)
      verdict += fmt::format("; where draws cross, {:.2g} to {:.2g}", c.at.p05, c.at.p95);
    rows.push_back(
        {knob.meaning, pairs[p].name,
         fmt::format("{:.3g} to {:.3g}", knob.grid.front(), knob.grid.back()),
         fmt::format("{:.3g} to {:.3g}", ratios[p].front().nominal, ratios[p].back().nominal),
         verdict, fmt::format("{:.3g} %", 100 * c.never), fmt::format("{:.3g} %", 100 * c.always)});
  }
}

void add_limits(const Foundation& of, const std::vector<double>& bits, Sheet& sheet) {
  results::Cube column{"limit_sampled_column",
                       {"bits"},
                       {},
                       {},
                       "J",
                       "8 kT SNR: a column sampled on a capacitor, 300 K"},
      converter{"limit_converter",
                {"bits"},
                {},
                {},
                "J",
                "4 kT SNR: thermal noise of a conversion, 300 K"};
  for (const double b : bits) {
    column.values.push_back(cost::sampled_column_limit(b));
    converter.values.push_back(cost::converter_limit(b));
  }
  sheet.cube(std::move(column));
  sheet.cube(std::move(converter));
  sheet.cube(
      {"limit_landauer", {}, {cost::landauer_limit()}, {}, "J", "kT ln 2: one bit erased, 300 K"});
  const auto& price = of.prices.places.at(array_place).energy.at(of.conversion());
  const double b = of.hardware.parts.converter.bits;
  sheet.cube({"converter_joules",
              {},
              {price.at(b)},
              {},
              "J",
              "one conversion of the simulated bits as priced, at the core"});
  sheet.cube(
      {"limit_converter_multiple",
       {},
       {cost::converter_limit(b) / price.at(b)},
       {},
       "1",
       "4 kT SNR over one conversion as priced: where physics ends on the axis of its joules"});
  sheet.say(
      "\nPhysical limits at 300 K: Landauer {:.3g} zJ a bit; at {:g} bits a sampled column {:.3g} "
      "fJ, a conversion {:.3g} fJ, which the list prices at {:.3g} pJ, {:.3g} times its limit",
      cost::landauer_limit() * 1e21, b, cost::sampled_column_limit(b) * 1e15,
      cost::converter_limit(b) * 1e15, price.at(b) * 1e12, price.at(b) / cost::converter_limit(b));
}

}  // namespace

void add_break_even(const Foundation& of, Sheet& sheet) {
  const Settings& c = of.config;
  const double size = c.parameters.front(), efficiency = c.extrapolation.sample_efficiency.median,
               asked = of.steps_asked();
  cost::Outlook outlook = of.outlook();
  const std::vector<Quadrant> cells = quadrants(of, size, false, of.scale(size, efficiency, asked));
  const std::vector<Quadrant> twice =
      quadrants(of, size, false, of.scale(size, efficiency, 2 * asked));
  const std::vector<Pair> pairs{
      {"EBM on arrays / digital transformer", &cells[0].cost, &cells[3].cost, true, false},
      {"EBM on arrays / its digital twin", &cells[0].cost, &cells[1].cost, true, true},
      {"transformer on arrays / digital", &cells[2].cost, &cells[3].cost, false, false}};
  const cost::Draws factor = carried(of, outlook), zero = outlook.exact(0);
  const std::vector<double> multiples = even_logarithms(
      c.break_even.from, c.break_even.to, static_cast<std::size_t>(c.break_even.points));

  const auto of_part = [&](const Pair& pair, const std::vector<std::string>& labels) {
    const cost::Draws slope = of_lines(*pair.analog, labels, outlook) * factor;
    return Contest{at(*pair.analog, c.boundary) - slope, slope, at(*pair.digital, c.boundary),
                   zero};
  };
  const auto of_steps = [&](const Pair& pair) -> std::optional<Contest> {
    if (!pair.ebm_analog) return std::nullopt;
    const double now = asked * static_cast<double>(of.steps);
    const cost::Draws& a = at(cells[0].cost, c.boundary);
    const cost::Draws a_step = (at(twice[0].cost, c.boundary) - a) * (1 / now);
    const cost::Draws& d = at(*pair.digital, c.boundary);
    const cost::Draws d_step =
        pair.ebm_digital ? (at(twice[1].cost, c.boundary) - d) * (1 / now) : zero;
    return Contest{a - a_step * now, a_step, d - d_step * now, d_step};
  };
  const auto of_samples = [&](const Pair& pair) -> std::optional<Contest> {
    if (!pair.ebm_analog) return std::nullopt;
    const cost::Draws a = at(*pair.analog, c.boundary) * (1 / efficiency),
                      d = at(*pair.digital, c.boundary);
    if (pair.ebm_digital) return Contest{zero, a, zero, d * (1 / efficiency)};
    return Contest{zero, a, d, zero};
  };
  std::vector<Knob> knobs{
      {"device",
       "device_multiple",
       "1",
       "joules of pulses and cells at the core, times today's",
       multiples,
       {}},
      {"converter",
       "converter_multiple",
       "1",
       "joules of converters and of their idling at the core, times today's",
       multiples,
       {}},
      {"steps",
       "steps",
       "1",
       "sampling steps of the EBM",
       even_logarithms(1, std::max(10.0, c.break_even.to),
                       static_cast<std::size_t>(c.break_even.points)),
       {}},
      {"samples", "sample_efficiency", "1", "examples the EBM needs a token", multiples, {}},
  };
  for (const Pair& pair : pairs) {
    knobs[0].contests.emplace_back(of_part(pair, {"array_pulse", "array_read"}));
    knobs[1].contests.emplace_back(of_part(
        pair,
        {of.conversion(), fmt::format("idle: {}", cost::name(of.hardware.parts.converter.part))}));
    knobs[2].contests.push_back(of_steps(pair));
    knobs[3].contests.push_back(of_samples(pair));
  }

  results::Axis comparisons{"comparison", {}, {}, "", "which machines"};
  for (const Pair& pair : pairs) comparisons.labels.push_back(pair.name);
  sheet.axis(std::move(comparisons));
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const cost::Draws nothing = outlook.exact(nan);
  std::vector<std::vector<std::string>> rows;
  std::vector<Crossing> all;
  const Crossing none{{nan, nan, nan}, nan, nan};
  results::Axis names{"knob", {}, {}, "", "what is turned"};
  for (const Knob& knob : knobs) {
    std::vector<std::vector<cost::Draws>> ratios;
    std::vector<Crossing> crossings;
    for (const std::optional<Contest>& contest : knob.contests) {
      std::vector<cost::Draws> curve;
      for (const double x : knob.grid) curve.push_back(contest ? contest->ratio(x) : nothing);
      crossings.push_back(contest ? crossing(*contest, knob.grid.front(), knob.grid.back()) : none);
      ratios.push_back(std::move(curve));
    }
    put_knob(knob, ratios, crossings, pairs, sheet, rows);
    names.labels.push_back(knob.name);
    all.insert(all.end(), crossings.begin(), crossings.end());
  }

  Knob bits{"bits", "bits", "1", "bits of the converters, in the energy of conversions alone",
            {},     {}};
  for (std::int64_t b = c.break_even.fewest_bits; b <= c.break_even.most_bits; ++b)
    bits.grid.push_back(static_cast<double>(b));
  const auto& price = of.prices.places.at(array_place).energy.at(of.conversion());
  const double today = of.hardware.parts.converter.bits;
  std::vector<std::vector<cost::Draws>> ratios;
  std::vector<Crossing> crossings;
  for (const Pair& pair : pairs) {
    const Contest contest = of_part(pair, {of.conversion()});
    std::vector<cost::Draws> curve;
    for (const double b : bits.grid) {
      // exp(ξ) of a factor of spread 1: the one draw that bends the law of all converters
      cost::Draws multiple =
          outlook.factor(fmt::format("array.energy.{} form", of.conversion()), 1, 1);
      const double shape = price.law.factor(b) / price.law.factor(today),
                   bent = price.law.form_sigma(b) - price.law.form_sigma(today);
      multiple.nominal = shape;
      for (double& value : multiple.values) value = shape * std::pow(value, bent);
      curve.push_back((contest.analog + contest.analog_slope * multiple) / contest.digital);
    }
    crossings.push_back(crossing(bits.grid, curve));
    ratios.push_back(std::move(curve));
  }
  put_knob(bits, ratios, crossings, pairs, sheet, rows);
  names.labels.push_back(bits.name);
  all.insert(all.end(), crossings.begin(), crossings.end());

  sheet.axis(std::move(names));
  std::vector<cost::Band> where;
  results::Cube never{"break_even_never",
                      {"knob", "comparison"},
                      {},
                      {},
                      "1",
                      "share of draws in which analog loses on the whole grid",
                      true},
      always{"break_even_always",
             {"knob", "comparison"},
             {},
             {},
             "1",
             "share of draws in which analog takes less on the whole grid",
             true};
  for (const Crossing& found : all) {
    where.push_back(found.at);
    never.values.push_back(found.never);
    always.values.push_back(found.always);
  }
  sheet.bands("break_even_at", {"knob", "comparison"}, where, "1",
              "where analog and digital joules at the config's `boundary` are equal, of the draws "
              "that cross",
              Sheet::Gaps::some);
  sheet.cube(std::move(never));
  sheet.cube(std::move(always));

  const cost::Boundary boundary = c.boundary;
  sheet.say(
      "\nBreak-even at the {}: analog over digital joules as one thing alone is turned ({}; the "
      "EBM at {:g} examples a token, not banded here). What changed quality with it is NOT in it.",
      enum_names(boundary)[static_cast<std::size_t>(boundary)], size_text(size), efficiency);
  sheet.table({"turned", "machines", "grid", "ratio at its ends", "crosses 1", "never", "always"},
              rows);
  sheet.say(
      "  never, always: shares of the draws in which the analog machine takes more, or less, on "
      "the whole grid.");
  const cost::Bill bill =
      cost::price(of.simulated.tally, of.simulated.holdings, of.prices, array_place, {.draws = 0});
  const auto each = [&](cost::Action action, double counted_as) {
    double count = 0;
    for (const cost::Entry& entry : of.simulated.tally) {
      if (entry.action == action) count += entry.count * counted_as;
    }
    for (const cost::BillLine& line : bill.actions) {
      if (line.label == cost::name(action) && count > 0) return line.joules.nominal / count;
    }
    return nan;
  };
  const double pulse = each(cost::Action::array_pulse, 1),
               read = each(cost::Action::array_read, of.simulated.parameters);
  sheet.cube({"pulse_joules",
              {},
              {pulse},
              {},
              "J",
              "of one pulse at one cell as billed at the core: dissipated there and in "
              "half-selected neighbours, and lost in the supply",
              true});
  sheet.cube({"cell_read_joules",
              {},
              {read},
              {},
              "J",
              "of one weight in one read as billed at the core",
              true});
  sheet.say(
      "  Today, as billed at the core with the supply's losses: {:.3g} fJ a pulse with its "
      "half-selected neighbours, {:.3g} fJ a weight and read.",
      1e15 * pulse, 1e15 * read);
  add_limits(of, bits.grid, sheet);
}

}  // namespace ohmlab::foundation
