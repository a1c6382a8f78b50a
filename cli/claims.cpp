#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "../core/field_values.hpp"
#include "../cost/claim.hpp"
#include "bill_table.hpp"
#include "commands.hpp"
#include "json.hpp"

namespace ohmlab::cli {
namespace {

struct ClaimsArguments {
  std::vector<std::string> names, sets;
  bool json = false;
};

std::string figure(const cost::ClaimFigure& f, const char* unit) {
  const std::string middle = engineering(f.nominal, unit);
  if (f.p05 == f.p95) return middle;
  return band({f.nominal, f.p05, f.p95}, unit);
}

/// "14.8 times", "10000 times"
std::string times(double factor) {
  return factor < 1000 ? fmt::format("{:.3g} times", factor) : fmt::format("{:.0f} times", factor);
}

void print_part(const cost::ClaimPart& part, double all) {
  if (part.count == 0 && part.joules) return;
  const bool power = part.name == "standby" || part.name == "around";
  const std::string count = power ? (part.count == 0 ? "-" : engineering(part.count, "s"))
                                  : fmt::format("{:.4g}", part.count);
  if (!part.joules) {
    fmt::print("  {:<9} {:>10}  not stated\n", part.name, count);
    return;
  }
  fmt::print("  {:<9} {:>10}  {:<28} {:>4.0f} %  {}\n", part.name, count, figure(*part.joules, "J"),
             all > 0 ? 100 * part.joules->nominal / all : 0, part.evidence);
}

void print_total(const cost::ClaimTotal& total) {
  if (total.stated.nominal == 0 && total.unstated.empty()) return;  // inside a wider measurement
  std::string line =
      fmt::format("  {:<9} {:>10}  {}{}", total.boundary, "",
                  total.unstated.empty() ? "" : "at least ", figure(total.stated, "J"));
  if (total.over_claimed) line += fmt::format(", {} the claim", times(total.over_claimed->nominal));
  if (total.advantage_left)
    line += fmt::format("; {}{} below its rival", total.unstated.empty() ? "" : "at most ",
                        times(total.advantage_left->nominal));
  fmt::print("{}\n", line);
}

void print_claim(const std::string& name, const cost::Claim& claim, const cost::ClaimBill& bill) {
  fmt::print("{}: {}\n  {}\n  {}\n", name, claim.title, claim.says, claim.source);
  fmt::print("for one unit ({}) on {}\n", claim.work.unit, claim.machine.title);
  const double all = bill.totals.back().stated.nominal;
  for (const cost::ClaimPart& part : bill.parts) print_part(part, all);
  fmt::print("inside the boundary\n");
  for (const cost::ClaimTotal& total : bill.totals) print_total(total);
  if (const auto& unstated = bill.totals.back().unstated; !unstated.empty())
    fmt::print("no total at the node: {} {} not stated\n", fmt::join(unstated, ", "),
               unstated.size() == 1 ? "is" : "are");
  fmt::print("time {}\n", bill.seconds ? figure(*bill.seconds, "s") : "not stated");
  for (const std::string& reason : bill.unfit) fmt::print("does not fit: {}\n", reason);
}

void judge_claims(const ClaimsArguments& arguments) {
  const std::vector<std::string> names =
      arguments.names.empty() ? cost::claim_names() : arguments.names;
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  bool first = true;
  for (const std::string& name : names) {
    const cost::Claim claim = cost::find_claim(name, arguments.sets);
    const cost::ClaimBill bill = cost::bill_claim(claim);
    if (arguments.json) {
      out[name] = {{"claim", json_of(core::to_node(claim))},
                   {"bill", json_of(core::to_node(bill))}};
      continue;
    }
    if (!first) fmt::print("\n");
    first = false;
    print_claim(name, claim, bill);
  }
  if (arguments.json) fmt::print("{}\n", out.dump(2));
}

}  // namespace

void add_claims(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "claims", "Bill published claims of machines that sample again, with what they leave out");
  const auto arguments = std::make_shared<ClaimsArguments>();
  command->add_option("claim", arguments->names,
                      "files, or names among the presets; all of these unless given");
  command
      ->add_option("--set", arguments->sets,
                   "KEY=VALUE: another figure of the claim, e.g. machine.update.median=5e-15")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  command->add_flag("--json", arguments->json, "print all numbers as JSON");
  command->callback([arguments] { judge_claims(*arguments); });
}

}  // namespace ohmlab::cli
