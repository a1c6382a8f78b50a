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
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

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

/// Two machines under comparison.
struct Pair {
  std::string name;
  const MachineCost *analog = nullptr, *digital = nullptr;
  bool ebm_analog = false, ebm_digital = false;
};

/// One quantity that is varied alone, on a grid.
struct Knob {
  std::string name, axis, meaning;
  std::vector<double> grid;
};

/// The ratio of analog over digital joules along a knob, and where it crosses 1.
struct Curve {
  std::vector<cost::Draws> ratios;
  Crossing crossing;
};

/// The comparison of all pairs of machines at one size, knob after knob.
class BreakEvens {
 public:
  BreakEvens(const Foundation& of, Sheet& sheet)
      : of_(of),
        sheet_(sheet),
        outlook_(of.outlook()),
        cells_(quadrants_at(1)),
        twice_(quadrants_at(2)),
        pairs_{
            {"EBM on arrays / digital transformer", &cells_[0].cost, &cells_[3].cost, true, false},
            {"EBM on arrays / its digital twin", &cells_[0].cost, &cells_[1].cost, true, true},
            {"transformer on arrays / digital", &cells_[2].cost, &cells_[3].cost, false, false}},
        factor_(carried(of, outlook_)),
        zero_(outlook_.exact(0)) {
    results::Axis comparisons{"comparison", {}, {}, "", "which machines"};
    for (const Pair& pair : pairs_) comparisons.labels.push_back(pair.name);
    sheet_.axis(std::move(comparisons));
  }

  /// Joules of some lines of the analog bill, as a multiple of today's.
  void turn_lines(const std::string& name, const std::string& meaning,
                  const std::vector<std::string>& lines) {
    const Knob knob{name, name + "_multiple", meaning, multiples()};
    turn(knob, [&](const Pair& pair) { return std::optional(contest_of_lines(pair, lines)); });
  }

  /// Sampling steps of the EBM, on arrays and in its digital twin.
  void turn_steps() {
    const double most = std::max(10.0, config().break_even.to);
    turn({"steps", "steps", "sampling steps of the EBM", even_logarithms(1, most, points())},
         [&](const Pair& pair) { return contest_of_steps(pair); });
  }

  /// Examples that the EBM needs for each token of the transformer.
  void turn_samples() {
    turn({"samples", "sample_efficiency", "examples the EBM needs a token", multiples()},
         [&](const Pair& pair) { return contest_of_samples(pair); });
  }

  /// Bits of the converters, along the law of their price.
  void turn_bits() {
    const Knob knob{"bits", "bits", "bits of the converters, in the energy of conversions alone",
                    bits()};
    std::vector<Curve> curves;
    for (const Pair& pair : pairs_) {
      const Contest contest = contest_of_lines(pair, {of_.conversion()});
      Curve curve;
      for (const double b : knob.grid) {
        curve.ratios.push_back((contest.analog + contest.analog_slope * converter_multiple(b)) /
                               contest.digital);
      }
      curve.crossing = crossing(knob.grid, curve.ratios);
      curves.push_back(std::move(curve));
    }
    put(knob, curves);
  }

  /// Where each knob crosses 1, and the table of all knobs.
  void summarise() {
    results::Axis names{"knob", {}, {}, "", "what is turned"};
    names.labels = names_;
    sheet_.axis(std::move(names));
    const std::vector<std::string> axes{"knob", "comparison"};
    results::Cube never{"break_even_never",
                        axes,
                        {},
                        {},
                        "1",
                        "share of draws in which analog loses on the whole grid",
                        true},
        always{"break_even_always",
               axes,
               {},
               {},
               "1",
               "share of draws in which analog takes less on the whole grid",
               true};
    std::vector<cost::Band> where;
    for (const Crossing& found : crossings_) {
      where.push_back(found.at);
      never.values.push_back(found.never);
      always.values.push_back(found.always);
    }
    sheet_.bands("break_even_at", axes, where, "1",
                 "where analog and digital joules at the config's `boundary` are equal, of the "
                 "draws that cross",
                 Sheet::Gaps::some);
    sheet_.cube(std::move(never));
    sheet_.cube(std::move(always));
    sheet_.say(
        "\nBreak-even at the {}: analog over digital joules as one thing alone is turned ({}; the "
        "EBM at {:g} examples a token, not banded here). What changed quality with it is NOT in "
        "it.",
        enum_names(config().boundary)[static_cast<std::size_t>(config().boundary)],
        size_text(size()), efficiency());
    sheet_.table(
        {"turned", "machines", "grid", "ratio at its ends", "crosses 1", "never", "always"}, rows_);
    sheet_.say(
        "  never, always: shares of the draws in which the analog machine takes more, or less, on "
        "the whole grid.");
  }

