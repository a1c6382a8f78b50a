#include "ohmlab/cost/prices.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include <fmt/format.h>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/field_values.hpp"
#include "ohmlab/cost/actions.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;
using cost::Action;
using cost::Part;
using cost::Prices;

namespace {

constexpr const char* origin =
    "node = \"28 nm\"\nevidence = \"silicon\"\ndate = \"2020\"\nsource = \"someone, somewhere\"\n";

/// A list with one energy price; `price` are its lines 4, 5, ….
std::string one_price(const std::string& price, const std::string& action = "adc_convert") {
  return "title = \"t\"\nplaces.array.title = \"a\"\n[places.array.energy." + action + "]\n" +
         price;
}

Prices loaded(const std::string& text, const std::vector<std::string>& sets = {}) {
  const TempFolder folder;
  write_bytes(folder / "p.toml", text);
  return cost::load_prices(folder / "p.toml", sets);
}

/// The message of the mistake in a list, without the folder it lies in.
std::string mistake(const std::string& text, const std::vector<std::string>& sets = {}) {
  const TempFolder folder;
  write_bytes(folder / "p.toml", text);
  const std::string message = message_of<core::UserError>(
      [&] { static_cast<void>(cost::load_prices(folder / "p.toml", sets)); });
  const std::string prefix = folder.path().string() + "/";
  const std::size_t at = message.find(prefix);
  return at == std::string::npos ? message
                                 : message.substr(0, at) + message.substr(at + prefix.size());
}

/// Calls check(key, price) for every price of a list.
template <class Check>
void each_price(const Prices& prices, const Check& check) {
  for (const auto& [place, rates] : prices.places) {
    const auto all = [&, name = place](const char* table, const auto& list) {
      for (const auto& [what, price] : list)
        check(fmt::format("places.{}.{}.{}", name, table, what), price);
    };
    all("energy", rates.energy);
    all("latency", rates.latency);
    all("power", rates.power);
    all("area", rates.area);
    all("background", rates.background);
    all("on_chip", rates.on_chip);
    if (rates.times.t_read)
      check(fmt::format("places.{}.times.t_read", place), *rates.times.t_read);
    if (rates.times.t_pulse)
      check(fmt::format("places.{}.times.t_pulse", place), *rates.times.t_pulse);
    if (rates.supply) check(fmt::format("places.{}.supply", place), *rates.supply);
    if (!rates.around) continue;
    const std::string around = "places." + place + ".around.";
    check(around + "overhead", rates.around->overhead);
    if (rates.around->host) check(around + "host", *rates.around->host);
    if (rates.around->silicon) check(around + "silicon", *rates.around->silicon);
    if (rates.around->host_price) check(around + "host_price", *rates.around->host_price);
    for (const auto& [part, price] : rates.around->parts) check(around + "parts." + part, price);
  }
  if (!prices.facility) return;
  check("facility.pue", prices.facility->pue);
  check("facility.electricity", prices.facility->electricity);
  check("facility.carbon", prices.facility->carbon);
}

std::set<std::string> names_except(const std::set<std::string>& all,
                                   const std::set<std::string>& left_out) {
  std::set<std::string> out;
  for (const std::string& name : all) {
    if (!left_out.contains(name)) out.insert(name);
  }
  return out;
}

const std::set<std::string> array_actions{
    "array_read",    "array_pulse",      "dac_drive",           "line_charge",
    "adc_convert",   "ramp_convert",     "comparator_decision", "pulse_slot",
    "pulse_drive",   "edge_add",         "pulse_random_bit",    "edge_multiply",
    "edge_sigmoid",  "edge_random_word", "buffer_read",         "buffer_write",
    "flash_convert", "pipeline_convert", "cyclic_convert",      "oscillator_convert",
    "sample_hold",   "network_hop",      "chip_link",           "pulse_width_drive"};
const std::set<std::string> accelerator_actions{"flop_fp32",    "flop_tf32",    "flop_bf16",
                                                "flop_fp8",     "op_int8",      "memory_read",
                                                "memory_write", "kernel_launch"};
/// Actions of a digital chip: those of logic beside arrays, and products.
const std::set<std::string> chip_actions{"edge_add",         "edge_multiply", "edge_sigmoid",
                                         "edge_random_word", "buffer_read",   "buffer_write",
                                         "memory_read",      "flop_fp32",     "flop_tf32",
                                         "flop_bf16",        "flop_fp8",      "op_int8"};
const std::set<std::string> physical{"array_read", "array_pulse"};

}  // namespace

TEST_CASE(
    "the default prices have an array and accelerators, and every action belongs to one of them") {
  const Prices prices = cost::default_prices();
  CHECK_FALSE(prices.title.empty());
  CHECK(prices.places.contains("array"));
  CHECK(prices.places.size() >= 2);
  std::set<std::string> known;
  for (const cost::ActionInfo& info : cost::actions()) known.emplace(info.name);
  std::set<std::string> placed = array_actions;
  placed.insert(accelerator_actions.begin(), accelerator_actions.end());
  CHECK(known == placed);
}

