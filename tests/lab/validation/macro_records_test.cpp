#include "ohmlab/lab/validation/macro_records.hpp"

#include <fstream>
#include <set>
#include <string>

#include "ohmlab/core/errors.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;

namespace {

const std::string common =
    "chip = 'c'\nnode = '28 nm'\nvoltage = '1 V'\nrows = 4\ncols = 4\ninput_bits = 4\noutput_bits "
    "= 4\n"
    "time = '10 ns'\nmacs = 16\nefficiency = '1 TOP/J'\ncells = 'sram'\nboundary = 'core'\nchecked "
    "= 'a "
    "test'\nsource = 's'\n";

std::string macro(const std::string& name,
                  const std::string& more = "evidence = 'independent'\nmode = 'charge'\n") {
  return "[[macros]]\nname = '" + name + "'\n" + more + common;
}

/// What reading a file with this text says; "" if nothing.
std::string mistake(const std::string& text) {
  const TempFolder folder;
  const auto file = folder.path() / "macros.toml";
  std::ofstream(file) << text;
  try {
    static_cast<void>(validation::load_macro_records(file));
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "";
}

std::string without(std::string text, const std::string& line) {
  const auto at = text.find(line);
  REQUIRE(at != std::string::npos);
  return text.erase(at, text.find('\n', at) + 1 - at);
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a table of macros is refused with file, line and key where it is wrong") {
  const std::string good = macro("a");
  CHECK(mistake(good).empty());
  const auto says = [&](const std::string& text, const std::string& expected) {
    const std::string said = mistake(text);
    CAPTURE(said);
    CHECK(said.find("macros.toml:") != std::string::npos);
    CHECK(said.find(expected) != std::string::npos);
  };
  says(without(good, "node = "), "node: is missing");
  says(without(good, "cells = "), "cells: is missing");
  says(without(good, "efficiency = "), "efficiency is missing, and the row is not excluded");
  says(with(good, "'28 nm'", "'28 V'"), "node");
  says(with(good, "'1 TOP/J'", "'1 TOP'"), "efficiency");
  says(with(good, "'charge'", "'chargee'"), "did you mean \"charge\"?");
  says(with(good, "checked = 'a test'\nsource = 's'", "checked = 'a test'\nsource = ' '"),
       "source is empty");
  says(with(good, "checked = 'a test'", "checked = ''"), "checked is empty");
  says(with(good, "rows = 4", "rowz = 4"), "did you mean \"rows\"?");
  says(with(good, "macs = 16", "macs = 0"), "macs");
  says(with(good, "macs = 16", "macs = 16\ncomponents = {edge_add = 1e-12}"),
       "components.edge_add: expected adc_convert, line_charge or dac_drive");
  says(with(good, "input_bits = 4", "input_bits = 4\ndrive_bits = 5"),
       "expected drive_bits <= input_bits");
  says(good + macro("a"), "\"a\" is there twice");
}

TEST_CASE("a prediction that is no evidence is refused") {
  const std::string two = macro("a") + macro("b");
  const auto transfer = [](const std::string& from, const std::string& to) {
    return "[[transfers]]\nfrom = '" + from + "'\nto = '" + to + "'\ninputs = 'the supply'\n";
  };
  CHECK(mistake(two + transfer("a", "b")).empty());
  CHECK_THAT(mistake(two + transfer("a", "a")),
             ContainsSubstring("a row that sets a constant is no evidence for it"));
  CHECK_THAT(mistake(two + transfer("a", "c")), ContainsSubstring("no macro is called \"c\""));
  const std::string circular = macro("c", "evidence = 'circular'\nmode = 'charge'\n");
  CHECK_THAT(mistake(two + circular + transfer("a", "c")),
             ContainsSubstring("\"c\" is circular, not measured: it is no evidence"));
  CHECK_THAT(mistake(two + circular + transfer("c", "a")), ContainsSubstring("\"c\" is circular"));
  CHECK_THAT(mistake(two + macro("c", "evidence = 'independent'\nmode = 'voltage'\n") +
                     transfer("a", "c")),
             ContainsSubstring("their modes differ"));
  CHECK_THAT(mistake(two + with(macro("c"), "chip = 'c'", "chip = 'd'") + transfer("a", "c")),
             ContainsSubstring("they are of different chips"));
  CHECK_THAT(mistake(two + macro("c", "evidence = 'independent'\n") + transfer("a", "c")),
             ContainsSubstring("\"c\" lacks its mode"));
  CHECK_THAT(mistake(two + without(macro("c"), "voltage = ") + transfer("a", "c")),
             ContainsSubstring("\"c\" lacks its voltage"));
}

TEST_CASE(
    "rows that were not measured, or are excluded, are refused as evidence when asked for by "
    "name") {
  const validation::MacroRecords records = validation::load_macro_records();
  CHECK_THROWS_WITH(validation::blind_evidence(records, {"Yao 8 arrays"}),
                    ContainsSubstring("is estimated, not measured"));
  CHECK_THROWS_WITH(validation::blind_evidence(records, {"Xue 1 Mb"}),
                    ContainsSubstring("is not scored: how many rows"));
  validation::MacroRecords marked = records;
  marked.macros[0].evidence = validation::Evidence::circular;
  CHECK_THROWS_WITH(validation::blind_evidence(marked, {marked.macros[0].name}),
                    ContainsSubstring("is circular, not measured"));
  CHECK(validation::blind_evidence(records, {"HERMES core"}).size() == 1);
}

TEST_CASE("the frozen list of rows that are predicted blind") {
  std::set<std::string> names;
  for (const validation::Macro& macro :
       validation::blind_evidence(validation::load_macro_records()))
    names.insert(macro.name);
  CHECK(names == std::set<std::string>{"HERMES core", "HERMES 64 cores, one phase",
                                       "HERMES 64 cores, four phases", "NeuRRAM 1 b in, 3 b out",
                                       "NeuRRAM 4 b in, 6 b out", "NeuRRAM 8 b in, 10 b out",
                                       "Jia 0.85 V", "Jia 1.2 V", "Sinangil 0.8 V, outputs 6",
                                       "Sinangil 1 V, outputs 6", "Wang 0.7 V", "Wang 1.1 V",
                                       "28 nm 384 kb, 8 b", "ISSCC 2023 7.8"});
}

TEST_CASE("published components add up to the published efficiency") {
  for (const validation::Macro& macro : validation::load_macro_records().macros) {
    if (macro.components.empty()) continue;
    CAPTURE(macro.name);
    double sum = 0;
    for (const auto& [action, joules] : macro.components) sum += joules;
    CHECK(sum == Approx(macro.joules()).epsilon(0.02));
  }
}
