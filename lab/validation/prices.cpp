#include "prices.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "macro_cost.hpp"
#include "text.hpp"

namespace ohmlab::validation {
namespace {

constexpr double calibrated_goal = 0.25, factor_goal = 2.5, inside_goal = 0.8, width_goal = 30;
constexpr cost::DrawOptions draw_options{.draws = 20000, .seed = 1};

std::string picojoules(double joules) { return fmt::format("{:.3g}", 1e12 * joules); }
double operations(const Macro& macro) { return 2 * static_cast<double>(*macro.macs); }
bool same_row(const Macro& a, const Macro& b) { return a.name == b.name; }
bool same_chip(const Macro& a, const Macro& b) { return a.chip == b.chip; }

Prediction log_band(cost::Draws draws, double scale) {
  std::sort(draws.values.begin(), draws.values.end());
  const auto at = [&](double share) { return std::log(quantile(draws.values, share) / scale); };
  return {at(0.5), at(0.05), at(0.95)};
}

void validate_transfers(const MacroRecords& records, Validation& out) {
  ValidationTable table{
      "Calibrated: joules of one product, pJ, by constants that one row of the chip set",
      {"chip", "constants from", "row", "part", "measured", "predicted", "error", "inputs", "",
       "cause", "checked", "source"},
      {}};
  double worst = 0;
  std::size_t hits = 0;
  std::vector<std::string> missed;
  for (const Transfer& transfer : records.transfers) {
    const Macro &from = records.named(transfer.from), &to = records.named(transfer.to);
    const MacroPrediction prediction = predicted(calibrated(from), to);
    const auto add = [&](const std::string& part, double measured, double said, bool scored) {
      const double error = said / measured - 1;
      const bool hit = std::abs(error) <= calibrated_goal;
      if (scored) {
        worst = std::max(worst, std::abs(error));
        hits += hit;
        if (!hit) missed.push_back(to.name);
      }
      table.rows.push_back({to.chip, from.name, to.name, part, picojoules(measured),
                            picojoules(said), signed_percent(error), transfer.inputs, verdict(hit),
                            hit ? "" : transfer.cause, to.checked, to.source});
    };
    add("all", to.joules(), prediction.total, true);
    out.points.push_back({"calibrated", to.name, to.node, to.joules() / operations(to),
                          prediction.total / operations(to), prediction.total / operations(to),
                          prediction.total / operations(to), "J"});
    if (to.time && prediction.seconds > 0) {
      add("time, ns", 1e-3 * *to.time, 1e-3 * prediction.seconds, false);
    }
    for (const auto& [action, measured] : to.components) {
      if (const auto found = prediction.joules.find(action); found != prediction.joules.end())
        add(action, measured, found->second, false);
    }
  }
  out.protocol.emplace_back(
      "Calibrated: prices that one published operating point of a chip sets predict its other "
      "points through the counts of its mode of read and the square of its supply. Published "
      "efficiency, components and time of the predicted row are not read. HERMES: power and the "
      "time of a phase. NeuRRAM: joules of a neuron's cycle (adc_convert), of selecting a word "
      "line (line_charge) and of an input pulse (dac_drive), by component where published. Jia: "
      "joules of a conversion and of a line's charge. Sinangil, Wang: joules of all. The author "
      "knew the published values when choosing the counts. Times are those of equal steps one "
      "after another; they were added after the joules were scored, and no gate holds them.");
  const bool met = hits == records.transfers.size();
  out.gates.push_back({"calibrated, rows within 25 %",
                       fmt::format("{} of {}", hits, records.transfers.size()), "all", met,
                       met ? "" : fmt::format("{}: see the table", fmt::join(missed, ", "))});
  out.gates.push_back(
      {"calibrated, largest error", percent(worst), "at most 25 %", worst <= calibrated_goal,
       worst <= calibrated_goal ? "" : fmt::format("{}: see the table", fmt::join(missed, ", "))});
  out.tables.push_back(std::move(table));
}

std::string band_text(const Prediction& p) {
  return fmt::format("{} [{} to {}]", picojoules(std::exp(p.median)), picojoules(std::exp(p.p05)),
                     picojoules(std::exp(p.p95)));
}

/// The two largest parts of a blind prediction.
std::string parts_text(const std::map<std::string, double>& parts) {
  std::vector<std::pair<double, std::string>> sorted;
  double sum = 0;
  for (const auto& [name, joules] : parts) {
    sorted.emplace_back(joules, name);
    sum += joules;
  }
  std::sort(sorted.rbegin(), sorted.rend());
  std::vector<std::string> out;
  for (std::size_t i = 0; i < std::min<std::size_t>(2, sorted.size()); ++i) {
    out.push_back(fmt::format("{} {:.0f} %", sorted[i].second, 100 * sorted[i].first / sum));
  }
  return fmt::format("{}", fmt::join(out, ", "));
}

bool inside(const ScoredMacro& row) {
  return row.predicted.p05 <= row.measured && row.measured <= row.predicted.p95;
}

void validate_blind(const MacroRecords& records, Validation& out) {
  const std::vector<ScoredMacro> rows = blind_scores(records, "blind", records.design_factor);
  const std::vector<ScoredMacro> rival = node_regression(rows, same_row);
  const Skill mine = skill(rows), theirs = skill(rival),
              by_chip = skill(node_regression(rows, same_chip)),
              shipped = skill(blind_scores(records, "default", {}));
  ValidationTable table{
      "Blind: joules of one operation, pJ",
      {"row", "chip", "node, nm", "size", "bits in, converter", "product, ns", "covers", "measured",
       "predicted [90 % band]", "measured over predicted", "largest parts of the prediction",
       "regression on the node [90 % band]", "", "cause", "checked", "source"},
      {}};
  std::set<std::string> chips;
  std::vector<std::string> outside;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const ScoredMacro& row = rows[i];
    const Macro& m = row.macro;
    chips.insert(m.chip);
    const bool hit = inside(row);
    if (!hit) outside.push_back(m.name);
    table.rows.push_back({m.name, m.chip, fmt::format("{:g}", m.node * 1e9),
                          fmt::format("{} x {}", *m.rows, *m.cols),
                          fmt::format("{}, {}", *m.input_bits, *m.output_bits),
                          fmt::format("{:.4g}", *m.time * 1e9),
                          std::string(enum_names(m.boundary)[static_cast<std::size_t>(m.boundary)]),
                          picojoules(std::exp(row.measured)), band_text(row.predicted),
                          fmt::format("{:.2f}", std::exp(row.measured - row.predicted.median)),
                          parts_text(row.parts), band_text(rival[i].predicted), verdict(hit),
                          hit ? "" : m.cause, m.checked, m.source});
    out.points.push_back({"blind", m.name, m.node, std::exp(row.measured),
                          std::exp(row.predicted.median), std::exp(row.predicted.p05),
                          std::exp(row.predicted.p95), "J"});
    out.points.push_back({"node alone", m.name, m.node, std::exp(row.measured),
                          std::exp(rival[i].predicted.median), std::exp(rival[i].predicted.p05),
                          std::exp(rival[i].predicted.p95), "J"});
  }
  out.protocol.push_back(fmt::format(
      "Blind: node, size, bits and time of a product are all that goes in; an array of that size "
      "reads one vector and its tally is priced by the list \"blind\", carried to the node at its "
      "nominal supply, which rests on none of these chips. {} rows of {} chips, {} draws; "
      "conversions times a design factor with sigma_ln {:.2f}. Rows, list and factor were "
      "committed before any row was scored. The author knew the published efficiencies. The rival "
      "is a line of ln joules of an operation over ln node through the other rows, with Student's "
      "band; other points of the same chip help it. The interval score is that of ln joules at 90 "
      "%: smaller is better.",
      rows.size(), chips.size(), draw_options.draws, records.design_factor.sigma()));
  const auto gate = [&](const std::string& name, const std::string& reached,
                        const std::string& goal, bool met, const std::string& cause) {
    out.gates.push_back({name, reached, goal, met, met ? "" : cause});
  };
  gate("blind, median factor of the error", fmt::format("{:.2f}", mine.median_factor),
       "at most 2.5", mine.median_factor <= factor_goal, records.cause);
  gate("blind, rows inside their 90 % band", percent(mine.inside), "at least 80 %",
       mine.inside >= inside_goal,
       fmt::format("outside: {}; {}", fmt::join(outside, ", "), records.cause));
  gate("blind, widest band from end to end", fmt::format("{:.1f} x", mine.widest), "at most 30 x",
       mine.widest <= width_goal, records.cause);
  gate("blind, mean interval score",
       fmt::format("{:.2f}, regression on the node {:.2f}", mine.score, theirs.score),
       "below the regression's", mine.score < theirs.score, records.cause);
  const auto figures = [](const Skill& s) {
    return fmt::format(
        "median factor {:.2f}, inside {}, widest {:.0f} x, interval score {:.2f}, root mean square "
        "{:.2f}",
        s.median_factor, percent(s.inside), s.widest, s.score, s.spread);
  };
  gate("blind, root mean square of ln measured over predicted", fmt::format("{:.2f}", mine.spread),
       "", true, "");
  gate("blind, factor of the error that 9 of 10 rows keep", fmt::format("{:.1f}", mine.most_factor),
       "", true, "");
  gate("regression on the node, each row left out", figures(theirs), "", true, "");
  gate("regression on the node, each chip left out", figures(by_chip), "", true, "");
  gate(
      "not blind: the default list, whose sources include some of these chips, without a design "
      "factor",
      figures(shipped), "", true, "");
  out.tables.push_back(std::move(table));