TEST_CASE("by default, no action at the array is free") {
  const Prices prices = cost::default_prices();
  const cost::Rates& array = prices.places.at("array");
  CHECK(array.supply);
  for (const std::string& action : names_except(array_actions, physical)) {
    CAPTURE(action);
    const bool charged_elsewhere = action == "pulse_slot" || array.included.energy.contains(action);
    CHECK(array.energy.contains(action) != charged_elsewhere);
    CHECK((array.latency.contains(action) || array.included.latency.contains(action) ||
           cost::info(*cost::find_action(action)).physical_time));
  }
  for (const char* slow :
       {"adc_convert", "dac_drive", "pulse_width_drive", "comparator_decision", "edge_add",
        "edge_multiply", "edge_sigmoid", "edge_random_word", "buffer_read", "buffer_write"}) {
    CAPTURE(slow);
    CHECK(array.latency.contains(slow));
  }
  for (const cost::PartInfo& info : cost::parts()) {
    if (info.part == Part::accelerator || info.part == Part::weight_bit || info.counted) continue;
    const std::string part(info.name);
    CAPTURE(part);
    CHECK(array.area.contains(part));
    CHECK((array.power.contains(part) || array.included.power.contains(part)));
  }
}

TEST_CASE(
    "by default, no action of a digital chip is free, and it draws what an array's chip does") {
  const Prices prices = cost::default_prices();
  const cost::Rates& array = prices.places.at("array");
  int chips = 0;
  for (const auto& [place, rates] : prices.places) {
    if (cost::machine_of(place, rates) != cost::Machine::chip) continue;
    CAPTURE(place);
    ++chips;
    for (const std::string& action : chip_actions) {
      CAPTURE(action);
      CHECK(rates.energy.contains(action));
      CHECK((rates.latency.contains(action) || rates.included.latency.contains(action) ||
             action == "memory_read"));  // it works while earlier bits are used
    }
    for (const char* part : {"accelerator", "weight_bit", "buffer_bit", "edge_lane"}) {
      CAPTURE(part);
      CHECK((rates.area.contains(part) || rates.included.area.contains(part)));
      CHECK((rates.power.contains(part) || rates.included.power.contains(part)));
    }
    CHECK(rates.memory);
    CHECK(rates.node == array.node);
    CHECK(rates.background.size() == array.background.size());
    for (const auto& [what, price] : array.background)
      CHECK(rates.background.at(what).median == price.median);
    CHECK(rates.around->host->median == array.around->host->median);
    CHECK(rates.around->overhead.median == array.around->overhead.median);
    for (const char* shared : {"edge_sigmoid", "edge_random_word", "buffer_read", "memory_read"})
      CHECK(rates.energy.at(shared).median == array.energy.at(shared).median);
  }
  CHECK(chips >= 2);
}

TEST_CASE("by default, no action of an accelerator is free") {
  for (const auto& [place, rates] : cost::default_prices().places) {
    if (cost::machine_of(place, rates) != cost::Machine::accelerator) continue;
    CAPTURE(place);
    CHECK_FALSE(rates.title.empty());
    for (const std::string& action : accelerator_actions) {
      CAPTURE(action);
      const bool floats = action.starts_with("flop");
      CHECK((rates.energy.contains(action) || (!floats && rates.included.energy.contains(action))));
      CHECK(
          (rates.latency.contains(action) || (!floats && rates.included.latency.contains(action))));
    }
    CHECK(rates.area.contains("accelerator"));
    CHECK((rates.power.contains("accelerator") || rates.included.power.contains("accelerator")));
  }
}

TEST_CASE(
    "every list and every family that comes with the program can be loaded in place of the "
    "default") {
  const std::filesystem::path folder = OHMLAB_PRICES;
  for (const char* list : {"default", "parts", "silicon", "projection", "blind"}) {
    CAPTURE(list);
    CHECK_FALSE(cost::named_prices(list).title.empty());
    CHECK(cost::named_prices((folder / list).string() + ".toml").title ==
          cost::named_prices(list).title);
  }
  int families = 0;
  const cost::Rates standard = cost::named_prices("parts").places.at("array");
  for (const char* group : {"adc", "random"}) {
    for (const auto& file : std::filesystem::directory_iterator(folder / group)) {
      const std::string stem = file.path().stem().string(),
                        family = std::string(group) + "/" + stem;
      CAPTURE(family);
      const std::string key = group == std::string("random") ? "energy.pulse_random_bit"
                              : stem.ends_with("_time")      ? "latency.adc_convert"
                                                             : "energy.adc_convert";
      const std::string set[] = {"places.array." + key + ".base=\"" + family + "\""};
      const cost::Rates array = cost::named_prices("parts", set).places.at("array");
      const auto at_8 = [&](const cost::Rates& rates) {
        if (stem.ends_with("_time")) return rates.latency.at("adc_convert").at(8);
        return rates.energy.at(key.substr(7)).at(8);
      };
      const bool is_default = stem == "sar" || stem == "sar_time" || stem == "trng";
      CHECK((at_8(array) == at_8(standard)) == is_default);
      ++families;
    }
  }
  CHECK(families >= 12);
}