  [[nodiscard]] std::vector<double> bits() const {
    std::vector<double> out;
    for (std::int64_t b = config().break_even.fewest_bits; b <= config().break_even.most_bits; ++b)
      out.push_back(static_cast<double>(b));
    return out;
  }

 private:
  [[nodiscard]] const Settings& config() const { return of_.config; }
  [[nodiscard]] double size() const { return config().parameters.front(); }
  [[nodiscard]] double efficiency() const {
    return config().extrapolation.sample_efficiency.median;
  }
  [[nodiscard]] std::size_t points() const {
    return static_cast<std::size_t>(config().break_even.points);
  }
  [[nodiscard]] std::vector<double> multiples() const {
    return even_logarithms(config().break_even.from, config().break_even.to, points());
  }
  /// The 2x2 with a multiple of the sampling steps.
  [[nodiscard]] std::vector<Quadrant> quadrants_at(double steps) const {
    return quadrants(of_, size(), false,
                     of_.scale(size(), efficiency(), steps * of_.steps_asked()));
  }

  [[nodiscard]] Contest contest_of_lines(const Pair& pair, const std::vector<std::string>& lines) {
    const cost::Draws slope = of_lines(*pair.analog, lines, outlook_) * factor_;
    const cost::Boundary boundary = config().boundary;
    return {at(*pair.analog, boundary) - slope, slope, at(*pair.digital, boundary), zero_};
  }
  [[nodiscard]] std::optional<Contest> contest_of_steps(const Pair& pair) const {
    if (!pair.ebm_analog) return std::nullopt;
    const cost::Boundary boundary = config().boundary;
    const double now = of_.steps_asked() * static_cast<double>(of_.steps);
    const cost::Draws& a = at(cells_[0].cost, boundary);
    const cost::Draws a_step = (at(twice_[0].cost, boundary) - a) * (1 / now);
    const cost::Draws& d = at(*pair.digital, boundary);
    const cost::Draws d_step =
        pair.ebm_digital ? (at(twice_[1].cost, boundary) - d) * (1 / now) : zero_;
    return Contest{a - a_step * now, a_step, d - d_step * now, d_step};
  }
  [[nodiscard]] std::optional<Contest> contest_of_samples(const Pair& pair) const {
    if (!pair.ebm_analog) return std::nullopt;
    const cost::Draws a = at(*pair.analog, config().boundary) * (1 / efficiency()),
                      d = at(*pair.digital, config().boundary);
    if (pair.ebm_digital) return Contest{zero_, a, zero_, d * (1 / efficiency())};
    return Contest{zero_, a, d, zero_};
  }
  /// The price of a conversion of so many bits over that of today's.
  [[nodiscard]] cost::Draws converter_multiple(double b) {
    const auto& price = of_.prices.places.at(array_place).energy.at(of_.conversion());
    const double today = of_.hardware.parts.converter.bits;
    const double shape = price.law.factor(b) / price.law.factor(today),
                 bent = price.law.form_sigma(b) - price.law.form_sigma(today);
    // exp(ξ) of a factor of spread 1: the one draw that bends the law of all converters
    cost::Draws out = outlook_.factor(fmt::format("array.energy.{} form", of_.conversion()), 1, 1);
    out.nominal = shape;
    for (double& value : out.values) value = shape * std::pow(value, bent);
    return out;
  }

