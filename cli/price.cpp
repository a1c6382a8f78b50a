#include <memory>
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
  std::string prices;
  cost::BillOptions options;
  bool json = false;
};

void price(const PriceArguments& arguments) {
  const cost::Prices prices = arguments.prices.empty()
                                  ? cost::default_prices(arguments.assumptions)
                                  : cost::load_prices(arguments.prices, arguments.assumptions);
  nlohmann::ordered_json out;
  for (const std::string& file : arguments.results) {
    const auto rows = lab::price(lab::read_result(file).result, prices, arguments.options);
    if (arguments.json) {
      out[file] = bills_json(rows);
    } else {
      fmt::print("{} under {}\n", file, prices.title);
      print_bills(rows);
    }
  }
  if (arguments.json) fmt::print("{}\n", out.dump(2));
}

}  // namespace

void add_price(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("price", "Price stored results under a price list, without running them again");
  const auto arguments = std::make_shared<PriceArguments>();
  command->add_option("results", arguments->results, "result files")->required();
  command->add_option("--prices", arguments->prices, "price list; the default list unless given");
  command
      ->add_option("--assume", arguments->assumptions,
                   "KEY=VALUE: set a price, e.g. places.array.energy.adc_convert.median=3pJ")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  command->add_option("--draws", arguments->options.draws, "draws of the prices for the bands; 0: no bands")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  command->add_flag("--json", arguments->json, "as JSON");
  command->callback([arguments] { price(*arguments); });
}

}  // namespace ohmlab::cli