TEST_CASE("a converter alone cannot stand for a whole macro, and is refused with the reason") {
  for (const char* family : {"sar", "flash", "cco", "survey"}) {
    CAPTURE(family);
    const std::string set[] = {std::string("places.array.energy.adc_convert.base=adc/") + family};
    CHECK_THAT(message_of<core::UserError>([&] { static_cast<void>(cost::default_prices(set)); }),
               ContainsSubstring("energy.adc_convert: covers its part alone, but here this price "
                                 "must cover the whole macro around it: expected one of scope "
                                 "\"macro\", one value for all of it, or another list, e.g. "
                                 "\"parts\""));
  }
  const std::string waiting[] = {"places.array.power.adc=390 uW"};
  CHECK_THAT(message_of<core::UserError>([&] { static_cast<void>(cost::default_prices(waiting)); }),
             ContainsSubstring("places.array.included.power.adc: it has a price as well"));
  CHECK(cost::named_prices("parts", waiting).places.at("array").power.at("adc").at(8) == 390e-6);
}

TEST_CASE("a value set for a price of each cell is that of its action, and no design moves it") {
  const std::string set[] = {"places.array.energy.dac_drive=0.3 pJ"};
  const cost::EnergyPrice& price =
      cost::default_prices(set).places.at("array").energy.at("dac_drive");
  CHECK(price.per == cost::Per::action);
  CHECK(price.certain());
  CHECK(price.at(8) == Approx(0.3e-12));
  CHECK(price.at(4) == Approx(0.15e-12));
  CHECK(cost::default_prices().places.at("array").energy.at("dac_drive").per == cost::Per::cell);
}

TEST_CASE("an oscillator's power is paid in its conversions, and not again while it waits") {
  const cost::Rates silicon = cost::named_prices("silicon").places.at("array");
  CHECK(silicon.energy.at("adc_convert").at(8) == 35e-12);
  CHECK(!silicon.power.contains("adc"));
  CHECK(silicon.included.power.contains("adc"));
}

TEST_CASE("buffers are of another technology with one key, which prices all that a buffer has") {
  const cost::Rates sram = cost::default_prices().places.at("array");
  for (const char* technology : {"sram", "edram", "registers"}) {
    CAPTURE(technology);
    const std::string set[] = {std::string("places.array.base=memory/") + technology};
    const cost::Rates other = cost::default_prices(set).places.at("array");
    const bool same = technology == std::string("sram");
    for (const char* action : {"buffer_read", "buffer_write"}) {
      CHECK((other.energy.at(action).at(0) == sram.energy.at(action).at(0)) == same);
      CHECK(other.latency.contains(action));
    }
    CHECK((other.power.at("buffer_bit").at(0) == sram.power.at("buffer_bit").at(0)) == same);
    CHECK((other.area.at("buffer_bit").at(0) == sram.area.at("buffer_bit").at(0)) == same);
    CHECK(other.energy.at("adc_convert").at(8) == sram.energy.at("adc_convert").at(8));
    CHECK(other.title == sram.title);
  }
  const std::string set[] = {"places.array.base=memory/edram"};
  CHECK(cost::named_prices("silicon", set).places.at("array").area.at("buffer_bit").at(0) <
        sram.area.at("buffer_bit").at(0));
}

TEST_CASE("a price that is set to one value is that value for certain, with its law") {
  const std::string sets[] = {"places.array.energy.adc_convert=3 pJ", "facility.pue=1.1",
                              "places.array.around.host='2 W'"};
  const Prices prices = cost::default_prices(sets);
  const auto& price = prices.places.at("array").energy.at("adc_convert");
  CHECK(price.at(8) == 3e-12);
  CHECK(price.sigma() == 0);
  CHECK(price.law.kind() == "power");
  CHECK(price.source == "assumed by the user");
  CHECK(prices.facility->pue.at(0) == 1.1);
  CHECK(prices.places.at("array").around->host->at(0) == 2);
  const std::string wrong[] = {"places.array.energy.adc_convert=3 pV"};
  CHECK(message_of<core::UserError>([&] { static_cast<void>(cost::default_prices(wrong)); })
            .starts_with("--assume: places.array.energy.adc_convert.median = \"3 pV\": expected a "
                         "number in J"));
  CHECK(message_of<core::UserError>([] { static_cast<void>(cost::named_prices("no such list")); })
            .starts_with("prices = no such list: expected a file, or one of the lists that come "
                         "with the program: "));
}

