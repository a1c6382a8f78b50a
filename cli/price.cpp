#include <algorithm>
#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "ohmlab/cli/bill_table.hpp"
#include "ohmlab/cli/commands.hpp"
#include "ohmlab/lab/priced.hpp"

namespace ohmlab::cli {
namespace {

struct PriceArguments {
  std::vector<std::string> results, assumptions;
  std::string prices = "default";
  cost::DrawOptions options;
  bool json = false, tornado = false;
};

/// What is billed of result files, in their order: some of them are read while others are priced. One thread
/// reads, as HDF5 needs.
class ReadAhead {
 public:
  explicit ReadAhead(const std::vector<std::string>& files) : files_(files) { fetch(); }
  /// \throws whatever reading the next file throws
  [[nodiscard]] std::vector<lab::System> next() {
    if (at_ == ready_.size()) {
      ready_ = coming_.get();
      at_ = 0;
      fetch();
    }
    Read& read = ready_[at_++];
    if (read.failure) std::rethrow_exception(read.failure);
    return std::move(read.systems);
  }

 private:
  struct Read {
    std::vector<lab::System> systems;
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
          read.systems = lab::read_systems(files_[i]);
        } catch (...) {
          read.failure = std::current_exception();
        }
      }
      return out;
    });
  }

  const std::vector<std::string>& files_;
  std::vector<Read> ready_;
  std::size_t at_ = 0, fetched_ = 0;
  std::future<std::vector<Read>> coming_;
};

void price(const PriceArguments& arguments) {
  const cost::Prices prices = cost::named_prices(arguments.prices, arguments.assumptions);
  cost::Pricer pricer(prices, arguments.options);
  // One line a result: thousands need no tree of values. Nothing is said if one of them is broken.
  std::string json;
  ReadAhead results(arguments.results);
  for (const std::string& file : arguments.results) {
    const std::vector<lab::System> systems = results.next();
    const auto rows = lab::price(systems, pricer);
    std::optional<lab::Tornado> tornado;
    if (arguments.tornado && !rows.empty() && rows[0].unpriced.empty())
      tornado = lab::tornado(systems[0], rows[0], pricer);
    if (arguments.json) {
      nlohmann::ordered_json bills = bills_json(rows);
      if (tornado) bills[0]["tornado"] = tornado_json(*tornado);
      json += fmt::format("{}\n{}: {}", json.empty() ? "" : ",", nlohmann::json(file).dump(), bills.dump());
      continue;
    }
    fmt::print("{} under {}\n", file, prices.title);
    print_bills(rows);
    if (tornado) print_tornado(*tornado);
  }
  if (arguments.json) fmt::print("{{{}\n}}\n", json);
}

}  // namespace

void add_price(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("price", "Price stored results under a price list, without running them again");
  const auto arguments = std::make_shared<PriceArguments>();
  command->add_option("results", arguments->results, "result files")->required();
  command->add_option("--prices", arguments->prices,
                      "price list: a file, or the name of one that comes with ohmlab");
  command
      ->add_option(
          "--assume", arguments->assumptions,
          "KEY=VALUE: set a price for certain, e.g. places.array.energy.adc_convert=3pJ, or a part of it")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  command->add_option("--draws", arguments->options.draws, "draws of the prices for the bands; 0: no bands")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  command->add_flag("--tornado", arguments->tornado, "what moves the first bill most");
  command->add_flag("--json", arguments->json, "as JSON");
  command->callback([arguments] { price(*arguments); });
}

}  // namespace ohmlab::cli
