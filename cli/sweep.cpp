#include "../lab/sweep.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "../core/errors.hpp"
#include "../lab/sweep_jobs.hpp"
#include "commands.hpp"
#include "notes.hpp"
#include "terminal.hpp"

namespace ohmlab::cli {
namespace {

struct SweepArguments {
  std::string config, shard = "1/1";
  std::vector<std::string> sets;
  lab::SweepOptions options;
  std::int64_t jobs = 1;
  bool worker = false, list = false, json = false;
};

/// Progress of a worker process: no bar, since the parent process draws it.
class WorkerProgress final : public results::Progress {
 public:
  void say(const std::string& line) override { complain(line); }
  [[nodiscard]] bool interrupted() override { return caught_signal() != 0; }
};

/// \throws core::UserError unless the text is "I/N" with 1 <= I <= N
void read_shard(const std::string& text, lab::SweepOptions& options) {
  const auto slash = text.find('/');
  const auto number = [&](const std::string& part) -> std::int64_t {
    const bool digits = !part.empty() && part.size() < 7 &&
                        part.find_first_not_of("0123456789") == std::string::npos;
    return digits ? std::stoll(part) : 0;
  };
  options.shard = number(text.substr(0, slash));
  options.shards = slash == std::string::npos ? 0 : number(text.substr(slash + 1));
  if (options.shard < 1 || options.shard > options.shards) {
    throw core::UserError({"--shard", 0}, "", text, "expected I/N with I from 1 to N");
  }
}

/// Command line of a worker process; it gets the sweep on standard input. Config and folder are not
/// read: they identify the sweep in a list of processes.
std::vector<std::string> worker_command(const SweepArguments& arguments) {
  return {std::filesystem::read_symlink("/proc/self/exe").string(),
          "sweep",
          "--worker",
          "--out=" + arguments.options.out.string(),
          "--",
          arguments.config};
}

/// Work of a process that a sweep has started as one of its jobs.
void work() {
  catch_signals(true);
  WorkerProgress quiet;
  lab::work_as_job(quiet);
}

std::string value_and_error(double mean, double error) {
  if (std::isnan(mean)) return "-";
  return std::isnan(error) ? fmt::format("{:.6g}", mean)
                           : fmt::format("{:.6g} ± {:.2g}", mean, error);
}

void print_points(const lab::SweepPlan& plan) {
  for (const lab::SweepPoint& point : plan.points) {
    std::vector<std::string> place;
    for (std::size_t d = 0; d < plan.dimensions.size(); ++d) {
      place.push_back(fmt::format("{} = {}", plan.dimensions[d].name,
                                  plan.dimensions[d].coordinates.front().labels[point.at[d]]));
    }
    if (point.refused.empty()) {
      fmt::print("{}  {}\n", point.id, fmt::join(place, ", "));
    } else {
      fmt::print("{:<16}  {}: {}\n", "left out", fmt::join(place, ", "), point.refused);
    }
  }
}

void print_summary(const lab::SweepSummary& summary) {
  std::vector<std::vector<std::string>> cells{summary.dimensions};
  cells[0].insert(cells[0].end(), summary.figures.begin(), summary.figures.end());
  for (const lab::SweepRow& row : summary.rows) {
    cells.push_back(row.labels);
    for (std::size_t f = 0; f < row.means.size(); ++f) {
      cells.back().push_back(value_and_error(row.means[f], row.errors[f]));
    }
  }
  const auto width = [](const std::string& text) {  // number of UTF-8 characters
    return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; });
  };
  std::vector<std::ptrdiff_t> widths(cells[0].size());
  for (const auto& row : cells) {
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], width(row[c]));
  }
  for (const auto& row : cells) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      line += row[c] + std::string(static_cast<std::size_t>(widths[c] - width(row[c]) + 2), ' ');
    }
    fmt::print("{}\n", line.substr(0, line.find_last_not_of(' ') + 1));
  }
}