TEST_CASE("a price is carried to the node and voltage of its place by its rule alone") {
  const auto list = [&](const std::string& scaling, const std::string& place, const char* action) {
    return "title = \"t\"\nplaces.array.title = \"a\"\n" + place + "[places.array.energy." +
           action +
           "]\nmedian = 1e-12\np05 = 5e-13\np95 = 2e-12\nnode = \"45 nm\"\nvoltage = 0.9\nevidence "
           "= \"silicon\"\ndate = \"2014\"\nsource = \"s\"\nscaling = \"" +
           scaling + "\"\n";
  };
  const std::string there = "places.array.node = \"7 nm\"\nplaces.array.voltage = 0.45\n";
  const auto carried = [&](const std::string& scaling, const char* action) {
    return loaded(list(scaling, there, action)).places.at("array").energy.at(action);
  };
  // 45 nm at 0.9 V: 1.103 * 0.81 - 0.362 * 0.9 + 0.2767 = 0.84433; 7 nm at 0.45 V: 0.1776 * 0.2025
  // - 0.0910 * 0.45 + 0.0245 = 0.019514
  CHECK(carried("digital_logic", "edge_add").at(0) ==
        Approx(1e-12 * 0.019514 / 0.84433).epsilon(1e-12));
  CHECK(
      carried("digital_logic", "edge_add").sigma() ==
      Approx(std::hypot(std::log(4.0) / 2 / 1.6448536269514722, 0.2 * std::log(0.84433 / 0.019514)))
          .epsilon(1e-12));
  CHECK(carried("voltage_squared", "line_charge").at(0) == Approx(0.25e-12).epsilon(1e-12));
  CHECK(carried("feature_length", "line_charge").at(0) == Approx(1e-12 * 7 / 45).epsilon(1e-12));
  CHECK(carried("feature_area", "line_charge").at(0) == Approx(1e-12 * 49 / 2025).epsilon(1e-12));
  CHECK(carried("none", "adc_convert").at(0) == 1e-12);

  for (const char* analog : {"adc_convert", "line_charge", "network_hop", "chip_link"}) {
    CHECK(mistake(list("digital_logic", there, analog)) ==
          "p.toml:5: places.array.energy." + std::string(analog) +
              ": scaling \"digital_logic\" is a rule of digital logic: expected another, or none, "
              "for what is limited by noise, matching, wires or the voltage of the cells");
  }
  CHECK(mistake(list("digital_logic", "", "edge_add")) ==
        "p.toml:3: places.array.energy.edge_add: scaling \"digital_logic\" needs the node of the "
        "place");
  CHECK(mistake(list("digital_logic", "places.array.node = \"7 nm\"\n", "edge_add")) ==
        "p.toml:4: places.array.energy.edge_add: scaling \"digital_logic\" needs the voltage of "
        "the place");
  CHECK(mistake(one_price("median = 2\np05 = 1\np95 = 4\nnode = \"4N\"\nevidence = "
                          "\"silicon\"\ndate = \"2020\"\nsource = \"s\"\n")) ==
        "p.toml:3: places.array.energy.adc_convert: node: expected a length such as \"28 nm\", or "
        "\"any\"; got \"4N\"");
}

TEST_CASE("between nodes of the paper, the energy of logic is between theirs") {
  using Rule = cost::DigitalLogicScaling;
  double last = 0;
  for (double nm = 7; nm <= 130; nm += 0.5) {
    const double energy = Rule::energy(nm * 1e-9, 0.8);
    CHECK(energy > last);
    last = energy;
  }
  // At 0.8 V relative to 45 nm, by hand from the paper's coefficients.
  for (const auto& [nm, expected] :
       {std::pair{130.0, 3.07}, {65.0, 1.24}, {32.0, 0.66}, {14.0, 0.139}}) {
    CHECK(Rule::energy(nm * 1e-9, 0.8) / Rule::energy(45e-9, 0.8) ==
          Approx(expected).epsilon(0.01));
  }
}

TEST_CASE("what has a price is not also included in another") {
  const std::string twice[] = {"places.array.boundary=node"};
  CHECK(message_of<core::UserError>([&] { static_cast<void>(cost::default_prices(twice)); })
            .ends_with("around.host: is inside prices that cover the node; expected none, or "
                       "boundary \"core\""));
  const std::string good =
      "median = \"2 pJ\"\np05 = \"1 pJ\"\np95 = \"4 pJ\"\n" + std::string(origin);
  CHECK(mistake(one_price(good) +
                "[places.array.included.energy]\nadc_convert = \"in the reads\"\n") ==
        "p.toml:12: places.array.included.energy.adc_convert: it has a price as well: expected one "
        "of both, or it would be paid twice");
}

TEST_CASE(
    "every default price has a source and says how it was checked, and every inclusion its "
    "reason") {
  const Prices prices = cost::default_prices();
  std::size_t count = 0;
  each_price(prices, [&](const std::string& key, const auto& price) {
    CAPTURE(key);
    CHECK(price.source.size() >= 8);
    CHECK(price.date.starts_with("20"));
    CHECK_FALSE(price.node.empty());
    CHECK_FALSE(price.checked.empty());
    ++count;
  });
  CHECK(count >= 40);
  for (const auto& [place, rates] : prices.places) {
    for (const auto* reasons : {&rates.included.energy, &rates.included.latency,
                                &rates.included.power, &rates.included.area}) {
      for (const auto& [what, reason] : *reasons) {
        CAPTURE(place, what);
        CHECK(reason.size() >= 8);
      }
    }
  }
}

TEST_CASE(
    "every default price is uncertain, by a factor of 1.5 or more unless a datasheet says it") {
  each_price(cost::default_prices(), [](const std::string& key, const auto& price) {
    CAPTURE(key);
    CHECK(price.p05 < price.median);
    CHECK(price.median < price.p95);
    // Of a factor that cannot be below 1, what is above 1 is uncertain.
    const double floor = key.ends_with(".overhead") || key == "facility.pue" ? 1 : 0;
    const double band = (price.p95 - floor) / (price.p05 - floor);
    CHECK(band >= (price.evidence == cost::Evidence::datasheet ? 1.01 : 1.5));
    CHECK(band < 1e4);
  });
}

