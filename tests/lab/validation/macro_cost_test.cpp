#include "ohmlab/lab/validation/macro_cost.hpp"

#include <algorithm>
#include <cmath>

#include "ohmlab/core/config.hpp"
#include "ohmlab/core/field_values.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;

namespace {

validation::Macro macro(const std::string& more) {
  return core::read<validation::Macro>(core::parse_config(
      "name = 'm'\nchip = 'c'\nnode = '28 nm'\nrows = 4\ncols = 3\ninput_bits = "
      "2\noutput_bits = 4\n"
      "time = '100 ns'\nmacs = 12\nefficiency = '1 TOP/J'\ncells = 'sram'\nboundary = "
      "'core'\nevidence = 'independent'\n"
      "checked = 'a test'\nsource = 's'\n" +
          more,
      "m.toml"));
}

validation::Macro voltage_macro(int input_bits, int output_bits) {
  validation::Macro out = macro("voltage = '1.8 V'\nmode = 'voltage'\n");
  out.input_bits = input_bits;
  out.output_bits = output_bits;
  return out;
}

const cost::Entry& of(const std::vector<cost::Entry>& entries, cost::Action action) {
  return *std::find_if(entries.begin(), entries.end(),
                       [&](const cost::Entry& e) { return e.action == action; });
}

}  // namespace

TEST_CASE("the nominal supply is that of the table's nodes, linear between them") {
  CHECK(validation::nominal_voltage(7e-9) == Approx(0.7));
  CHECK(validation::nominal_voltage(14e-9) == Approx(0.8));
  CHECK(validation::nominal_voltage(130e-9) == Approx(1.3));
  CHECK(validation::nominal_voltage(28e-9) == Approx(0.88));
}

TEST_CASE("a small macro's joules are what its parts come to by hand") {
  const double v = 0.88;  // at 28 nm
  // inputs 1/8, 3/8, 5/8, 7/8 are driven as 0, 0, 1, 1: two rows of three cells, three columns of
  // four at half
  const double conversions = 3 * 1.9e-12 * std::pow(v / 0.9, 2) * (0.92 * 4 / 8 + 0.08 / 256);
  const double drives = 4 * 0.3e-12 * v * v * 2 / 8;
  const double lines = 1.5e-15 * 28 / 130 * v * v * (2 * (30 + 3) + 1.5 * (30 + 4));
  const double e28 = 1.0 / 3 * (0.373 * v * v - 0.1582 * v + 0.0410) +
                     2.0 / 3 * (0.9559 * v * v - 0.7823 * v + 0.471);
  const double e45 = 1.103 * 0.81 - 0.362 * 0.9 + 0.2767;
  const double digital = 3 * 1e-12 * e28 / e45;
  const double idle = 3 * (10e-6 + 0.2e-6) * 100e-9;
  const validation::BlindJoules blind =
      validation::blind_joules(macro(""), "blind", {.draws = 10, .seed = 1});
  CHECK(blind.parts.at("adc_convert") == Approx(conversions));
  CHECK(blind.parts.at("dac_drive") == Approx(drives));
  CHECK(blind.parts.at("line_charge") == Approx(lines));
  CHECK(blind.parts.at("edge_multiply") == Approx(digital));
  CHECK(blind.joules.nominal ==
        Approx(conversions + drives + lines + digital + idle).epsilon(1e-6));
}

TEST_CASE("inputs in slices repeat what is analog and add once for each slice after the first") {
  const auto whole = validation::blind_product(macro("drive_bits = 2\n")).entries();
  validation::Macro sliced = macro("drive_bits = 2\n");
  sliced.input_bits = 7;  // four slices of two bits
  const auto entries = validation::blind_product(sliced).entries();
  for (const cost::Action action :
       {cost::Action::adc_convert, cost::Action::dac_drive, cost::Action::line_charge}) {
    CHECK(of(entries, action).count == Approx(4 * of(whole, action).count));
  }
  CHECK(of(entries, cost::Action::edge_multiply).count ==
        of(whole, cost::Action::edge_multiply).count);
  CHECK(of(entries, cost::Action::edge_add).count == 3 * 3);
  CHECK(of(entries, cost::Action::array_read).seconds == Approx(100e-9));
}

TEST_CASE(
    "a blind prediction reads node, size, bits and time, and nothing that is to be predicted") {
  const validation::Macro plain = macro("");
  validation::Macro other =
      macro("voltage = '0.5 V'\nmode = 'charge'\ncomponents = {adc_convert = '1 pJ'}\n");
  other.efficiency = 1e15;
  const cost::DrawOptions options{.draws = 10, .seed = 1};
  CHECK(validation::blind_joules(plain, "blind", options).joules.values ==
        validation::blind_joules(other, "blind", options).joules.values);
}