nlohmann::ordered_json summary_json(const lab::SweepSummary& summary) {
  auto rows = nlohmann::ordered_json::array();
  const auto number = [](double x) {
    return std::isnan(x) ? nlohmann::ordered_json() : nlohmann::ordered_json(x);
  };
  for (const lab::SweepRow& row : summary.rows) {
    nlohmann::ordered_json item;
    for (std::size_t d = 0; d < row.labels.size(); ++d)
      item["at"][summary.dimensions[d]] = row.labels[d];
    for (std::size_t f = 0; f < row.means.size(); ++f) {
      item["figures"][summary.figures[f]] = {{"mean", number(row.means[f])},
                                             {"standard_error", number(row.errors[f])}};
    }
    rows.push_back(std::move(item));
  }
  return rows;
}

void report(const lab::SweepPlan& plan, const lab::SweepStatus& status,
            const SweepArguments& arguments) {
  const bool finished = !status.index.empty();
  if (arguments.json) {
    nlohmann::ordered_json out{{"id", plan.id},
                               {"points", plan.points.size()},
                               {"done", status.done},
                               {"failed", status.failed},
                               {"open", status.open},
                               {"refused", status.refused},
                               {"index", status.index.string()}};
    if (finished) out["rows"] = summary_json(lab::summarise_sweep(plan, arguments.options.out));
    fmt::print("{}\n", out.dump(2));
    return;
  }
  if (finished) print_summary(lab::summarise_sweep(plan, arguments.options.out));
  fmt::print("{} points: {} done, {} failed, {} open{}{}\n", plan.points.size(), status.done,
             status.failed, status.open,
             status.refused > 0 ? fmt::format(", {} refused", status.refused) : "",
             finished ? "; " + status.index.string() : "");
}

void sweep(SweepArguments arguments) {
  lab::SweepOptions& options = arguments.options;
  read_shard(arguments.shard, options);
  const lab::SweepPlan plan =
      lab::plan_sweep(named_config(arguments.config), core::parse_settings(arguments.sets));
  note(plan.warnings);
  if (arguments.list) {
    print_points(plan);
    return;
  }
  if (options.threads == 0 && arguments.jobs > 1) {
    options.threads =
        std::max<std::int64_t>(1, std::thread::hardware_concurrency() / arguments.jobs);
  }
  catch_signals();
  TerminalProgress progress;
  note_new_folder(options.out.parent_path());
  const lab::SweepStatus status =
      arguments.jobs > 1
          ? lab::sweep_in_jobs(plan, options, arguments.jobs, worker_command(arguments), progress)
          : lab::sweep(plan, options, progress);
  report(plan, status, arguments);
  const bool whole = options.shards == 1;
  if (status.failed > 0 || (whole && status.open > 0)) {
    throw std::runtime_error(
        fmt::format("{} points failed, {} were left open: see *.error.txt in {}", status.failed,
                    status.open, options.out.string()));
  }
}

}  // namespace

void add_sweep(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "sweep", "Run every point of a sweep and gather their figures in one index.h5");
  const auto arguments = std::make_shared<SweepArguments>();
  command
      ->add_option("config", arguments->config,
                   "TOML file with a table [sweep], or its name among the presets")
      ->required();
  command->add_option("--out", arguments->options.out, "folder for the results")->required();
  command->add_option("--set", arguments->sets, "KEY=VALUE: set a dotted key in every point")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  command->add_option("--jobs", arguments->jobs, "processes that work on it")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  command->add_option("--shard", arguments->shard, "I/N: only every N-th point, from the I-th on")
      ->capture_default_str();
  command
      ->add_option("--threads", arguments->options.threads,
                   "threads of each run; 0: cores over jobs")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command
      ->add_option("--checkpoint", arguments->options.checkpoint,
                   "seconds between two stored states of a run, from which a killed one goes on")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_flag("--force", arguments->options.force, "run finished points again");
  command->add_flag("--list", arguments->list, "print the points and stop");
  command->add_flag("--json", arguments->json, "print the outcome as JSON");
  command->add_flag("--worker", arguments->worker, "")->group("");
  command->callback([arguments] { arguments->worker ? work() : sweep(*arguments); });
}

}  // namespace ohmlab::cli
