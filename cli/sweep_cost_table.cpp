#include "sweep_cost_table.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bill_table.hpp"

namespace ohmlab::cli {
namespace {

using Json = nlohmann::ordered_json;
using Row = std::vector<std::string>;

Json to_json(const cost::Band& b) {
  if (std::isnan(b.nominal)) return nullptr;
  return {{"nominal", b.nominal}, {"p05", b.p05}, {"p95", b.p95}};
}

Json to_json(const lab::SweepMachine& machine, const lab::SweepCost& cost) {
  Json out{{"system", machine.system}, {"place", machine.place}, {"title", machine.title}};
  if (!cost.unpriced.empty()) {
    out["unpriced"] = cost.unpriced;
    return out;
  }
  for (std::size_t b = 0; b < cost.joules.size(); ++b)
    out["joules"][std::string(cost::name(cost::boundaries[b]))] = to_json(cost.joules[b]);
  out["seconds"] = to_json(cost.seconds);
  out["area"] = to_json(cost.area);
  return out;
}

std::string shown(const cost::Band& b, const char* unit) {
  return std::isnan(b.nominal) ? "-" : band(b, unit);
}

Row row_of(const lab::SweepCosts& costs, std::size_t point) {
  Row out = costs.index.labels_of(point);
  const std::size_t ran = costs.ran[point];
  if (ran >= costs.machines.size()) {
    out.emplace_back("did not run");
    return out;
  }
  out.push_back(costs.machines[ran].title);
  const lab::SweepCost& cost = costs.rows[point][ran];
  if (!cost.unpriced.empty()) {
    out.push_back("not billed: " + cost.unpriced);
    return out;
  }
  out.push_back(shown(cost.joules[0], "J"));
  out.push_back(shown(cost.joules[1], "J"));
  out.push_back(shown(cost.seconds, "s"));
  out.push_back(shown(cost.area, "m2"));
  return out;
}

void print_rows(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const Row& row : rows) {
    for (std::size_t c = 0; c + 1 < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
  }
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c)
      line += c + 1 < row.size() ? fmt::format("{:<{}}  ", row[c], widths[c]) : row[c];
    fmt::print("{}\n", line);
  }
}

}  // namespace

void print_sweep_costs(const lab::SweepCosts& costs, const cost::Prices& prices, bool json) {
  if (json) {
    Json points = Json::array();
    for (std::size_t p = 0; p < costs.rows.size(); ++p) {
      Json point{{"id", costs.index.ids[p]}, {"at", Json::object()}, {"bills", Json::array()}};
      const Row labels = costs.index.labels_of(p);
      for (std::size_t d = 0; d < labels.size(); ++d)
        point["at"][costs.index.dimensions[d]] = labels[d];
      if (costs.ran[p] < costs.machines.size()) point["ran"] = costs.machines[costs.ran[p]].system;
      for (std::size_t m = 0; m < costs.machines.size(); ++m)
        point["bills"].push_back(to_json(costs.machines[m], costs.rows[p][m]));
      points.push_back(std::move(point));
    }
    fmt::print("{}\n", Json{{"prices", prices_json(prices)}, {"points", points}}.dump(2));
    return;
  }
  Row heads = costs.index.dimensions;
  heads.insert(heads.end(), {"machine", "joules, core", "joules, node", "seconds", "area"});
  std::vector<Row> rows{heads};
  for (std::size_t p = 0; p < costs.rows.size(); ++p) rows.push_back(row_of(costs, p));
  fmt::print("Machines that ran, under {} [5th to 95th percentile of the prices]\n",
             described(prices));
  print_rows(rows);
}

}  // namespace ohmlab::cli
