#include "bill_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "../cost/scaling.hpp"
#include "../lab/results/comparison.hpp"
#include "../lab/results/per_sample.hpp"

namespace ohmlab::cli {

std::string engineering(double value, const char* unit) {
  constexpr std::array prefixes{"a", "f", "p", "n", "u", "m", "", "k", "M", "G", "T"};
  if (value == 0) return fmt::format("0 {}", unit);
  const int power =
      std::clamp(static_cast<int>(std::floor(std::log10(std::abs(value)) / 3)), -6, 4);
  const auto prefix = static_cast<std::size_t>(6 + std::ptrdiff_t{power});
  const double scaled = value / std::pow(1000.0, power);
  const int digits = std::abs(scaled) < 9.995 ? 2 : std::abs(scaled) < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f} {}{}", scaled, digits, prefixes[prefix], unit);
}

std::string band(const cost::Band& b, const char* unit) {
  return fmt::format("{} [{} to {}]", engineering(b.nominal, unit), engineering(b.p05, unit),
                     engineering(b.p95, unit));
}

bool of_training(const std::vector<results::PricedSystem>& rows) {
  return std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.examples > 0; });
}

std::string joules_at(const cost::Bill& bill, cost::Boundary where) {
  const auto& joules = bill.at(where);
  return joules ? band(joules->band(), "J") : "not priced";
}

namespace {

/// Members are added one by one: a list in braces is copied twice, and a bill has dozens of bands.
nlohmann::ordered_json band_json(const cost::Band& b) {
  nlohmann::ordered_json::object_t members;
  members.reserve(3);
  members.emplace_back("nominal", b.nominal);
  members.emplace_back("p05", b.p05);
  members.emplace_back("p95", b.p95);
  return members;
}

nlohmann::ordered_json ratio_json(const results::Ratio& ratio) {
  nlohmann::ordered_json out = band_json(ratio.band);
  out["above_one"] = ratio.above_one;
  return out;
}

/// A digital machine, and its joules and seconds over those of the machine that ran.
nlohmann::ordered_json rival_json(const results::Rival& rival) {
  nlohmann::ordered_json out{{"system", rival.row->system}, {"place", rival.row->place}};
  if (rival.core) out["energy_core_ratio"] = ratio_json(*rival.core);
  if (rival.node) out["energy_node_ratio"] = ratio_json(*rival.node);
  if (rival.without_hosts) out["energy_without_hosts_ratio"] = ratio_json(*rival.without_hosts);
  out["time_ratio"] = ratio_json(rival.seconds);
  return out;
}

/// Reference row of the comparison: the first row with a bill, or null.
const results::PricedSystem* first_billed(const std::vector<results::PricedSystem>& rows) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [](const auto& row) { return row.unpriced.empty(); });
  return found == rows.end() ? nullptr : &*found;
}

/// Widest boundary priced in both bills.
std::optional<cost::Boundary> common_boundary(const cost::Bill& a, const cost::Bill& b) {
  for (const auto where : {cost::Boundary::node, cost::Boundary::core}) {
    if (a.at(where) && b.at(where)) return where;
  }
  return std::nullopt;
}

/// Energy of a bill divided by that of the first, at the same boundary.
struct Share {
  cost::Boundary boundary;
  cost::Band band;
};

/// Share at the node if both bills have one, else at the core.
std::optional<Share> share_of(const cost::Bill& bill, const cost::Bill& first) {
  const auto where = common_boundary(bill, first);
  if (!where) return std::nullopt;
  return Share{*where, (*bill.at(*where) / *first.at(*where)).band()};
}

void print_comparison(const std::vector<results::PricedSystem>& rows,
                      const results::PricedSystem* first) {
  fmt::print("\n{} [5th to 95th percentile of the prices]\n",
             of_training(rows) ? "Training bill: equal data, NOT equal quality" : "Bill");
  fmt::print("{:<40} {:<46} {:<33} {:<33} {:<33} {}\n", "system", "priced as", "energy, core",
             "energy, node", "time", "node, of the first");
  for (const results::PricedSystem& row : rows) {
    fmt::print("{:<40} {:<46} ", row.title, row.place_title);
    if (!row.unpriced.empty()) {
      fmt::print("not billed: no {}\n", row.unpriced);
      continue;
    }
    const auto share = share_of(row.bill, first->bill);
    fmt::print("{:<33} {:<33} {:<33} {}{}\n", joules_at(row.bill, cost::Boundary::core),
               joules_at(row.bill, cost::Boundary::node), band(row.bill.seconds.band(), "s"),
               share ? fmt::format("{:.3g} [{:.3g} to {:.3g}]", share->band.nominal,
                                   share->band.p05, share->band.p95)
                     : "",
               share && share->boundary == cost::Boundary::core ? ", of its core" : "");
  }
  fmt::print(
      "core: arrays or digital chips with their edge and memory, or accelerators with theirs; "
      "node: "
      "and host, links, fans, supply.\n");
}