TEST_CASE("the default prices are of the order of magnitude of what they price") {
  const Prices prices = cost::default_prices();
  const auto within = [](const auto& price, double low, double high) {
    CHECK(price.median > low);
    CHECK(price.median < high);
  };
  each_price(prices, [&](const std::string& key, const auto& price) {
    CAPTURE(key);
    const double at_8 = price.law.factor(8);
    CHECK(at_8 > 0);
    const bool launch = key.ends_with("kernel_launch");
    if (key.find(".energy.") != key.npos)
      within(price, launch ? 1e-5 : 1e-16, launch ? 1e-2 : 1e-10);
    if (key.find(".around.overhead") != key.npos) within(price, 1, 2.5);
    if (key.starts_with("places.array.latency."))
      within(price, 1e-11, key.ends_with("ramp_convert") ? 1e-6 : 1e-7);
    if (key.starts_with("places.array.area.")) within(price, 1e-14, 1e-7);
    if (key.starts_with("places.array.power.")) within(price, 1e-10, 1e-2);
  });
  CHECK(prices.places.at("array").supply->median > 1);  // no supply gives more than it draws
  CHECK(prices.places.at("gpu").energy.at("flop_bf16").median >
        prices.places.at("gpu_spec").energy.at("flop_bf16").median);
}

TEST_CASE("a price is read in its unit with its law, evidence and sources") {
  const Prices prices = loaded(one_price(
      "median = \"2 pJ\"\np05 = 1e-12\np95 = \"4000 fJ\"\nlaw = {kind = \"power\", at = 6}\n" +
      std::string(origin)));
  const cost::EnergyPrice& price = prices.places.at("array").energy.at("adc_convert");
  CHECK(price.median == 2e-12);
  CHECK(price.p05 == 1e-12);
  CHECK(price.p95 == 4e-12);
  CHECK(price.law.factor(9) == 8);
  CHECK(price.evidence == cost::Evidence::silicon);
  CHECK(price.node == "28 nm");
  CHECK(price.source == "someone, somewhere");
  CHECK(price.sigma() == Approx(std::log(4.0) / 2 / 1.6448536269514722).epsilon(1e-15));
  CHECK_FALSE(prices.places.at("array").supply);
}

TEST_CASE(
    "the 5th and 95th percentile of a lognormal law are found again in its distribution function") {
  for (const double ratio : {1.01, 2.0, 25.0, 400.0}) {
    const double sigma = cost::lognormal_sigma(ratio);
    const double below_p95 = 0.5 * std::erfc(-std::log(std::sqrt(ratio)) / sigma / std::sqrt(2.0));
    CHECK(below_p95 == Approx(0.95).epsilon(1e-12));
  }
}

TEST_CASE("one price of the default list is changed by its key") {
  const std::string sets[] = {"places.array.energy.adc_convert.median=3 pJ",
                              "places.array.energy.adc_convert.p05=\"1.5 pJ\"",
                              "places.array.energy.adc_convert.p95=6e-12"};
  const Prices changed = cost::default_prices(sets), standard = cost::default_prices();
  const auto& price = changed.places.at("array").energy.at("adc_convert");
  CHECK(price.median == 3e-12);
  CHECK(price.p05 == 1.5e-12);
  CHECK(price.p95 == 6e-12);
  each_price(standard, [&](const std::string& key, const auto& before) {
    if (key == "places.array.energy.adc_convert") return;
    each_price(changed, [&](const std::string& other, const auto& after) {
      if (key == other) CHECK(before.median == after.median);
    });
  });
}

