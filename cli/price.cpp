#include <algorithm>
#include <charconv>
#include <cmath>
#include <exception>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "../core/errors.hpp"
#include "../lab/results/priced.hpp"
#include "../lab/results/warnings.hpp"
#include "../lab/sweep_costs.hpp"
#include "../lab/sweep_index.hpp"
#include "bill_table.hpp"
#include "commands.hpp"
#include "notes.hpp"
#include "quality_table.hpp"
#include "summary.hpp"
#include "sweep_cost_table.hpp"

namespace ohmlab::cli {
namespace {

struct PriceArguments {
  std::vector<std::string> results, assumptions;
  std::string prices = "default", to;
  cost::DrawOptions options;
  bool json = false, tornado = false, changed = false, full = false;
};

/// Reads result files in order, in the background: the next files are read while earlier ones are
/// priced.
class ReadAhead {
 public:
  using Part = results::StoredResult (*)(const std::filesystem::path&, results::Changed);

  ReadAhead(const PriceArguments& arguments, Part read)
      : files_(arguments.results),
        changed_(arguments.changed ? results::Changed::read : results::Changed::refused),
        read_(read) {
    fetch();
  }
  /// \throws the exception thrown by reading the next file
  [[nodiscard]] results::Result next() {
    if (at_ == ready_.size()) {
      ready_ = coming_.get();
      at_ = 0;
      fetch();
    }
    Read& read = ready_[at_++];
    if (read.failure) std::rethrow_exception(read.failure);
    if (!read.stored.changed.empty())
      note({read.stored.changed + "; read all the same, as --changed asks"});
    return std::move(read.stored.result);
  }

 private:
  struct Read {
    results::StoredResult stored;
    std::exception_ptr failure;
  };
  void fetch() {
    constexpr std::size_t at_once = 32;
    const std::size_t begin = fetched_, end = std::min(begin + at_once, files_.size());
    fetched_ = end;
    if (begin == end) return;
    coming_ = std::async(std::launch::async, [this, begin, end] {
      std::vector<Read> out;
      for (std::size_t i = begin; i < end; ++i) {
        Read& read = out.emplace_back();
        try {
          read.stored = read_(files_[i], changed_);
        } catch (const results::ChangedFile& error) {
          read.failure = std::make_exception_ptr(
              core::UserError(fmt::format("{} (--changed reads it all the same)", error.what())));
        } catch (...) {
          read.failure = std::current_exception();
        }
      }
      return out;
    });
  }

  const std::vector<std::string>& files_;
  results::Changed changed_;
  Part read_;
  std::vector<Read> ready_;
  std::size_t at_ = 0, fetched_ = 0;
  std::future<std::vector<Read>> coming_;
};

/// Collects the warnings of many results and prints them to standard error.
class Warnings {
 public:
  void add(const std::string& file, const results::Result& result) {
    for (const results::Warning& warning : results::warnings_of(result))
      lines_.push_back(fmt::format("{}: warning: {}", file, warning.text));
  }
  void print() const { note(lines_); }

