#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "../core/field_values.hpp"
#include "../lab/validation/validation.hpp"
#include "commands.hpp"
#include "json.hpp"

namespace ohmlab::cli {
namespace {

struct ValidateArguments {
  std::vector<std::string> names;
  bool json = false;
};

void print(const validation::Validation& validation) {
  fmt::print("{}\n", validation.title);
  for (const std::string& file : validation.files) fmt::print("read from {}\n", file);
  for (const std::string& sentence : validation.protocol) fmt::print("\n{}\n", sentence);
  for (const validation::ValidationTable& table : validation.tables) {
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
  for (const validation::Gate& gate : validation.gates) {
    if (gate.goal.empty()) {
      fmt::print("     {}: {}\n", gate.name, gate.reached);
      continue;
    }
    fmt::print("{:<4} {}: {} ({})\n", gate.met ? "met" : "MISS", gate.name, gate.reached,
               gate.goal);
    if (!gate.cause.empty()) fmt::print("     cause: {}\n", gate.cause);
  }
}

void validate(const ValidateArguments& arguments) {
  std::vector<const validation::ValidationEntry*> entries;
  for (const std::string& name : arguments.names)
    entries.push_back(&validation::validation_named(name));
  if (entries.empty()) {
    for (const validation::ValidationEntry& entry : validation::validations()) {
      if (!entry.named_alone) entries.push_back(&entry);
    }
  }
  nlohmann::json out;
  std::vector<std::string> missed;
  for (const validation::ValidationEntry* entry : entries) {
    const validation::Validation validation = entry->run();
    for (const validation::Gate& gate : validation.gates) {
      if (validation.binding && !gate.met) missed.push_back(gate.name);
    }
    if (arguments.json) {
      out[std::string(entry->name)] = json_of(core::to_node(validation));
    } else {
      print(validation);
    }
  }
  if (arguments.json) fmt::print("{}\n", out.dump(2));
  if (!missed.empty())
    throw std::runtime_error(fmt::format("does not hold: {}", fmt::join(missed, ", ")));
}

}  // namespace

void add_validate(CLI::App& app) {
  std::string known;
  for (const validation::ValidationEntry& entry : validation::validations()) {
    known += fmt::format("{}{}: {}", known.empty() ? "" : "; ", entry.name, entry.summary);
  }
  CLI::App* command = app.add_subcommand(
      "validate", "Compare what the models say with what was published and measured");
  const auto arguments = std::make_shared<ValidateArguments>();
  command->add_option("names", arguments->names, known + "; all but arrays unless given");
  command->add_flag("--json", arguments->json, "as JSON");
  command->callback([arguments] { validate(*arguments); });
}

}  // namespace ohmlab::cli