TEST_CASE("mistakes in a price list are answered with file, line and key") {
  const std::string good =
      "median = \"2 pJ\"\np05 = \"1 pJ\"\np95 = \"4 pJ\"\n" + std::string(origin);
  CHECK(mistake(one_price(good)) == "(nothing was thrown)");
  const std::string key = "places.array.energy.adc_convert";

  SECTION("unknown actions and parts, with the nearest known one") {
    CHECK(
        mistake(one_price(good, "adc_covert")) ==
        "p.toml:3: places.array.energy.adc_covert: no such action, did you mean \"adc_convert\"?");
    CHECK(mistake(one_price(good, "zzzzzzzzzzzz")) ==
          "p.toml:3: places.array.energy.zzzzzzzzzzzz: no such action");
    CHECK(mistake("title = 't'\n[places.array]\ntitle = 'a'\n[places.array.area.cel]\n") ==
          "p.toml:4: places.array.area.cel: no such part, did you mean \"cell\"?");
    CHECK(mistake("title = 't'\n[places.array]\ntitle = 'a'\n[places.array.power.adc_convert]\n") ==
          "p.toml:4: places.array.power.adc_convert: no such part");
    CHECK(mistake("title = 't'\n[places.array]\ntitle = 'a'\n[places.array.latency.cell]\n") ==
          "p.toml:4: places.array.latency.cell: no such action");
    CHECK(mistake("title = 't'\n[places.array]\ntitle = "
                  "'a'\n[places.array.included.latency]\npuls_slot = 'x'\n") ==
          "p.toml:5: places.array.included.latency.puls_slot: no such action, did you mean "
          "\"pulse_slot\"?");
  }
  SECTION("volts for joules, seconds for joules, and text that is no quantity") {
    for (const char* wrong : {"3 pV", "3 ns", "three pJ", "3 pJ/bit"}) {
      CHECK(
          mistake(one_price(fmt::format("median = \"{}\"\np05 = 1\np95 = 4\n{}", wrong, origin))) ==
          fmt::format("p.toml:4: {}.median = \"{}\": expected a number in J, or text such as \"1 "
                      "J\" or \"1 mJ\"",
                      key, wrong));
    }
  }
  SECTION("numbers that are not above zero") {
    CHECK(mistake(one_price("median = -1.5\np05 = 1\np95 = 4\n" + std::string(origin))) ==
          "p.toml:4: " + key + ".median = -1.5: expected a number above 0");
    CHECK(mistake(one_price("median = 0\np05 = 1\np95 = 4\n" + std::string(origin))) ==
          "p.toml:4: " + key + ".median = 0: expected a number above 0");
    CHECK(mistake(one_price("median = 2\np05 = 0.0\np95 = 4\n" + std::string(origin))) ==
          "p.toml:5: " + key + ".p05 = 0.0: expected a number above 0");
  }
  SECTION("percentiles out of order") {
    for (const char* band : {"median = 1\np05 = 2\np95 = 4\n", "median = 5\np05 = 2\np95 = 4\n",
                             "median = 2\np05 = 4\np95 = 1\n"}) {
      CHECK(mistake(one_price(band + std::string(origin))) ==
            "p.toml:3: " + key + ": expected p05 <= median <= p95");
    }
  }
  SECTION("a band whose ends are not equally far from the median") {
    for (const char* band :
         {"median = 2\np05 = 1\np95 = 8\n", "median = 2\np05 = 0.25\np95 = 8\n"}) {
      CHECK(mistake(one_price(band + std::string(origin))) ==
            "p.toml:3: " + key +
                ": expected a lognormal band: p05 * p95 between 0.78 and 1.28 times median^2");
    }
    CHECK(mistake(one_price("median = 2\np05 = 1\np95 = 4.8\n" + std::string(origin))) ==
          "(nothing was thrown)");
    CHECK(mistake(one_price("median = 2\np05 = 1\np95 = 3.2\n" + std::string(origin))) ==
          "(nothing was thrown)");
  }
  SECTION("no source, or an empty one") {
    const std::string band =
        "median = 2\np05 = 1\np95 = 4\nnode = 'any'\nevidence = 'spice'\ndate = '2020'\n";
    CHECK(mistake(one_price(band)) ==
          "p.toml:3: " + key +
              ".source: is missing: who printed it, where, and how it was derived from that");
    for (const char* empty : {"", "  ", " \\t\\n "}) {
      CHECK(mistake(one_price(band + fmt::format("source = \"{}\"\n", empty))) ==
            "p.toml:3: " + key + ": source is empty: no price without a source");
    }
  }
  SECTION("missing numbers, node and evidence") {
    CHECK(mistake(one_price("p05 = 1\np95 = 4\n" + std::string(origin))) ==
          "p.toml:3: " + key + ".median: is missing: median");
    CHECK(mistake(one_price(
              "median = 2\np05 = 1\np95 = 4\nevidence = 'spice'\ndate = '2020'\nsource = 's'\n")) ==
          "p.toml:3: " + key + ".node: is missing: technology node, or \"any\"");
    CHECK(mistake(one_price("median = 2\np05 = 1\np95 = 4\nnode = 'any'\nsource = 's'\n")) ==
          "p.toml:3: " + key + ".evidence: is missing: what it rests on");
  }
  SECTION("unknown keys, kinds and laws") {
    CHECK(mistake(one_price(good + "medain = 3\n")) ==
          "p.toml:11: " + key + ".medain: unknown key, did you mean \"median\"?");
    CHECK(mistake(one_price(good + "law = 'linear'\n")) ==
          "p.toml:11: " + key +
              ".law = \"linear\": expected one of \"constant\", \"proportional\", \"affine\", "
              "\"power\", \"converter\", \"survey\"");
    CHECK(mistake(one_price(good + "law = {kind = 'power', att = 6}\n")) ==
          "p.toml:11: " + key + ".law.att: unknown key, did you mean \"at\"?");
    CHECK(mistake(one_price(
              "median = 2\np05 = 1\np95 = 4\nnode = 'any'\nevidence = 'rumour'\nsource = 's'\n")) ==
          "p.toml:8: " + key +
              ".evidence = \"rumour\": expected one of \"silicon\", \"spice\", \"projection\", "
              "\"datasheet\", \"measured\", \"published\", \"derived\", \"assumed\"");
    CHECK(mistake("title = 't'\n[places.array]\ntitle = 'a'\n[places.array.energie]\n") ==
          "p.toml:4: places.array.energie: unknown key, did you mean \"energy\"?");
    CHECK(mistake("titel = 't'\n") == "p.toml:1: titel: unknown key, did you mean \"title\"?");
  }
  SECTION("a set, which has no line") {
    CHECK(mistake(one_price(good), {key + ".median=3 pV"}) ==
          "--assume: " + key +
              ".median = \"3 pV\": expected a number in J, or text such as \"1 J\" or \"1 mJ\"");
    CHECK(mistake(one_price(good), {"places.array.energy.adc.median=3 pJ"}) ==
          "--assume: places.array.energy.adc: no such action");
    CHECK(mistake(one_price(good), {key + ".median=9 pJ"}) ==
          "--assume and p.toml:3: " + key + ": expected p05 <= median <= p95");
    CHECK(mistake(one_price(good), {key + ".scaling=digital_logic"}) ==
          "--assume and p.toml:3: " + key +
              ": scaling \"digital_logic\" is a rule of digital logic: expected another, or none, "
              "for what is limited by noise, matching, wires or the voltage of the cells");
  }
  SECTION("a node, a supply or a building that gives back more than it takes") {
    const std::string band = "p05 = 0.009\np95 = 0.011\n" + std::string(origin);
    CHECK(mistake("title = 't'\n[facility.pue]\nmedian = 0.01\n" + band) ==
          "p.toml:3: facility.pue.median = 0.01: expected a number at least 1");
    CHECK(mistake(
              "title = 't'\n[places.array]\ntitle = 'a'\n[places.array.supply]\nmedian = 0.01\n" +
              band) == "p.toml:5: places.array.supply.median = 0.01: expected a number at least 1");
    CHECK(message_of<core::UserError>([] {
      const std::string sets[] = {"facility.pue=0.01"};
      static_cast<void>(cost::load_prices(std::string(OHMLAB_PRICES) + "/default.toml", sets));
    }) == "--assume: facility.pue.median = 0.01: expected a number at least 1");
  }
  SECTION("a node beyond the table of its rule, of the price or of the place") {
    const std::string known =
        "scaling \"digital_logic\" is known from 7 to 130 nm: expected a node in this range, or "
        "another rule; found the ";
    const auto logic = [](const std::string& place, const std::string& price) {
      return "title = 't'\n[places.array]\ntitle = 'a'\nnode = '" + place +
             "'\nvoltage = '0.9 V'\n[places.array.energy.edge_add]\nmedian = 2\np05 = 1\np95 = "
             "4\nnode = '" +
             price +
             "'\nvoltage = '0.9 V'\nevidence = 'spice'\ndate = '2020'\nsource = 's'\n"
             "scaling = 'digital_logic'\n";
    };
    const std::string mac = "places.array.energy.edge_add: ";
    CHECK(mistake(logic("7 nm", "130 nm")) == "(nothing was thrown)");
    CHECK(mistake(logic("28 nm", "180 nm")) ==
          "p.toml:6: " + mac + known + "180 nm at which it stands");
    CHECK(mistake(logic("4 nm", "45 nm")) == "p.toml:4: " + mac + known + "4 nm of the place");
    CHECK(mistake(logic("28 nm", "45 nm"), {"places.array.node=3 nm"}) ==
          "--assume: " + mac + known + "3 nm of the place");
  }
  SECTION("a price that is no table, and a list that is no TOML") {
    CHECK(
        mistake(
            "title = 't'\n[places.array]\ntitle = 'a'\n[places.array.energy]\nadc_convert = 3\n") ==
        "p.toml:5: places.array.energy.adc_convert = 3: expected a table");
    CHECK(mistake("title = 't'\nmedian 3\n").starts_with("p.toml:2: not valid TOML: "));
  }
}

