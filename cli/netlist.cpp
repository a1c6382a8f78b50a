#include "../lab/netlist.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "../core/errors.hpp"
#include "commands.hpp"
#include "notes.hpp"

namespace ohmlab::cli {
namespace {

struct NetlistArguments {
  std::string from, out, input = "1";
  std::vector<std::string> sets;
  lab::NetlistRead read;
};

/// Numbers in a file, or in the text itself, between commas or white space.
std::vector<float> numbers_of(const std::string& given) {
  std::string text = given;
  std::error_code ignored;
  if (std::filesystem::is_regular_file(given, ignored)) {
    std::ifstream file(given, std::ios::binary);
    text.assign(std::istreambuf_iterator<char>(file), {});
    if (!file) throw core::WorldError(given, "cannot be read");
  }
  std::vector<float> out;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at != end;) {
    if (*at == ',' || std::isspace(static_cast<unsigned char>(*at)) != 0) {
      ++at;
      continue;
    }
    float number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error != std::errc() || !(number >= -1 && number <= 1)) {
      throw core::UserError({}, "--input", std::string(at, std::min(end, at + 20)),
                            "expected numbers from -1 to 1, or a file of them");
    }
    out.push_back(number);
    at = next;
  }
  return out;
}

void netlist(NetlistArguments arguments) {
  arguments.read.input = numbers_of(arguments.input);
  const bool stored = std::filesystem::path(arguments.from).extension() == ".h5";
  if (stored && !arguments.sets.empty())
    throw core::UserError("--set: a result is as it is; expected a config");
  const std::string text = [&] {
    if (stored) return lab::netlist(results::read_result(arguments.from), arguments.read);
    const lab::Plan plan =
        lab::plan(core::load_config(named_config(arguments.from), arguments.sets));
    note(plan.warnings);
    return lab::netlist(plan, arguments.read);
  }();
  std::ofstream file(arguments.out, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw core::WorldError(arguments.out, "cannot be written");
  fmt::print("written to {}; ngspice -b {} prints its voltages and currents\n", arguments.out,
             arguments.out);
}

}  // namespace

void add_netlist(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("netlist", "Write an array and one read of it as a netlist for ngspice");
  const auto arguments = std::make_shared<NetlistArguments>();
  command
      ->add_option("result", arguments->from,
                   "result (.h5), or a config, whose array is taken before the first update")
      ->required();
  command->add_option("--array", arguments->read.array,
                      "name of the array; not needed if there is only one");
  command->add_option("--out", arguments->out, "netlist to be written")->required();
  command
      ->add_option("--input", arguments->input,
                   "numbers from -1 to 1, one for each driven line or one for all, between commas; "
                   "or a file of them")
      ->capture_default_str();
  command->add_flag("--transposed", arguments->read.transposed,
                    "drive the columns and read the rows");
  command->add_option("--set", arguments->sets, "KEY=VALUE: set a dotted key of a config")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  command->callback([arguments] { netlist(*arguments); });
}

}  // namespace ohmlab::cli
