#include "ohmlab/cost/design.hpp"

#include <cmath>
#include <fstream>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/cost/array_work.hpp"
#include "ohmlab/cost/bill.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"
#include "tests/cost/made_price.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;
using cost::Action;
using cost::Entry;

namespace {

/// Conversions, drives and additions, and converters that wait; `design` may act on any of them.
cost::Prices list(std::optional<cost::Design> design) {
  cost::Rates rates;
  rates.energy["adc_convert"] = around<cost::EnergyPrice>(2e-12, 2);
  rates.energy["dac_drive"] = around<cost::EnergyPrice>(1e-13, 2);
  rates.energy["edge_add"] = around<cost::EnergyPrice>(5e-14, 2);
  rates.power["adc"] = around<cost::PowerRate>(1e-6, 2);
  rates.power["comparator"] = around<cost::PowerRate>(1e-6, 2);
  rates.supply = around<cost::Factor>(2, 1.5);
  for (const char* part : {"adc", "comparator"}) rates.included.area[part] = "no area in a test";
  rates.design = std::move(design);
  cost::Prices out;
  out.places["array"] = std::move(rates);
  return out;
}

cost::Design design(double median, double spread) {
  cost::Design out;
  out.factor = around<cost::Multiple>(median, spread);
  out.energy = {"adc_convert", "dac_drive"};
  out.power = {"adc"};
  return out;
}

const std::vector<Entry> work{{"read", "w", Action::array_read, 0, 1, 1, 1e-9, 1e-6},
                              {"read", "w", Action::adc_convert, 8, 1000, 0, 0, 0},
                              {"read", "w", Action::dac_drive, 8, 3000, 0, 0, 0},
                              {"edge", "w", Action::edge_add, 16, 700, 0, 0, 0}};
const std::vector<cost::Holding> parts{{"w", cost::Part::adc, 8, 64},
                                       {"w", cost::Part::comparator, 0, 64}};

cost::Bill bill(const cost::Prices& prices, double times = 1) {
  auto entries = work;
  for (Entry& entry : entries) {
    entry.count *= times;
    entry.joules *= times;
    entry.seconds *= times;
  }
  return cost::price(entries, parts, prices, "array", {.draws = 500, .seed = 3});
}

const cost::Draws& line(const cost::Bill& bill, const std::string& label) {
  for (const cost::BillLine& l : bill.actions)
    if (l.label == label) return l.joules;
  throw std::runtime_error("no line called " + label);
}

std::string mistake(const std::string& more) {
  const TempFolder folder;
  const auto file = folder.path() / "p.toml";
  const std::string price =
      "median = 2e-12\np05 = 1e-12\np95 = 4e-12\nnode = 'any'\nevidence = 'derived'\ndate = "
      "'2026'\nsource = 'a test'\n";
  std::ofstream(file) << "title = 't'\n[places.array]\ntitle = 'a'\n"
                      << "[places.array.energy.adc_convert]\n"
                      << price << "[places.array.energy.dac_drive]\n"
                      << price << more;
  try {
    static_cast<void>(cost::load_prices(file));
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "";
}

const std::string factor =
    "[places.array.design.factor]\nmedian = 1\np05 = 0.5\np95 = 2\nnode = 'any'\nevidence = "
    "'derived'\ndate = '2026'\nsource = 'a test'\n";

}  // namespace

TEST_CASE("a design multiplies the lines that it names, in every draw, and no other line") {
  const cost::Bill plain = bill(list({})), designed = bill(list(design(3, 5)));
  const auto& factors = cost::deviates_of("array.design.factor", {.draws = 500, .seed = 3});
  const double sigma = std::log(5.0) / 1.6448536269514722;
  for (const char* label : {"adc_convert", "dac_drive", "idle: adc"}) {
    CAPTURE(label);
    const cost::Draws ratio = line(designed, label) / line(plain, label);
    CHECK(ratio.nominal == Approx(3));
    for (std::size_t i = 0; i < factors.size(); ++i)
      CHECK(ratio.values[i] == Approx(3 * std::exp(sigma * factors[i])).epsilon(1e-9));
  }
  for (const char* label : {"edge_add", "array_read", "idle: comparator"})
    CHECK(line(designed, label).values == line(plain, label).values);
  CHECK(designed.seconds.values == plain.seconds.values);
}

TEST_CASE("two bills of one list share their design, so that their ratio does not know it") {
  const cost::Prices prices = list(design(1, 20));
  const cost::Draws ratio =
      line(bill(prices, 4), "adc_convert") / line(bill(prices), "adc_convert");
  for (const double x : ratio.values) CHECK(x == Approx(4).epsilon(1e-12));
  CHECK(line(bill(prices), "adc_convert").band().p95 >
        100 * line(bill(prices), "adc_convert").band().p05);
}

TEST_CASE("a tornado has one line for a design, which moves all its lines together") {
  const cost::Prices prices = list(design(1, 5));
  for (const cost::Swing& swing : cost::Pricer(prices).tornado(work, parts, "array")) {
    if (swing.price != "array.design.factor") continue;
    double moved = 0;
    const cost::Bill plain = bill(list({}));
    for (const char* label : {"adc_convert", "dac_drive", "idle: adc"})
      moved += line(plain, label).nominal;
    CHECK(swing.high - swing.low == Approx((5 - 0.2) * moved).epsilon(1e-9));
    return;
  }
  FAIL("no line for the design");
}

TEST_CASE("a design leaves a price without a band as it is") {
  cost::Prices prices = list(design(3, 5));
  auto& price = prices.places["array"].energy["adc_convert"];
  price.p05 = price.p95 = price.median;
  const cost::Draws joules = line(bill(prices), "adc_convert");
  for (const double x : joules.values) CHECK(x == Approx(2e-9));
}

TEST_CASE("a design that names what has no price, or has no evidence, is refused") {
  const std::string names = "[places.array.design]\nenergy = ['adc_convert']\n";
  CHECK(mistake(names + factor).empty());
  CHECK_THAT(mistake(factor), ContainsSubstring("places.array.design: expected the actions"));
  CHECK_THAT(mistake("[places.array.design]\nenergy = ['adc_convrt']\n" + factor),
             ContainsSubstring("\"adc_convrt\" has no price of its own in energy, so that there is "
                               "nothing to multiply, did you mean \"adc_convert\"?"));
  CHECK_THAT(mistake("[places.array.design]\npower = ['adc']\n" + factor),
             ContainsSubstring("design.power: \"adc\" has no price of its own"));
  CHECK_THAT(mistake("[places.array.design]\nenergy = ['dac_drive', 'dac_drive']\n" + factor),
             ContainsSubstring("\"dac_drive\" is there twice"));
  CHECK_THAT(mistake(names), ContainsSubstring("places.array.design.factor: is missing"));
  for (const char* needed : {"evidence", "source", "p95"}) {
    std::string without = factor;
    const auto at = without.find(std::string(needed) + " = ");
    without.erase(at, without.find('\n', at) + 1 - at);
    CHECK_THAT(
        mistake(names + without),
        ContainsSubstring(std::string("places.array.design.factor.") + needed + ": is missing"));
  }
}

TEST_CASE("prices of a whole macro and of a part do not stand in for each other") {
  const std::string whole = "[places.array.design]\nenergy = ['adc_convert']\nscope = 'macro'\n";
  CHECK_THAT(mistake(whole + factor),
             ContainsSubstring("energy.adc_convert: covers its part alone, but here"));
  CHECK_THAT(mistake("scope = 'macro'\n"),
             ContainsSubstring("energy.dac_drive: covers a whole macro, whose parts have prices"));
}

TEST_CASE("a price for each cell counts the cells on the lines that are driven") {
  const cost::ArrayParts array{.pulsed = 1, .fixed = 0, .v_read = 1, .t_read = 1e-9};
  const double rows = 12, cols = 5;
  cost::Tally tally;
  const auto w = tally.component("w");
  const cost::ArrayLines lines(array, rows, cols);
  cost::hold_array({tally, w, array}, lines, 3);
  // As many reads from one side as from the other take the products of both.
  cost::post_read({tally, w, array}, lines, {.vectors = 7, .in_turn = 7});
  cost::post_read({tally, w, array}, lines, {.to_rows = true, .vectors = 7, .in_turn = 7});
  cost::Rates rates;
  rates.energy["dac_drive"] = around<cost::EnergyPrice>(1e-15, 2);
  rates.energy["dac_drive"].per = cost::Per::cell;
  for (const cost::ActionInfo& info : cost::actions()) {
    rates.included.latency[std::string(info.name)] = "no time in a test";
    if (info.name != "dac_drive")
      rates.included.energy[std::string(info.name)] = "no joules in a test";
  }
  for (const cost::PartInfo& info : cost::parts()) {
    rates.included.area[std::string(info.name)] = "no area in a test";
    rates.included.power[std::string(info.name)] = "no power in a test";
  }
  cost::Prices prices;
  prices.places["array"] = rates;
  const cost::Draws joules = cost::price(tally, prices, "array").lines_total();
  CHECK(joules.nominal == Approx(1e-15 * 2 * 7 * rows * cols));

  // Comparators drive one offset each, which is one cell.
  cost::post_decisions({tally, w, array}, 7, 7 * cols);
  CHECK(cost::price(tally, prices, "array").lines_total().nominal ==
        Approx(1e-15 * (2 * 7 * rows * cols + 7 * cols)));
  CHECK_THROWS_WITH(
      cost::price(tally.entries(), {}, prices, "array"),
      ContainsSubstring("places.array.energy.dac_drive: is for each cell on a line, and \"w\""));
}

TEST_CASE("a price for each cell that is no energy is refused") {
  CHECK_THAT(mistake("[places.array.power.adc]\nper = 'cell'\nmedian = 1e-6\np05 = 1e-6\np95 = "
                     "1e-6\nnode = 'any'\nevidence = 'derived'\ndate = '2026'\nsource = 'a "
                     "test'\n"),
             ContainsSubstring("power.adc: per = \"cell\" is for joules"));
}