/// Prints the counted operations beside those of the law 6 P T.
void print_law(const std::vector<results::PricedSystem>& rows) {
  const auto sequence_model = std::find_if(
      rows.begin(), rows.end(), [](const auto& row) { return row.tokens > row.examples; });
  if (sequence_model == rows.end()) return;
  const results::PricedSystem& row = *sequence_model;
  fmt::print("{}: {:.3g} FLOP; the law 6 P T with P = {:.0f}, T = {:.3g} tokens gives {:.3g}\n",
             row.title, row.flops, row.parameters, row.tokens,
             cost::training_flops(row.parameters, row.tokens));
}

void print_sums(const results::PricedSystem& row) {
  const cost::Bill& bill = row.bill;
  for (const auto where : cost::boundaries) {
    fmt::print("  {:<9} {:<34}", cost::name(where), joules_at(bill, where));
    if (const auto& joules = bill.at(where)) {
      if (row.examples > 0) {
        cost::Band each = joules->band();
        for (double* x : {&each.nominal, &each.p05, &each.p95}) *x /= row.examples;
        fmt::print(" an example {:<34}", band(each, "J"));
      }
      fmt::print(" energy x time {}", band((*joules * bill.seconds).band(), "Js"));
    }
    fmt::print("\n");
  }
  if (bill.dollars) fmt::print("  cost      {}\n", band(bill.dollars->band(), "USD"));
  if (bill.co2) {
    cost::Band grams = bill.co2->band();
    for (double* x : {&grams.nominal, &grams.p05, &grams.p95}) *x *= 1000;
    fmt::print("  CO2       {}, of operation alone\n", band(grams, "g"));
  }
}

void print_breakdown(const results::PricedSystem& row) {
  fmt::print("\n{}, priced as {}\n", row.title, row.place_title);
  print_sums(row);
  const double all = row.bill.lines_total().nominal;
  const std::string_view boundary = cost::name(row.bill.boundary);
  const auto lines = [&](const char* head, const std::vector<cost::BillLine>& bill) {
    fmt::print("  by {}, energy at the {}\n", head, boundary);
    for (const cost::BillLine& line : bill) {
      if (line.joules.nominal > 0) {
        fmt::print("    {:<24} {:<34} {:5.1f} %\n", line.label, band(line.joules.band(), "J"),
                   100 * line.joules.nominal / all);
      }
    }
  };
  lines("kind of work", row.bill.groups);
  lines("component", row.bill.components);
  if (!row.bill.layers.empty()) lines("layer", row.bill.layers);
  lines("action", row.bill.actions);
  fmt::print("  by stage, energy at the {}, time\n", boundary);
  for (const cost::BillLine& line : row.bill.stages) {
    fmt::print("    {:<24} {:<34} {:5.1f} % {}\n", line.label, band(line.joules.band(), "J"),
               100 * line.joules.nominal / all,
               line.seconds.nominal > 0 ? band(line.seconds.band(), "s") : "");
  }
  const cost::Bill& bill = row.bill;
  if (bill.host)
    fmt::print("  host {}, {:.0f} % of the node\n", band(bill.host->band(), "J"),
               100 * bill.host->nominal / bill.node->nominal);
  if (bill.launch_seconds > 0 && bill.seconds.nominal > 0)
    fmt::print("  the accelerator waits for starts {:.2g} % of the time\n",
               100 * bill.launch_seconds / bill.seconds.nominal);
  if (bill.cells_seconds > 0 && bill.seconds.nominal > 0)
    fmt::print("  cells are read or pulsed {:.2g} % of the time\n",
               100 * bill.cells_seconds / bill.seconds.nominal);
  for (const cost::Wear& wear : bill.wear) {
    fmt::print(
        "  wear of {}: {:.3g} pulses a cell in the mean, of {:.3g} that it survives: {:.2g} %\n",
        wear.component, wear.pulses, wear.endurance, 100 * wear.pulses / wear.endurance);
  }
  const cost::Band area = row.bill.area;
  fmt::print("  area {:.3g} mm2 [{:.3g} to {:.3g}]\n", 1e6 * area.nominal, 1e6 * area.p05,
             1e6 * area.p95);
}

}  // namespace

void print_warnings(const std::vector<results::Warning>& warnings) {
  for (const results::Warning& warning : warnings)
    fmt::print("WARNING: {} ({})\n", warning.text, warning.figure);
}

std::string described(const cost::Prices& prices) {
  return prices.file.empty() ? prices.title : fmt::format("{} ({})", prices.title, prices.file);
}

nlohmann::ordered_json prices_json(const cost::Prices& prices) {
  return {{"title", prices.title}, {"file", prices.file}};
}