TEST_CASE("a price list may lie on a base, but not on itself") {
  const TempFolder folder;
  const std::string good = "median = 2\np05 = 1\np95 = 4\n" + std::string(origin);
  write_bytes(folder / "below.toml", one_price(good));
  write_bytes(folder / "above.toml",
              "base = 'below'\n[places.array.energy.adc_convert]\nmedian = 2.1\n");
  const Prices prices = cost::load_prices(folder / "above.toml");
  CHECK(prices.places.at("array").energy.at("adc_convert").median == 2.1);
  CHECK(prices.places.at("array").energy.at("adc_convert").p95 == 4);

  const auto refused = [&](const char* name) {
    return message_of<core::UserError>(
        [&] { static_cast<void>(cost::load_prices(folder / name)); });
  };
  write_bytes(folder / "loop.toml", "title = 't'\n[places.array]\nbase = 'loop'\n");
  CHECK(refused("loop.toml") ==
        (folder / "loop.toml").string() + ":3: base = \"loop\": this base leads back to itself");
  write_bytes(folder / "one.toml", "base = 'two'\n");
  write_bytes(folder / "two.toml", "title = 't'\nbase = 'one'\n");
  CHECK(refused("one.toml") ==
        (folder / "one.toml").string() + ":1: base = \"two\": this base leads back to itself");
  write_bytes(folder / "top.toml", "base = 'above'\ntitle = 'top'\n");
  CHECK(cost::load_prices(folder / "top.toml").places.at("array").energy.at("adc_convert").median ==
        2.1);
}

TEST_CASE("prices are set by nested tables as by dotted keys") {
  const std::string nested[] =
      {"places={array = {energy = {adc_convert = \"3 pJ\"}, node = \"22 nm\"}}"},
                    dotted[] = {"places.array.energy.adc_convert=3 pJ", "places.array.node=22 nm"};
  const std::string list = std::string(OHMLAB_PRICES) + "/default.toml";
  CHECK(core::canonical_text(core::to_node(cost::load_prices(list, nested))) ==
        core::canonical_text(core::to_node(cost::load_prices(list, dotted))));
  CHECK(cost::load_prices(list, nested).places.at("array").energy.at("adc_convert").p05 == 3e-12);
}