 private:
  std::vector<std::string> lines_;
};

/// Parses "METRIC=VALUE", "METRIC>=VALUE" or "METRIC<=VALUE".
results::Goal goal_of(const std::string& text) {
  const std::size_t equals = text.find('=');
  results::Goal goal;
  if (equals != std::string::npos && equals > 0) {
    const char sign = text[equals - 1];
    if (sign == '>') goal.toward = results::Toward::up;
    if (sign == '<') goal.toward = results::Toward::down;
    goal.metric = text.substr(0, equals - (goal.toward ? 1 : 0));
    const char *begin = text.data() + equals + 1, *end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(begin, end, goal.value);
    if (!goal.metric.empty() && error == std::errc{} && stop == end && std::isfinite(goal.value))
      return goal;
  }
  throw core::UserError(
      {"--to", 0}, "", text,
      R"(expected METRIC=NUMBER, "METRIC>=NUMBER" or "METRIC<=NUMBER", e.g. test_log_likelihood=-20)");
}

/// Approach of each run to the goal.
/// \throws core::UserError as `results::approach`, and if two runs approach it from opposite sides
std::vector<results::Approach> approaches(const PriceArguments& arguments,
                                          const results::Goal& goal, Warnings& warnings) {
  std::vector<results::Approach> out;
  const std::vector<std::string>& files = arguments.results;
  ReadAhead results(arguments, results::read_training);
  for (const std::string& file : files) {
    const results::Result result = results.next();
    warnings.add(file, result);
    try {
      out.push_back(results::approach(result, goal));
    } catch (const core::UserError& error) {
      throw core::UserError(fmt::format("{}: {}", file, error.what()));
    }
    if (const results::Approach &a = out.front(), &b = out.back(); a.toward != b.toward) {
      throw core::UserError(
          {"--to", 0}, goal.metric, fmt::format("{}", goal.value),
          fmt::format(R"({} began at {}, {} at {}: expected a direction, "{}>={}" or "{}<={}")",
                      files.front(), a.first.value, file, b.first.value, goal.metric, goal.value,
                      goal.metric, goal.value));
    }
  }
  return out;
}

/// One member of the printed JSON object: a file and its bills.
std::string json_line(const std::string& file, const nlohmann::ordered_json& found) {
  return nlohmann::json(file).dump() + ": " + found.dump();
}

void print_object(const std::vector<std::string>& lines) {
  fmt::print("{{");
  for (std::size_t i = 0; i < lines.size(); ++i) fmt::print("{}\n{}", i == 0 ? "" : ",", lines[i]);
  fmt::print("\n}}\n");
}

void price_to_quality(const PriceArguments& arguments, cost::Pricer& pricer) {
  Warnings warnings;
  std::vector<results::Approach> runs = approaches(arguments, goal_of(arguments.to), warnings);
  QualityTable table;
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string& file = arguments.results[i];
    const results::QualityBill bill = results::bill_to(std::move(runs[i]), pricer);
    if (arguments.json) {
      lines.push_back(json_line(file, quality_json(bill)));
    } else {
      table.add(file, bill);
    }
  }
  warnings.print();
  if (arguments.json) {
    print_object(lines);
  } else {
    table.print(described(pricer.prices()));
  }
}

/// Files that hold results. The index of a sweep, which DIR/*.h5 includes, holds no bill.
/// \throws core::UserError if no file holds a result
std::vector<std::string> results_among(const std::vector<std::string>& files) {
  std::vector<std::string> out;
  for (const std::string& file : files) {
    if (lab::is_sweep_index(file)) {
      note({file + ": skipped, the index of a sweep holds no bill; the results beside it do"});
    } else {
      out.push_back(file);
    }
  }
  if (out.empty())
    throw core::UserError({}, "", files.front(), "expected results of runs, found no other file");
  return out;
}

/// \throws core::UserError if folders stand among files, or with options that price files alone
bool is_folder(const PriceArguments& arguments) {
  const auto folder = [](const std::string& name) {
    std::error_code ignored;
    return std::filesystem::is_directory(name, ignored);
  };
  if (std::none_of(arguments.results.begin(), arguments.results.end(), folder)) return false;
  if (arguments.results.size() > 1)
    throw core::UserError({}, "", "", "expected the folder of one sweep, or files");
  if (!arguments.to.empty() || arguments.tornado || arguments.full || arguments.changed) {
    throw core::UserError({}, "", arguments.results.front(),
                          "--to, --tornado, --full and --changed price files: expected "
                          "DIR/*.h5 instead of the folder");
  }
  return true;
}

void price(PriceArguments arguments) {
  if (is_folder(arguments)) {
    const cost::Prices prices = cost::named_prices(arguments.prices, arguments.assumptions);
    note(prices.warnings);
    cost::Pricer pricer(prices, arguments.options);
    const lab::SweepCosts costs = lab::price_sweep(arguments.results.front(), pricer);
    return print_sweep_costs(costs, prices, arguments.json);
  }
  arguments.results = results_among(arguments.results);
  const cost::Prices prices = cost::named_prices(arguments.prices, arguments.assumptions);
  note(prices.warnings);
  cost::Pricer pricer(prices, arguments.options);
  if (!arguments.to.empty()) {
    price_to_quality(arguments, pricer);
    return;
  }
  // One text per result: a JSON tree of thousands would be large. No JSON is printed if a file
  // is broken.
  std::vector<std::string> lines;
  Warnings warnings;
  ReadAhead results(arguments, results::read_billed);
  for (const std::string& file : arguments.results) {
    const results::Result result = results.next();
    const std::vector<results::System>& systems = result.systems;
    const auto rows = results::price(systems, pricer);
    std::optional<results::Tornado> tornado;
    if (arguments.tornado && !rows.empty() && rows[0].unpriced.empty())
      tornado = results::tornado(systems[0], rows[0], pricer);
    if (arguments.json) {
      nlohmann::ordered_json bills = bills_json(rows);
      add_per_sample(result, rows, bills);
      if (tornado) bills[0]["tornado"] = tornado_json(*tornado);
      lines.push_back(json_line(file, bills));
      warnings.add(file, result);
      continue;
    }
    fmt::print("{}\n", file);
    if (arguments.full) {
      print_warnings(results::warnings_of(result));
      print_bills(rows, prices);
    } else {
      print_summary(result, rows, prices);
    }
    if (tornado) print_tornado(*tornado);
  }
  if (arguments.json) print_object(lines);
  warnings.print();
}

}  // namespace

void add_price(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "price", "Price stored results under a price list, without running them again");
  const auto arguments = std::make_shared<PriceArguments>();
  command
      ->add_option("results", arguments->results, "result files, or the folder of a finished sweep")
      ->required();
  command->add_option("--prices", arguments->prices,
                      "price list: a file, or the name of one that comes with ohmlab");
  command
      ->add_option("--assume", arguments->assumptions,
                   "KEY=VALUE: set a price for certain, e.g. places.array.energy.adc_convert=3pJ, "
                   "or a part of it")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  command
      ->add_option("--draws", arguments->options.draws,
                   "draws of the prices for the bands; 0: no bands")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  CLI::Option* to = command->add_option(
      "--to", arguments->to,
      "METRIC=VALUE: bill each machine that ran, up to the first evaluation at this value; "
      "\"METRIC>=VALUE\", \"METRIC<=VALUE\" give the direction");
  to->type_name("METRIC=VALUE");
  command->add_flag("--tornado", arguments->tornado, "prices that move the first bill most")
      ->excludes(to);
  command->add_flag("--full", arguments->full, "print bills with all their parts")->excludes(to);
  command->add_flag("--changed", arguments->changed,
                    "also read results that are not as ohmlab wrote them: damaged, or changed by "
                    "another program");
  command->add_flag("--json", arguments->json, "as JSON");
  command->callback([arguments] { price(*arguments); });
}

}  // namespace ohmlab::cli
