#include "../lab/run.hpp"

#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bill_table.hpp"
#include "commands.hpp"
#include "notes.hpp"
#include "summary.hpp"
#include "terminal.hpp"

namespace ohmlab::cli {
namespace {

struct RunArguments {
  std::string config;
  std::vector<std::string> sets;
  lab::RunOptions options;
  std::string prices = "default";
  bool show = false, json = false, full = false;
};

std::string stored_line(const lab::Outcome& outcome) {
  return fmt::format("{}{} ({:.1f} s on {} threads)",
                     outcome.ran ? "stored in " : "already finished: ", outcome.file.string(),
                     outcome.stored.facts.seconds, outcome.stored.facts.threads);
}

void print_table(const lab::Outcome& outcome) {
  for (const results::Quantity& q : outcome.stored.result.quality) {
    fmt::print("{:<34} {:>12.6g} {:<4} {}\n", q.name, q.value, q.unit == "1" ? "" : q.unit,
               q.meaning);
  }
  for (const results::LabelledGroup& group : outcome.stored.result.groups)
    fmt::print("{}\n", group.report);
  fmt::print("{}\n", stored_line(outcome));
}

nlohmann::ordered_json group_json(const results::LabelledGroup& group) {
  nlohmann::ordered_json out;
  for (const results::Axis& axis : group.axes) {
    if (axis.labels.empty()) {
      out["axes"][axis.name] = axis.values;
    } else {
      out["axes"][axis.name] = axis.labels;
    }
  }
  for (const results::Cube& cube : group.cubes) {
    nlohmann::ordered_json& entry = out["cubes"][cube.name];
    entry["dims"] = cube.dims;
    entry["unit"] = cube.unit;
    if (cube.texts.empty()) {
      entry["values"] = cube.values;
    } else {
      entry["values"] = cube.texts;
    }
  }
  return out;
}

nlohmann::ordered_json to_json(const lab::Outcome& outcome,
                               const std::vector<results::PricedSystem>& bills,
                               const cost::Prices& prices) {
  nlohmann::ordered_json out;
  out["file"] = outcome.file.string();
  out["id"] = outcome.stored.identity.id;
  for (const results::Quantity& q : outcome.stored.result.quality) out["quality"][q.name] = q.value;
  for (const results::LabelledGroup& group : outcome.stored.result.groups)
    out[group.name] = group_json(group);
  out["warnings"] = nlohmann::ordered_json::array();
  for (const results::Warning& warning : results::warnings_of(outcome.stored.result)) {
    out["warnings"].push_back({{"figure", warning.figure}, {"text", warning.text}});
  }
  out["prices"] = prices_json(prices);
  out["bills"] = bills_json(bills);
  add_per_sample(outcome.stored.result, bills, out["bills"]);
  return out;
}

void run(const RunArguments& arguments) {
  const lab::Plan plan =
      lab::plan(core::load_config(named_config(arguments.config), arguments.sets));
  note(plan.warnings);
  if (arguments.show) {
    fmt::print("{}", plan.config);
    return;
  }
  lab::RunOptions options = arguments.options;
  options.stem = std::filesystem::path(arguments.config).stem().string();
  const cost::Prices prices = cost::named_prices(arguments.prices);
  note(prices.warnings);
  if (options.out.has_filename()) note_new_folder(options.out.parent_path());
  catch_signals();
  TerminalProgress progress;
  const lab::Outcome outcome = lab::run(plan, options, progress);
  const std::vector<results::PricedSystem> bills = results::price(outcome.stored.result, prices);
  if (arguments.json) {
    fmt::print("{}\n", to_json(outcome, bills, prices).dump(2));
  } else if (arguments.full) {
    print_table(outcome);
    print_warnings(results::warnings_of(outcome.stored.result));
    print_bills(bills, prices);
  } else {
    print_summary(outcome.stored.result, bills, prices);
    fmt::print("{}\n", stored_line(outcome));
  }
}

}  // namespace

void add_run(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("run", "Run the experiment of a config file and store its result");
  const auto arguments = std::make_shared<RunArguments>();
  command->add_option("config", arguments->config, "TOML file, or the name of a preset")
      ->required();
  command
      ->add_option("--set", arguments->sets, "KEY=VALUE: set a dotted key, e.g. training.epochs=3")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  command->add_option("--out", arguments->options.out,
                      "result file; results/<config>-<id>.h5 unless given");
  command
      ->add_option("--threads", arguments->options.threads,
                   "threads; 0: as many as there are cores")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command->add_option("--prices", arguments->prices,
                      "price list for the bill; the default list unless given");
  command
      ->add_option("--checkpoint", arguments->options.checkpoint,
                   "seconds between two stored states, from which a killed run goes on")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_flag("--force", arguments->options.force, "run even if the result is there already");
  command->add_flag("--full", arguments->full, "print all figures, and bills with all their parts");
  command->add_flag("--show", arguments->show, "print the resolved config and stop");
  command->add_flag("--json", arguments->json, "print quality and bills as JSON");
  command->callback([arguments] { run(*arguments); });
}

}  // namespace ohmlab::cli