TEST_CASE("a price that nobody can mean without its unit is doubted, and no shipped list is") {
  const std::string list = std::string(OHMLAB_PRICES) + "/default.toml";
  const std::string joules[] = {"places.array.energy.adc_convert=3"},
                    meant[] = {"places.array.energy.adc_convert=3 J"};
  CHECK(cost::load_prices(list, joules).warnings ==
        std::vector<std::string>{
            "--assume: places.array.energy.adc_convert.median = 3: a number without unit is in J, "
            "usual are 1e-21 to 0.01; write \"3 J\" if it is meant"});
  CHECK(cost::load_prices(list, meant).warnings.empty());
  for (const auto& file : std::filesystem::directory_iterator(OHMLAB_PRICES)) {
    if (file.path().extension() != ".toml") continue;
    INFO(file.path());
    CHECK(cost::load_prices(file.path()).warnings.empty());
  }
}

TEST_CASE("laws have the values of their equations") {
  CHECK(cost::ConstantPrice{}.factor(3) == 1);
  CHECK(cost::ConstantPrice{}.factor(1e9) == 1);
  CHECK(cost::ProportionalPrice{.at = 32}.factor(16) == 0.5);
  CHECK(cost::ProportionalPrice{.at = 32}.factor(0) == 0);
  CHECK(cost::ProportionalPrice{.at = 4}.factor(14) == 3.5);
  CHECK(cost::AffinePrice{.offset = 30}.factor(128) == 158);
  CHECK(cost::AffinePrice{.offset = 0}.factor(7) == 7);
  CHECK(cost::PowerPrice{.at = 8}.factor(11) == 8);
  CHECK(cost::PowerPrice{.at = 8}.factor(4) == 0.0625);
  // 0.92 * 6/8 + 0.08 / 16 = 0.69 + 0.005; 0.92 * 12/8 + 0.08 * 256 = 1.38 + 20.48
  const cost::ConverterPrice converter{.at = 8, .noise = 0.08, .form = 0.1};
  CHECK(converter.factor(6) == Approx(0.695).epsilon(1e-14));
  CHECK(converter.factor(12) == Approx(21.86).epsilon(1e-14));
  CHECK(cost::ConverterPrice{.at = 4, .noise = 1}.factor(5) == 4);
  CHECK(cost::ConverterPrice{.at = 4, .noise = 0}.factor(5) == 1.25);
  // FoM: 154.07 dB at 8 bits, 160.88 dB at 12, where the rate is what limits; 10^1.7275
  // * 1.5^-2.8291
  CHECK(cost::SurveyPrice{.at = 8, .rate = 1e8}.factor(12) == Approx(16.95).epsilon(1e-3));
  CHECK(cost::SurveyPrice{}.factor(2) == cost::SurveyPrice{}.factor(4));
  CHECK(converter.form_sigma(5) == Approx(0.3).epsilon(1e-15));
  CHECK(converter.form_sigma(11) == Approx(0.3).epsilon(1e-15));
}

TEST_CASE("a price is itself where it is stated, and its shape is certain there") {
  for (const double at : {0.5, 1.0, 4.0, 8.0, 10.0, 32.0}) {
    CAPTURE(at);
    CHECK(cost::ProportionalPrice{.at = at}.factor(at) == 1);
    CHECK(cost::PowerPrice{.at = at}.factor(at) == 1);
    CHECK(cost::AffinePrice{.offset = at}.factor(1 - at) == Approx(1).epsilon(1e-15));
    for (const double noise : {0.0, 0.08, 0.6, 1.0}) {
      CHECK(cost::ConverterPrice{.at = at, .noise = noise}.factor(at) == Approx(1).epsilon(1e-15));
      CHECK(cost::ConverterPrice{.at = at, .noise = noise}.form_sigma(at) == 0);
    }
  }
}

TEST_CASE("no law of the catalogue ever gets cheaper or free as its parameter grows") {
  cost::Law::each([]<class Entry>() {
    CAPTURE(Entry::name);
    cost::Law law;
    law.choice = Entry{};
    CHECK(law.kind() == Entry::name);
    const bool constant = Entry::name == "constant";
    for (double x = 1; x <= 24; x += 0.25) {
      CAPTURE(x);
      CHECK(law.factor(x) > 0);
      const bool flat = constant || (Entry::name == "survey" && x < 4.4);
      CHECK((flat ? law.factor(x + 0.25) >= law.factor(x) : law.factor(x + 0.25) > law.factor(x)));
      CHECK(law.form_sigma(x) >= 0);
      CHECK(law.factor(x) == std::get<Entry>(law.choice).factor(x));
      CHECK(law.form_sigma(x) == std::get<Entry>(law.choice).form_sigma(x));
    }
  });
}

TEST_CASE("a converter grows by a bit's logic at few bits and fourfold a bit at many") {
  const cost::ConverterPrice law{.at = 8, .noise = 0.08};
  CHECK(law.factor(2) / law.factor(1) == Approx(2).epsilon(0.01));
  CHECK(law.factor(17) / law.factor(16) == Approx(4).epsilon(0.01));
}