TEST_CASE("no source of a joule in the blind list is a chip that is predicted") {
  const cost::Rates array = cost::named_prices("blind").places.at("array");
  std::string sources;
  validation::Macro sliced = macro("drive_bits = 1\n");
  const cost::Tally tally = validation::blind_product(sliced);
  std::size_t priced = 0;
  for (const cost::Entry& entry : tally.entries()) {
    if (entry.count == 0 || cost::info(entry.action).physical_energy) continue;
    const cost::EnergyPrice& price = array.energy.at(std::string(cost::name(entry.action)));
    sources += price.source;
    ++priced;
  }
  for (const cost::Holding& holding : tally.holdings()) {
    sources += array.power.at(std::string(cost::name(holding.part))).source;
  }
  CHECK(priced >= 5);
  for (const char* chip : {"HERMES", "Khaddam", "Le Gallo", "64-core", "NeuRRAM", "Wan ", "Jia",
                           "Sinangil", "Wang", "ZigZag", "9896828", "7.8"}) {
    CAPTURE(chip);
    CHECK(sources.find(chip) == std::string::npos);
  }
}

TEST_CASE("a voltage read counts pulses, samples, converted bits and selections") {
  const auto counts = [](double in, double out) {
    return validation::VoltageRead{}.counts(in, out);
  };
  const validation::ReadCounts one = counts(1, 3), four = counts(4, 6), eight = counts(8, 10);
  CHECK(one.drives == 1);
  CHECK(one.line_cycles == 1 + 3);
  CHECK(one.conversion == 1 + 3 + 1);
  CHECK(four.drives == 3);
  CHECK(four.line_cycles == 3 + 6);
  CHECK(four.conversion == 7 + 6 + 1);
  CHECK(eight.drives == 7);  // 4 + 3 bits; the lower segment is converted with 10 - 3 bits
  CHECK(eight.line_cycles == 7 + 10 + 7);
  CHECK(eight.conversion == 15 + 7 + 10 + 7 + 1);
}

TEST_CASE("calibration recovers the constants that made a row, and carries them by counts alone") {
  const double neuron = 2e-12, select = 3e-13, pulse = 7e-13;
  validation::Macro from = voltage_macro(1, 3);
  from.components = {{"adc_convert", 3 * 5 * neuron},
                     {"line_charge", 4 * 4 * select},
                     {"dac_drive", 4 * 1 * pulse}};
  const validation::MacroConstants constants = validation::calibrated(from);
  CHECK(constants.energy.at("adc_convert").median == Approx(neuron));
  CHECK(constants.energy.at("line_charge").median ==
        Approx(select / (1.8 * 1.8)));  // per square volt
  CHECK(constants.energy.at("dac_drive").median == Approx(pulse));
  const validation::MacroPrediction to = validation::predicted(constants, voltage_macro(8, 10));
  CHECK(to.seconds == Approx(100e-9 * 40 / 5));
  CHECK(to.joules.at("adc_convert") == Approx(3 * 40 * neuron));
  CHECK(to.joules.at("line_charge") == Approx(4 * 24 * select));
  CHECK(to.joules.at("dac_drive") == Approx(4 * 7 * pulse));
  CHECK(to.total == Approx(3 * 40 * neuron + 4 * 24 * select + 4 * 7 * pulse));
}

TEST_CASE("charge goes with the square of the supply, static power with the phases") {
  const validation::Macro low = macro(
      "voltage = '0.8 V'\nmode = 'charge'\ncomponents = {adc_convert = '10 pJ', line_charge = '6 "
      "pJ'}\n");
  const validation::Macro high = macro("voltage = '1.2 V'\nmode = 'charge'\n");
  CHECK(validation::predicted(validation::calibrated(low), high).total == Approx(16e-12 * 2.25));
  CHECK(validation::predicted(validation::calibrated(low), high).seconds == 0);
  const validation::Macro pulses = macro("voltage = '0.8 V'\nmode = 'pulse_count'\n");
  CHECK(validation::predicted(validation::calibrated(pulses),
                              macro("voltage = '1 V'\nmode = 'pulse_count'\n"))
            .total == Approx(24e-12 * 1.5625));
  const validation::Macro once = macro("mode = {kind = 'current', phases = 1}\n");
  const validation::MacroPrediction four = validation::predicted(
      validation::calibrated(once), macro("mode = {kind = 'current', phases = 4}\n"));
  CHECK(four.total == Approx(4 * 24e-12));
  CHECK(four.seconds == Approx(400e-9));
}

TEST_CASE("what was published of a predicted row moves no prediction of it") {
  const validation::MacroRecords records = validation::load_macro_records();
  for (const validation::Transfer& transfer : records.transfers) {
    CAPTURE(transfer.to);
    const validation::MacroConstants constants =
        validation::calibrated(records.named(transfer.from));
    validation::Macro to = records.named(transfer.to);
    const validation::MacroPrediction before = validation::predicted(constants, to);
    to.efficiency = 1;
    to.time = 1;
    to.components.clear();
    CHECK(validation::predicted(constants, to).total == before.total);
    CHECK(validation::predicted(constants, to).seconds == before.seconds);
  }
}
