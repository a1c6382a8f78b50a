#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "ohmlab/cli/commands.hpp"
#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/suggest.hpp"
#include "ohmlab/lab/validation.hpp"

namespace ohmlab::cli {
namespace {

struct ValidateArguments {
  std::vector<std::string> names;
  bool json = false;
};

const lab::ValidationEntry& entry_of(const std::string& name) {
  std::vector<std::string_view> known;
  for (const lab::ValidationEntry& entry : lab::validations()) {
    if (entry.name == name) return entry;
    known.push_back(entry.name);
  }
  throw core::UserError({}, "", "",
                        fmt::format("nothing called \"{}\" to validate{}; there are: {}", name,
                                    core::did_you_mean(name, known), fmt::join(known, ", ")));
}

void print(const lab::Validation& validation) {
  fmt::print("{}\n", validation.title);
  for (const std::string& sentence : validation.protocol) fmt::print("\n{}\n", sentence);
  for (const lab::ValidationTable& table : validation.tables) {
    std::vector<std::size_t> widths;
    for (std::size_t column = 0; column < table.head.size(); ++column) {
      std::size_t width = table.head[column].size();
      for (const auto& row : table.rows) width = std::max(width, row[column].size());
      widths.push_back(width);
    }
    fmt::print("\n{}\n", table.title);
    const auto line = [&](const std::vector<std::string>& cells) {
      for (std::size_t c = 0; c < cells.size(); ++c) fmt::print("{:<{}}  ", cells[c], widths[c]);
      fmt::print("\n");
    };
    line(table.head);
    for (const auto& row : table.rows) line(row);
  }
  fmt::print("\n");
  for (const lab::Gate& gate : validation.gates) {
    if (gate.goal.empty()) {
      fmt::print("     {}: {}\n", gate.name, gate.reached);
      continue;
    }
    fmt::print("{:<4} {}: {} ({})\n", gate.met ? "met" : "MISS", gate.name, gate.reached, gate.goal);
    if (!gate.cause.empty()) fmt::print("     cause: {}\n", gate.cause);
  }
}

nlohmann::ordered_json to_json(const lab::Validation& validation) {
  nlohmann::ordered_json out{{"title", validation.title}, {"protocol", validation.protocol}};
  for (const lab::Gate& gate : validation.gates) {
    out["gates"].push_back({{"name", gate.name},
                            {"reached", gate.reached},
                            {"goal", gate.goal},
                            {"met", gate.met},
                            {"cause", gate.cause}});
  }
  for (const lab::ValidationTable& table : validation.tables) {
    out["tables"].push_back({{"title", table.title}, {"head", table.head}, {"rows", table.rows}});
  }
  out["points"] = nlohmann::ordered_json::array();
  for (const lab::ValidationPoint& point : validation.points) {
    out["points"].push_back({{"series", point.series},
                             {"name", point.name},
                             {"node", point.node},
                             {"measured", point.measured},
                             {"median", point.median},
                             {"p05", point.p05},
                             {"p95", point.p95},
                             {"unit", point.unit}});
  }
  return out;
}

void validate(const ValidateArguments& arguments) {
  std::vector<const lab::ValidationEntry*> entries;
  for (const std::string& name : arguments.names) entries.push_back(&entry_of(name));
  if (entries.empty()) {
    for (const lab::ValidationEntry& entry : lab::validations()) entries.push_back(&entry);
  }
  nlohmann::ordered_json out;
  for (const lab::ValidationEntry* entry : entries) {
    const lab::Validation validation = entry->run();
    if (arguments.json) {
      out[std::string(entry->name)] = to_json(validation);
    } else {
      print(validation);
    }
  }
  if (arguments.json) fmt::print("{}\n", out.dump(2));
}

}  // namespace

void add_validate(CLI::App& app) {
  std::string known;
  for (const lab::ValidationEntry& entry : lab::validations()) {
    known += fmt::format("{}{}: {}", known.empty() ? "" : "; ", entry.name, entry.summary);
  }
  CLI::App* command =
      app.add_subcommand("validate", "Compare what the models say with what was published and measured");
  const auto arguments = std::make_shared<ValidateArguments>();
  command->add_option("names", arguments->names, known + "; all unless given");
  command->add_flag("--json", arguments->json, "as JSON");
  command->callback([arguments] { validate(*arguments); });
}

}  // namespace ohmlab::cli