  ValidationTable excluded{
      "Rows that are not predicted blind", {"row", "why", "checked", "source"}, {}};
  for (const Macro& macro : records.macros) {
    if (!macro.excluded.empty()) {
      excluded.rows.push_back({macro.name, macro.excluded, macro.checked, macro.source});
    }
  }
  out.tables.push_back(std::move(excluded));
}

}  // namespace

std::vector<ScoredMacro> blind_scores(const MacroRecords& records, const std::string& list,
                                      const std::optional<cost::Share>& design_factor) {
  std::vector<ScoredMacro> out;
  for (const Macro& macro : blind_evidence(records)) {
    const double each = operations(macro);
    const BlindJoules blind = blind_joules(macro, list, design_factor, draw_options);
    out.push_back(
        {macro, std::log(macro.joules() / each), log_band(blind.joules, each), blind.parts});
  }
  return out;
}

std::vector<ScoredMacro> node_regression(
    const std::vector<ScoredMacro>& rows,
    const std::function<bool(const Macro& predicted, const Macro& other)>& together) {
  std::vector<ScoredMacro> out;
  for (const ScoredMacro& row : rows) {
    std::vector<double> xs, ys;
    for (const ScoredMacro& other : rows) {
      if (together(row.macro, other.macro)) continue;
      xs.push_back(std::log(other.macro.node));
      ys.push_back(other.measured);
    }
    out.push_back({row.macro, row.measured, line_prediction(xs, ys, std::log(row.macro.node))});
  }
  return out;
}

Skill skill(const std::vector<ScoredMacro>& rows) {
  Skill out;
  std::vector<double> errors;
  for (const ScoredMacro& row : rows) {
    errors.push_back(std::abs(row.predicted.median - row.measured));
    out.inside += inside(row) ? 1.0 / static_cast<double>(rows.size()) : 0.0;
    out.widest = std::max(out.widest, std::exp(row.predicted.p95 - row.predicted.p05));
    out.spread +=
        std::pow(row.predicted.median - row.measured, 2) / static_cast<double>(rows.size());
    out.score += interval_score(row.predicted, row.measured) / static_cast<double>(rows.size());
  }
  std::sort(errors.begin(), errors.end());
  out.median_factor = std::exp(quantile(errors, 0.5));
  out.most_factor = std::exp(quantile(errors, 0.9));
  out.spread = std::sqrt(out.spread);
  return out;
}

Validation validate_prices(const MacroRecords& records) {
  Validation out{
      "prices", "Prices against silicon: joules of published compute-in-memory macros", {}, {}, {}};
  validate_transfers(records, out);
  validate_blind(records, out);
  return out;
}

}  // namespace ohmlab::validation