void print_bills(const std::vector<results::PricedSystem>& rows, const cost::Prices& prices) {
  if (rows.empty()) return;
  const results::PricedSystem* first = first_billed(rows);
  fmt::print("\nPrices: {}\n", described(prices));
  print_comparison(rows, first);
  print_law(rows);
  if (first) print_breakdown(*first);
}

void print_tornado(const results::Tornado& tornado) {
  constexpr std::size_t most = 12;
  const double nominal = tornado.nominal;
  fmt::print(
      "\nWhat moves the energy at the {} most: each price alone at its 5th and 95th percentile\n",
      cost::name(tornado.boundary));
  for (std::size_t i = 0; i < std::min(most, tornado.swings.size()); ++i) {
    const cost::Swing& swing = tornado.swings[i];
    fmt::print("    {:<44} {:<10} to {:<10} {:+.0f} % to {:+.0f} %\n", swing.price,
               engineering(swing.low, "J"), engineering(swing.high, "J"),
               100 * (swing.low / nominal - 1), 100 * (swing.high / nominal - 1));
  }
}

nlohmann::ordered_json tornado_json(const results::Tornado& tornado) {
  auto out = nlohmann::ordered_json::array();
  const std::string energy = fmt::format("energy_{}_", cost::name(tornado.boundary));
  for (const cost::Swing& swing : tornado.swings) {
    out.push_back(
        {{"price", swing.price}, {energy + "low_J", swing.low}, {energy + "high_J", swing.high}});
  }
  return out;
}

nlohmann::ordered_json bills_json(const std::vector<results::PricedSystem>& rows) {
  auto out = nlohmann::ordered_json::array();
  const results::PricedSystem* first = first_billed(rows);
  for (const results::PricedSystem& row : rows) {
    nlohmann::ordered_json item{{"system", row.system},
                                {"title", row.title},
                                {"place", row.place},
                                {"unpriced", row.unpriced},
                                {"parameters", row.parameters},
                                {"examples", row.examples},
                                {"tokens", row.tokens},
                                {"flops", row.flops},
                                {"machine", name(row.machine)},
                                {"algorithm", row.algorithm},
                                {"bound", row.bound}};
    if (row.unpriced.empty()) {
      const cost::Bill& bill = row.bill;
      item["boundary"] = cost::name(bill.boundary);
      for (const auto where : cost::boundaries) {
        const auto& joules = bill.at(where);
        if (!joules) continue;
        const std::string key(cost::name(where));
        item["energy_" + key + "_J"] = band_json(joules->band());
        item["energy_delay_" + key + "_Js"] = band_json((*joules * bill.seconds).band());
        if (row.examples > 0)
          item["energy_" + key + "_per_example_J"] = joules->nominal / row.examples;
      }
      if (bill.dollars) item["cost_USD"] = band_json(bill.dollars->band());
      if (bill.co2) item["co2_kg"] = band_json(bill.co2->band());
      item["time_s"] = band_json(row.bill.seconds.band());
      item["area_m2"] = band_json(row.bill.area);
      if (bill.host) item["energy_host_J"] = band_json(bill.host->band());
      item["cells_s"] = bill.cells_seconds;
      item["launch_s"] = bill.launch_seconds;
      for (const cost::Wear& wear : bill.wear) {
        item["wear"][wear.component] = {{"pulses_per_cell", wear.pulses},
                                        {"endurance", wear.endurance}};
      }
      if (const auto share = share_of(bill, first->bill))
        item[fmt::format("energy_{}_of_first", cost::name(share->boundary))] =
            band_json(share->band);
    }
    const auto lines = [&](const char* head, const std::vector<cost::BillLine>& bill) {
      if (bill.empty()) return;
      auto& table = item[fmt::format("energy_{}_by_{}_J", cost::name(row.bill.boundary), head)];
      for (const cost::BillLine& line : bill) table[line.label] = band_json(line.joules.band());
    };
    lines("group", row.bill.groups);
    lines("component", row.bill.components);
    lines("layer", row.bill.layers);
    lines("action", row.bill.actions);
    lines("stage", row.bill.stages);
    for (const cost::BillLine& line : row.bill.stages) {
      item["by_stage_s"][line.label] = band_json(line.seconds.band());
    }
    out.push_back(std::move(item));
  }
  if (const auto comparison = results::compared(rows))
    out[0]["cheapest_digital"] = rival_json(comparison->rivals.front());
  return out;
}

void add_per_sample(const results::Result& result, const std::vector<results::PricedSystem>& rows,
                    nlohmann::ordered_json& bills) {
  const std::optional<double> samples = results::effective_samples(result);
  if (!samples) return;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].unpriced.empty()) continue;
    for (const auto where : cost::boundaries) {
      if (const auto& joules = rows[i].bill.at(where))
        bills[i][fmt::format("energy_{}_per_effective_sample_J", cost::name(where))] =
            band_json(results::per_sample(*joules, *samples));
    }
  }
}

}  // namespace ohmlab::cli
