#include "summary.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "../core/utf8.hpp"
#include "../lab/results/comparison.hpp"
#include "../lab/results/per_sample.hpp"
#include "../lab/results/warnings.hpp"
#include "bill_table.hpp"

namespace ohmlab::cli {
namespace {

constexpr std::size_t columns = 100, most_metrics = 3, most_warnings = 2, most_machines = 6,
                      most_figures = 16;

/// Prints one line, cut at the width of the screen.
void line(const std::string& given) {
  const std::string text = core::valid_utf8(given);
  if (core::first_characters(text, columns).size() == text.size()) {
    fmt::print("{}\n", text);
  } else {
    fmt::print("{}...\n", core::first_characters(text, columns - 3));
  }
}

/// "12.5 [9.97, 78.0] mJ": all three in the unit of the first.
std::string compact(const cost::Band& b, const char* unit) {
  const std::string middle = engineering(b.nominal, unit);
  const std::size_t space = middle.find(' ');
  const double scale = b.nominal == 0 ? 1 : std::stod(middle) / b.nominal;
  const auto digits = [&](double value) {
    const double x = value * scale;
    const int places = x < 9.995 ? 2 : x < 99.95 ? 1 : 0;
    return fmt::format("{:.{}f}", x, places);
  };
  return fmt::format("{} [{}, {}]{}", middle.substr(0, space), digits(b.p05), digits(b.p95),
                     middle.substr(space));
}

std::string compact(const std::optional<cost::Draws>& joules) {
  return joules ? compact(joules->band(), "J") : "not priced";
}

/// The first paragraph of each report: its headline.
void print_headlines(const results::Result& result) {
  for (const results::LabelledGroup& group : result.groups) {
    const std::size_t end = std::min(group.report.find("\n\n"), group.report.size());
    const std::string paragraph = group.report.substr(0, end);
    for (std::size_t begin = 0; begin < paragraph.size();) {
      const std::size_t stop = std::min(paragraph.find('\n', begin), paragraph.size());
      line(paragraph.substr(begin, stop - begin));
      begin = stop + 1;
    }
  }
}

/// Figures of a result that has no values over time. Bands stand behind their figure.
void print_figures(const results::Result& result) {
  const auto value_of = [&](const std::string& name) -> const results::Quantity* {
    const auto found = std::find_if(result.quality.begin(), result.quality.end(),
                                    [&](const auto& q) { return q.name == name; });
    return found == result.quality.end() ? nullptr : &*found;
  };
  std::size_t shown = 0, left = 0;
  for (const results::Quantity& q : result.quality) {
    if (q.name.ends_with("_p05") || q.name.ends_with("_p95") || q.name.starts_with("assumed_"))
      continue;
    if (shown == most_figures) {
      ++left;
      continue;
    }
    const auto *low = value_of(q.name + "_p05"), *high = value_of(q.name + "_p95");
    const std::string spread =
        low && high ? fmt::format(" [{:.3g}, {:.3g}]", low->value, high->value) : "";
    const std::string value =
        fmt::format("{:.4g}{}{}", q.value, spread, q.unit == "1" ? "" : " " + q.unit);
    line(fmt::format("  {:<24} {:<32} {}", q.name, value, q.meaning));
    ++shown;
  }
  if (left > 0) line(fmt::format("  and {} more figures: --full prints them", left));
}

/// Quality: the first and last value of figures on test examples, else of any.
void print_quality(const results::Result& result) {
  std::vector<const results::Series*> chosen;
  const auto choose = [&](bool on_test) {
    for (const results::Series& metric : result.metrics) {
      if (metric.name.starts_with("test_") == on_test && chosen.size() < most_metrics &&
          !metric.values.empty() && std::isfinite(metric.values.back()))
        chosen.push_back(&metric);
    }
  };
  choose(true);
  if (chosen.empty()) choose(false);
  for (const results::Series* metric : chosen) {
    const std::string unit = metric->unit == "1" ? "" : " " + metric->unit;
    line(fmt::format("  {}: {:.4g}{}, {:.4g} at {} {:g}", metric->meaning, metric->values.back(),
                     unit, metric->values.front(), result.axis.name, result.axis.values.front()));
  }
}

void print_few_warnings(const results::Result& result) {
  const std::vector<results::Warning> warnings = results::warnings_of(result);
  for (std::size_t i = 0; i < std::min(most_warnings, warnings.size()); ++i)
    line("  WARNING: " + warnings[i].text);
  if (warnings.size() > most_warnings)
    line(fmt::format("  and {} more warnings", warnings.size() - most_warnings));
}

/// Rows of the table: what ran, then each machine that did the same, in its cheapest format.
std::vector<const results::PricedSystem*> machines_of(
    const std::vector<results::PricedSystem>& rows,
    const std::optional<results::Comparison>& comparison) {
  std::vector<const results::PricedSystem*> out;
  if (!comparison) {
    for (const results::PricedSystem& row : rows)
      if (row.algorithm == rows[0].algorithm && !row.bound) out.push_back(&row);
    return out;
  }
  out.push_back(comparison->subject);
  const auto shown = [&](const results::PricedSystem* row) {
    return std::any_of(out.begin(), out.end(),
                       [&](const auto* other) { return other->place == row->place; });
  };
  for (const results::Rival& rival : comparison->rivals)
    if (!shown(rival.row)) out.push_back(rival.row);
  if (!comparison->first_float) return out;
  const results::PricedSystem* in_float = comparison->first_float->row;
  if (std::find(out.begin(), out.end(), in_float) != out.end()) return out;
  const auto same_place = std::find_if(
      out.begin(), out.end(), [&](const auto* row) { return row->place == in_float->place; });
  out.insert(same_place + 1, in_float);
  return out;
}

/// Title of a place that fits into its column.
std::string short_title(const results::PricedSystem& row) {
  std::string out = row.place_title;
  constexpr std::string_view word = " accelerator";
  if (const std::size_t at = out.find(word); at != std::string::npos) out.erase(at, word.size());
  return std::string(core::first_characters(core::valid_utf8(out), 36));
}

void print_machines(const std::vector<const results::PricedSystem*>& machines) {
  line(fmt::format("{:<36} {:<20} {:<20} {}", "  machine", "core", "node, with its host", "time"));
  for (std::size_t i = 0; i < std::min(most_machines, machines.size()); ++i) {
    const results::PricedSystem& row = *machines[i];
    const bool again = i > 0 && machines[i - 1]->place == row.place;
    const std::string title = again ? "  the same in float32" : "  " + short_title(row);
    if (!row.unpriced.empty()) {
      line(fmt::format("{:<36} not billed: no {}", title, row.unpriced));
      continue;
    }
    line(fmt::format("{:<36} {:<20} {:<20} {}", title, compact(row.bill.core),
                     compact(row.bill.node), compact(row.bill.seconds.band(), "s")));
  }
  if (machines.size() > most_machines)
    line(fmt::format("  and {} more", machines.size() - most_machines));
}

/// "LOSES by 4.9 [1.2, 12]": how far the machine that ran is from the other, in words.
std::string verdict_of(const results::Ratio& ratio) {
  const cost::Band& b = ratio.band;
  const auto text = [](const char* word, double middle, double low, double high) {
    return fmt::format("{} {:.3g} [{:.3g}, {:.3g}]", word, middle, low, high);
  };
  if (b.p05 > 1) return text("WINS by", b.nominal, b.p05, b.p95);
  if (b.p95 < 1) return text("LOSES by", 1 / b.nominal, 1 / b.p95, 1 / b.p05);
  if (b.nominal >= 1) return text("undecided, ahead by", b.nominal, b.p05, b.p95);
  return text("undecided, behind by", 1 / b.nominal, 1 / b.p95, 1 / b.p05);
}

void print_verdict(const results::Comparison& comparison) {
  const results::Rival& best = comparison.rivals.front();
  line(fmt::format("{} against the cheapest digital machine for the same training,",
                   comparison.subject->title));
  line(fmt::format("{} ({}):", best.row->place_title, best.row->title));
  const auto say = [](const char* where, const std::optional<results::Ratio>& ratio) {
    if (!ratio) return;
    line(fmt::format("  {:<28} {:<36} ahead in {:.0f} % of draws", where, verdict_of(*ratio),
                     100 * ratio->above_one));
  };
  say("joules at the core", best.core);
  say("joules at the node", best.node);
  if (comparison.subject->bill.host) say("joules without both hosts", best.without_hosts);
  say("time", best.seconds);
}

/// Explains the ratio to float32 on a large accelerator by its factors.
void print_float(const results::Comparison& comparison) {
  const results::Rival *all = comparison.first_float, *format = comparison.first_cheapest,
                       &best = comparison.rivals.front();
  if (!all || !format || !all->core || !format->core || !best.core) return;
  const double total = all->core->band.nominal, cheapest = format->core->band.nominal,
               left = best.core->band.nominal;
  const cost::Bill& bill = all->row->bill;
  line(
      fmt::format("{} in float32: {:.3g} times the core's joules =", all->row->place_title, total));
  line(fmt::format(
      "  {:.3g} by number format x {:.3g} by machine (waits {:.0f} % of its time for "
      "starts) x {:.3g}",
      total / cheapest, cheapest / left, 100 * bill.launch_seconds / bill.seconds.nominal, left));
}

void print_duty(const cost::Bill& bill) {
  if (!bill.host || !bill.node || bill.seconds.nominal <= 0) return;
  const std::string cells = bill.cells_seconds > 0
                                ? fmt::format("; cells work {:.2g} % of the time",
                                              100 * bill.cells_seconds / bill.seconds.nominal)
                                : "";
  line(fmt::format("Its host takes {:.0f} % of the node's joules{}.",
                   100 * bill.host->nominal / bill.node->nominal, cells));
}

/// Joules per effective sample of the first machines, at the core, the node and the plug.
void print_per_sample(const results::Result& result,
                      const std::vector<const results::PricedSystem*>& machines) {
  const std::optional<double> samples = results::effective_samples(result);
  if (!samples) return;
  constexpr std::size_t most = 3;
  line(fmt::format("Joules per effective sample ({:.4g}, of each machine as of the first){}",
                   *samples, results::accused(result) ? "; the certificate is NOT passed" : ""));
  for (std::size_t i = 0; i < std::min(most, machines.size()); ++i) {
    if (!machines[i]->unpriced.empty()) continue;
    std::string text = fmt::format("  {:<26}", short_title(*machines[i]).substr(0, 26));
    for (const auto where : cost::boundaries) {
      if (const auto& joules = machines[i]->bill.at(where))
        text += fmt::format(" {:<23}", compact(results::per_sample(*joules, *samples), "J"));
    }
    line(text);
  }
}

/// The bill of what ran, beside the machines that are compared with it.
void print_bill(const std::vector<results::PricedSystem>& rows, const cost::Prices& prices) {
  const std::optional<results::Comparison> comparison = results::compared(rows);
  const bool training = of_training(rows);
  line((training ? "Training bill by " : "Bill by ") + prices.title);
  line("  read from " + prices.file);
  line(fmt::format("{}; [5th, 95th percentile of the prices]",
                   training ? "Equal data, NOT equal quality" : rows[0].title));
  print_machines(machines_of(rows, comparison));
  if (comparison) {
    print_verdict(*comparison);
    print_float(*comparison);
  }
  if (rows[0].unpriced.empty()) print_duty(rows[0].bill);
}

}  // namespace

void print_summary(const results::Result& result, const std::vector<results::PricedSystem>& rows,
                   const cost::Prices& prices) {
  if (!result.metrics.empty() && !result.axis.values.empty())
    line(fmt::format("After {} {:g}:", result.axis.name, result.axis.values.back()));
  print_quality(result);
  print_few_warnings(result);
  if (!result.groups.empty()) {
    print_headlines(result);
    line("--full prints the whole report");
    if (!rows.empty() && !of_training(rows)) {
      print_per_sample(result, machines_of(rows, results::compared(rows)));
      print_bill(rows, prices);
    }
  } else if (result.metrics.empty() && rows.empty()) {
    print_figures(result);
  } else if (!rows.empty()) {
    print_bill(rows, prices);
  }
}

}  // namespace ohmlab::cli
