#include "../lab/verdict/verdict.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "../core/config.hpp"
#include "../lab/verdict/report.hpp"
#include "../lab/verdict/store.hpp"
#include "commands.hpp"
#include "notes.hpp"
#include "terminal.hpp"
#include "verdict_json.hpp"

namespace ohmlab::cli {
namespace {

struct VerdictArguments {
  verdict::Question question;
  verdict::Options options;
  std::vector<std::string> sets;
  std::string prices = "default";
  bool json = false, full = false;
};

void judge(VerdictArguments arguments) {
  arguments.question.sets = core::parse_settings(arguments.sets);
  verdict::RunOptions& run = arguments.options.run;
  if (run.out.empty()) {
    const std::filesystem::path device(arguments.question.device), task(arguments.question.task);
    run.out = std::filesystem::path("results") /
              fmt::format("verdict-{}-{}", device.stem().string(), task.stem().string());
  }
  if (run.jobs == 0) run.jobs = std::max(1U, std::thread::hardware_concurrency());
  run.worker = {std::filesystem::read_symlink("/proc/self/exe").string(),
                "sweep",
                "--worker",
                "--out=" + run.out.string(),
                "--",
                "verdict on " + arguments.question.device};
  const cost::Prices prices = cost::named_prices(arguments.prices);
  note(prices.warnings);
  catch_signals();
  TerminalProgress progress;
  arguments.options.announce = [](const std::string& line) { note({line}); };
  const verdict::Verdict found =
      verdict::judge(arguments.question, arguments.options, prices, progress);
  const std::filesystem::path file = run.out / "verdict.h5";
  verdict::write_verdict(file, found);
  if (arguments.json) {
    fmt::print("{}\n", verdict_json(found).dump(2));
    return;
  }
  const auto lines = arguments.full ? verdict::full_report(found) : verdict::report(found);
  for (const std::string& line : lines) fmt::print("{}\n", line);
  fmt::print("All numbers: {}\n", file.string());
}

}  // namespace

void add_verdict(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "verdict", "Does analog training with a device beat digital training at equal quality?");
  const auto arguments = std::make_shared<VerdictArguments>();
  verdict::RunOptions& run = arguments->options.run;
  run.jobs = 0;
  command
      ->add_option("device", arguments->question.device,
                   "TOML file of a device, or its name among the presets")
      ->required();
  command->add_option("--task", arguments->question.task, "task that is learned: its name or file")
      ->capture_default_str();
  command->add_option("--out", run.out,
                      "folder of the runs and of verdict.h5; by default "
                      "results/verdict-DEVICE-TASK");
  command->add_option("--jobs", run.jobs, "processes at once; 0: one for each core")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  command->add_option("--threads", run.threads, "threads of each run")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command->add_option("--prices", arguments->prices,
                      "price list: a file, or the name of one that comes with ohmlab");
  command
      ->add_option(
          "--set", arguments->sets,
          "KEY=VALUE: array.KEY of the analog runs, verdict.KEY of the task, any other key "
          "of analog and digital runs")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  command->add_flag("--json", arguments->json, "print all numbers as JSON");
  command->add_flag("--full", arguments->full, "also print all levels, machines and refusals");
  command->callback([arguments] { judge(*arguments); });
}

}  // namespace ohmlab::cli