  template <class ContestOf>
  void turn(const Knob& knob, const ContestOf& contest_of) {
    const cost::Draws nothing = outlook_.exact(nan);
    std::vector<Curve> curves;
    for (const Pair& pair : pairs_) {
      const std::optional<Contest> contest = contest_of(pair);
      Curve curve{{}, {{nan, nan, nan}, nan, nan}};
      for (const double x : knob.grid)
        curve.ratios.push_back(contest ? contest->ratio(x) : nothing);
      if (contest) curve.crossing = crossing(*contest, knob.grid.front(), knob.grid.back());
      curves.push_back(std::move(curve));
    }
    put(knob, curves);
  }

  void put(const Knob& knob, const std::vector<Curve>& curves) {
    sheet_.axis({knob.axis, knob.grid, {}, "1", knob.meaning});
    std::vector<cost::Band> bands;
    for (const Curve& curve : curves) {
      for (const cost::Draws& ratio : curve.ratios) bands.push_back(ratio.band());
    }
    sheet_.bands("break_even_" + knob.name, {"comparison", knob.axis}, bands, "1",
                 "analog over digital joules at the config's `boundary`, over the " + knob.meaning,
                 Sheet::Gaps::some);
    for (std::size_t p = 0; p < pairs_.size(); ++p) {
      const Curve& curve = curves[p];
      crossings_.push_back(curve.crossing);
      if (std::isnan(curve.ratios.front().nominal)) continue;
      rows_.push_back({knob.meaning, pairs_[p].name,
                       fmt::format("{:.3g} to {:.3g}", knob.grid.front(), knob.grid.back()),
                       fmt::format("{:.3g} to {:.3g}", curve.ratios.front().nominal,
                                   curve.ratios.back().nominal),
                       verdict(curve), fmt::format("{:.3g} %", 100 * curve.crossing.never),
                       fmt::format("{:.3g} %", 100 * curve.crossing.always)});
    }
    names_.push_back(knob.name);
  }

  [[nodiscard]] static std::string verdict(const Curve& curve) {
    constexpr double worth_saying = 0.01;  // share of the draws
    const Crossing& c = curve.crossing;
    if (!std::isnan(c.at.nominal)) return fmt::format("at {}", text_of(c.at));
    std::string out = curve.ratios.front().nominal > 1 ? "never within the grid"
                                                       : "analog takes less on the whole grid";
    if (1 - c.never - c.always >= worth_saying)
      out += fmt::format("; where draws cross, {:.2g} to {:.2g}", c.at.p05, c.at.p95);
    return out;
  }

  const Foundation& of_;
  Sheet& sheet_;
  cost::Outlook outlook_;
  std::vector<Quadrant> cells_, twice_;
  std::vector<Pair> pairs_;
  cost::Draws factor_;  ///< joules at the boundary for one joule more in an array's core
  cost::Draws zero_;
  std::vector<std::string> names_;  ///< names of the knobs varied so far
  std::vector<Crossing> crossings_;
  std::vector<std::vector<std::string>> rows_;
};

/// Core joules of one pulse and of one weight in one read, as the simulated machine is billed.
void add_joules_today(const Foundation& of, Sheet& sheet) {
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
}

}  // namespace

void add_break_even(const Foundation& of, Sheet& sheet) {
  const std::string converter_idle =
      fmt::format("idle: {}", cost::name(of.hardware.parts.converter.part));
  BreakEvens pairs(of, sheet);
  pairs.turn_lines("device", "joules of pulses and cells at the core, times today's",
                   {"array_pulse", "array_read"});
  pairs.turn_lines("converter",
                   "joules of converters and of their idling at the core, times today's",
                   {of.conversion(), converter_idle});
  pairs.turn_steps();
  pairs.turn_samples();
  pairs.turn_bits();
  pairs.summarise();
  add_joules_today(of, sheet);
  add_limits(of, pairs.bits(), sheet);
}

}  // namespace ohmlab::foundation
