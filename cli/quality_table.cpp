#include "quality_table.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "bill_table.hpp"

namespace ohmlab::cli {
namespace {

std::string goal_text(const results::Approach& run) {
  return fmt::format("{} {} {} {}", run.goal.metric,
                     run.toward == results::Toward::up ? ">=" : "<=", run.goal.value,
                     run.unit == "1" ? "" : run.unit);
}

std::string text_of(const std::optional<cost::Draws>& joules) {
  return joules ? band(joules->band(), "J") : "not priced";
}

nlohmann::ordered_json sight_json(const results::Sight& sight) {
  return {{"at", sight.at}, {"value", sight.value}};
}

}  // namespace

void QualityTable::add(const std::string& file, const results::QualityBill& bill) {
  const results::Approach& run = bill.approach;
  goal_ = goal_text(run);
  if (!run.unknown.empty())
    unknown_.push_back(fmt::format("{}: {}", file, fmt::join(run.unknown, "; ")));
  if (!run.reached) {
    failed_.push_back(fmt::format("{}: {}: not reached, best {:.6g} at {} {} of {}", file,
                                  run.system.title, run.sight.value, run.axis, run.sight.at,
                                  run.last.at));
    return;
  }
  for (std::size_t i = 0; i < bill.bills.size(); ++i) {
    const results::PricedSystem& priced = bill.bills[i];
    Row row{.file = file,
            .title = priced.title,
            .place = priced.place_title,
            .unpriced = priced.unpriced,
            .at = fmt::format("{} {}", run.axis, run.sight.at),
            .value = fmt::format("{:.6g}", run.sight.value),
            .stays = run.stays ? fmt::format("{} {}", run.axis, run.stays->at) : "never"};
    if (run.before) {
      row.at += fmt::format(" ({})", run.before->at);
      row.value += fmt::format(" ({:.6g})", run.before->value);
    }
    if (row.unpriced.empty()) {
      row.core = priced.bill.core;
      row.node = priced.bill.node;
      row.facility = joules_at(priced.bill, cost::Boundary::facility);
      row.seconds = band(priced.bill.seconds.band(), "s");
      row.dollars = priced.bill.dollars ? band(priced.bill.dollars->band(), "USD") : "not priced";
      if (run.before) row.node_before = bill.bills_before[i].bill.node;
    }
    rows_.push_back(std::move(row));
  }
}

bool QualityTable::cheaper(const Row& a, const Row& b) {
  const auto key = [](const Row& row) {
    const auto& joules = row.node ? row.node : row.core;
    return std::pair{row.node ? 0 : row.core ? 1 : 2, joules ? joules->nominal : 0.0};
  };
  return key(a) < key(b);
}

void QualityTable::print_rows() const {
  std::vector<Row> rows = rows_;
  std::stable_sort(rows.begin(), rows.end(), cheaper);
  fmt::print(
      "{:<40} {:<46} {:<18} {:<19} {:<12} {:<33} {:<33} {:<12} {:<33} {:<33} {:<36} {:<25} {}\n",
      "system", "priced as", "there at (before)", "metric (before)", "stays from", "energy, core",
      "energy, node", "node, before", "energy, facility", "time", "cost", "node, of the first",
      "result");
  for (const Row& row : rows) {
    fmt::print("{:<40} {:<46} {:<18} {:<19} {:<12} ", row.title, row.place, row.at, row.value,
               row.stays);
    if (!row.unpriced.empty()) {
      fmt::print("not billed: no {} {}\n", row.unpriced, row.file);
      continue;
    }
    std::string share;
    if (row.node && rows[0].node) {
      const cost::Band b = (*row.node / *rows[0].node).band();
      share = fmt::format("{:.3g} [{:.3g} to {:.3g}]", b.nominal, b.p05, b.p95);
    }
    fmt::print("{:<33} {:<33} {:<12} {:<33} {:<33} {:<36} {:<25} {}\n", text_of(row.core),
               text_of(row.node), row.node_before ? engineering(row.node_before->nominal, "J") : "",
               row.facility, row.seconds, row.dollars, share, row.file);
  }
}

void QualityTable::print(const std::string& prices) const {
  fmt::print("Training bill to {} under {}: equal quality [5th to 95th percentile of the prices]\n",
             goal_, prices);
  if (!rows_.empty()) {
    print_rows();
    fmt::print(
        "Each bill ends at the first evaluation there; at the one before it was not there yet, and "
        "nothing is interpolated.\nA noisy metric can cross the target once by chance; \"stays "
        "from\" is where it stays to the end.\n");
  }
  for (const std::string& line : failed_) fmt::print("{}\n", line);
  for (const std::string& line : unknown_) {
    fmt::print(
        "No joules to a quality for machines that did not run, since their quality is unknown: "
        "{}\n",
        line);
  }
}

nlohmann::ordered_json quality_json(const results::QualityBill& bill) {
  const results::Approach& run = bill.approach;
  nlohmann::ordered_json out{
      {"metric", run.goal.metric}, {"target", run.goal.value},
      {"unit", run.unit},          {"toward", run.toward == results::Toward::up ? "up" : "down"},
      {"axis", run.axis},          {"system", run.system.name},
      {"title", run.system.title}, {"reached", run.reached}};
  const nlohmann::ordered_json none;
  out["there"] = run.reached ? sight_json(run.sight) : none;
  out["before"] = run.before ? sight_json(*run.before) : none;
  out["stays"] = run.stays ? sight_json(*run.stays) : none;
  out["best"] = run.reached ? none : sight_json(run.sight);
  out["bills"] = bills_json(bill.bills);
  out["bills_before"] = bills_json(bill.bills_before);
  out["quality_unknown"] = run.unknown;
  return out;
}

}  // namespace ohmlab::cli
