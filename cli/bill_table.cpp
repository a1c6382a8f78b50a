#include "ohmlab/cli/bill_table.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "ohmlab/cost/scaling.hpp"

namespace ohmlab::cli {
namespace {

/// "1.23 mJ": three digits and an SI prefix.
std::string engineering(double value, const char* unit) {
  constexpr const char* prefixes[] = {"a", "f", "p", "n", "u", "m", "", "k", "M", "G", "T"};
  if (value == 0) return fmt::format("0 {}", unit);
  const int power = std::clamp(static_cast<int>(std::floor(std::log10(std::abs(value)) / 3)), -6, 4);
  const double scaled = value / std::pow(1000.0, power);
  const int digits = std::abs(scaled) < 9.995 ? 2 : std::abs(scaled) < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f} {}{}", scaled, digits, prefixes[power + 6], unit);
}

std::string band(const cost::Band& b, const char* unit) {
  return fmt::format("{} [{} to {}]", engineering(b.nominal, unit), engineering(b.p05, unit),
                     engineering(b.p95, unit));
}

nlohmann::ordered_json band_json(const cost::Band& b) {
  return {{"nominal", b.nominal}, {"p05", b.p05}, {"p95", b.p95}};
}

/// The row that others are compared with: the first that has a bill, or nothing.
const lab::PricedSystem* first_billed(const std::vector<lab::PricedSystem>& rows) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [](const auto& row) { return row.unpriced.empty(); });
  return found == rows.end() ? nullptr : &*found;
}

void print_comparison(const std::vector<lab::PricedSystem>& rows, const lab::PricedSystem* first) {
  fmt::print("\nTraining bill: equal data, NOT equal quality [5th to 95th percentile of the prices]\n");
  fmt::print("{:<40} {:<46} {:<34} {:<34} {}\n", "system", "priced as", "energy", "time",
             "energy, of the first bill");
  for (const lab::PricedSystem& row : rows) {
    fmt::print("{:<40} {:<46} ", row.title, row.place_title);
    if (!row.unpriced.empty()) {
      fmt::print("not billed: no {}\n", row.unpriced);
      continue;
    }
    const cost::Band share = cost::ratio(row.bill.joules, first->bill.joules).band();
    fmt::print("{:<34} {:<34} {:.3g} [{:.3g} to {:.3g}]\n", band(row.bill.joules.band(), "J"),
               band(row.bill.seconds.band(), "s"), share.nominal, share.p05, share.p95);
  }
  fmt::print(
      "Joules per operation of accelerators are those of large models, hence lower bounds for models as "
      "small as "
      "these.\n");
}

/// How far the law of foundation models is from the operations counted.
void print_law(const std::vector<lab::PricedSystem>& rows) {
  const auto sequence_model =
      std::find_if(rows.begin(), rows.end(), [](const auto& row) { return row.tokens > row.examples; });
  if (sequence_model == rows.end()) return;
  const lab::PricedSystem& row = *sequence_model;
  fmt::print("{}: {:.3g} FLOP; the law 6 P T with P = {:.0f}, T = {:.3g} tokens gives {:.3g}\n", row.title,
             row.flops, row.parameters, row.tokens, cost::training_flops(row.parameters, row.tokens));
}

void print_breakdown(const lab::PricedSystem& row) {
  fmt::print("\n{}, priced as {}\n", row.title, row.place_title);
  const auto lines = [](const char* head, const std::vector<cost::BillLine>& bill) {
    fmt::print("  by {}\n", head);
    for (const cost::BillLine& line : bill) {
      if (line.joules.nominal > 0) fmt::print("    {:<24} {}\n", line.label, band(line.joules.band(), "J"));
    }
  };
  lines("component", row.bill.components);
  lines("action", row.bill.actions);
  fmt::print("  by stage\n");
  for (const cost::BillLine& line : row.bill.stages) {
    fmt::print("    {:<24} {:<34} {}\n", line.label, band(line.joules.band(), "J"),
               line.seconds.nominal > 0 ? band(line.seconds.band(), "s") : "");
  }
  const cost::Band area = row.bill.area;
  fmt::print("  area {:.3g} mm2 [{:.3g} to {:.3g}]\n", 1e6 * area.nominal, 1e6 * area.p05, 1e6 * area.p95);
}

}  // namespace

void print_bills(const std::vector<lab::PricedSystem>& rows) {
  if (rows.empty()) return;
  const lab::PricedSystem* first = first_billed(rows);
  print_comparison(rows, first);
  print_law(rows);
  if (first) print_breakdown(*first);
}

nlohmann::ordered_json bills_json(const std::vector<lab::PricedSystem>& rows) {
  auto out = nlohmann::ordered_json::array();
  const lab::PricedSystem* first = first_billed(rows);
  for (const lab::PricedSystem& row : rows) {
    nlohmann::ordered_json item{{"system", row.system},         {"title", row.title},
                                {"place", row.place},           {"unpriced", row.unpriced},
                                {"parameters", row.parameters}, {"examples", row.examples},
                                {"tokens", row.tokens},         {"flops", row.flops}};
    if (row.unpriced.empty()) {
      item["energy_J"] = band_json(row.bill.joules.band());
      item["time_s"] = band_json(row.bill.seconds.band());
      item["area_m2"] = band_json(row.bill.area);
      item["energy_of_first"] = band_json(cost::ratio(row.bill.joules, first->bill.joules).band());
    }
    const auto lines = [&](const char* head, const std::vector<cost::BillLine>& bill) {
      for (const cost::BillLine& line : bill) item[head][line.label] = band_json(line.joules.band());
    };
    lines("by_component_J", row.bill.components);
    lines("by_action_J", row.bill.actions);
    lines("by_stage_J", row.bill.stages);
    for (const cost::BillLine& line : row.bill.stages) {
      item["by_stage_s"][line.label] = band_json(line.seconds.band());
    }
    out.push_back(std::move(item));
  }
  return out;
}

}  // namespace ohmlab::cli
