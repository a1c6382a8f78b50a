#include "ohmlab/cost/bill.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "ohmlab/core/errors.hpp"

#include "tests/catch.hpp"
#include "tests/cost/made_price.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;
using cost::Action;
using cost::Bill;
using cost::BillLine;
using cost::DrawOptions;
using cost::Draws;
using cost::Entry;
using cost::Holding;
using cost::Part;
using cost::Prices;

namespace {

/// Two-sided normal deviate with p = 1e-6.
constexpr double two_sided = 4.892;

using Energy = cost::EnergyPrice;
using cost::Latency;

Prices one_place(cost::Rates rates) {
  Prices prices;
  prices.places["array"] = std::move(rates);
  return prices;
}

/// A list that prices conversions only, with this energy and no time.
Prices conversions(const Energy& energy) {
  cost::Rates rates;
  rates.energy["adc_convert"] = energy;
  return one_place(rates);
}

Entry entry(Action action, double parameter, double count, double serial = 0,
            const char* stage = "train", const char* component = "weights") {
  return {stage, component, action, parameter, count, serial, 0, 0};
}

Bill bill_of(const std::vector<Entry>& entries, const Prices& prices, std::int64_t draws = 2000,
             std::uint64_t seed = 1) {
  return cost::price(entries, {}, prices, "array", DrawOptions{.draws = draws, .seed = seed});
}

double joules(const std::vector<BillLine>& lines, const std::string& label) {
  for (const BillLine& line : lines) {
    if (line.label == label) return line.joules.nominal;
  }
  throw std::runtime_error("no line called " + label);
}

std::vector<double> logarithms(const Draws& draws) {
  std::vector<double> out;
  for (const double x : draws.values) out.push_back(std::log(x / draws.nominal));
  return out;
}

double mean(const std::vector<double>& x) {
  double sum = 0;
  for (const double v : x) sum += v;
  return sum / static_cast<double>(x.size());
}

double covariance(const std::vector<double>& x, const std::vector<double>& y) {
  const double mx = mean(x), my = mean(y);
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - mx) * (y[i] - my);
  return sum / static_cast<double>(x.size());
}

/// A tally of reads and updates with every kind of cost, and a list that prices it.
struct Sample {
  std::vector<Entry> entries{
      {"read", "weights", Action::array_read, 0, 10, 10, 2e-9, 1e-6},
      {"read", "weights", Action::adc_convert, 6, 640, 10, 0, 0},
      {"update", "biases", Action::edge_add, 16, 100, 5, 0, 0},
      {"update", "weights", Action::adc_convert, 8, 64, 0, 0, 0},  // beside something slower
  };
  std::vector<Holding> holdings{{"weights", Part::adc, 8, 64}, {"weights", Part::cell, 0, 1000}};
  Prices prices;

  explicit Sample(double spread = 1) {
    cost::Rates rates;
    const cost::ConverterPrice converter{.at = 8, .noise = 0.08, .form = spread > 1 ? 0.1 : 0.0};
    rates.energy["adc_convert"] = around<Energy>(2e-12, spread, converter);
    rates.energy["edge_add"] = around<Energy>(1e-13, spread, cost::ProportionalPrice{.at = 32});
    rates.latency["adc_convert"] = around<Latency>(1e-9, spread, cost::AffinePrice{.offset = 1});
    rates.latency["edge_add"] = around<Latency>(2e-9, spread);
    rates.power["adc"] = around<cost::PowerRate>(2e-5, spread);
    rates.area["adc"] = around<cost::AreaPrice>(1e-9, spread, cost::ProportionalPrice{.at = 4});
    rates.area["cell"] = around<cost::AreaPrice>(4e-14, spread);
    rates.supply = around<cost::Factor>(2.5, spread);
    rates.included.power["cell"] = "no power of its own";
    prices = one_place(rates);
  }
  [[nodiscard]] Bill bill(std::int64_t draws = 2000, std::uint64_t seed = 1) const {
    return cost::price(entries, holdings, prices, "array",
                       DrawOptions{.draws = draws, .seed = seed});
  }
};

void check_sum(const std::vector<BillLine>& lines, const Draws& total,
               Draws BillLine::* part = &BillLine::joules) {
  double nominal = 0;
  std::vector<double> sums(total.values.size());
  std::set<std::string> labels;
  for (const BillLine& line : lines) {
    CHECK(labels.insert(line.label).second);
    nominal += (line.*part).nominal;
    REQUIRE((line.*part).values.size() == sums.size());
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += (line.*part).values[i];
  }
  CHECK(nominal == Approx(total.nominal).epsilon(1e-12));
  double worst = 0;
  for (std::size_t i = 0; i < sums.size(); ++i)
    worst = std::max(worst, std::abs(sums[i] / total.values[i] - 1));
  CHECK(worst < 1e-12);
}

}  // namespace

TEST_CASE("a bill at the medians is what one adds up by hand") {
  const Bill bill = Sample().bill();
  // read, pJ: 2 nJ * 2.5 = 5000; 640 * 2 * (0.92 * 6/8 + 0.08 / 16) = 889.6
  // update, pJ: 100 * 0.1 * 16/32 = 5; 64 * 2 = 128
  // time, ns: 1000 + 10 * (6+1) + 5 * 2 = 1080; conversions beside something slower take none
  // idle, pJ: 64 * 20 uW * 1080 ns = 1382.4
  CHECK(bill.seconds.nominal == Approx(1080e-9).epsilon(1e-13));
  CHECK(bill.lines_total().nominal ==
        Approx((5000 + 889.6 + 5 + 128 + 1382.4) * 1e-12).epsilon(1e-13));
  // area: 64 * 1e-9 * 8/4 + 1000 * 4e-14
  CHECK(bill.area.nominal == Approx(1.2804e-7).epsilon(1e-13));

  CHECK(bill.components.size() == 2);
  CHECK(joules(bill.components, "weights") ==
        Approx((5000 + 889.6 + 128 + 1382.4) * 1e-12).epsilon(1e-13));
  CHECK(joules(bill.components, "biases") == Approx(5e-12).epsilon(1e-13));
  CHECK(bill.actions.size() == 4);
  CHECK(joules(bill.actions, "array_read") == Approx(5e-9).epsilon(1e-13));
  CHECK(joules(bill.actions, "adc_convert") == Approx((889.6 + 128) * 1e-12).epsilon(1e-13));
  CHECK(joules(bill.actions, "edge_add") == Approx(5e-12).epsilon(1e-13));
  CHECK(joules(bill.actions, "idle: adc") == Approx(1382.4e-12).epsilon(1e-13));
  CHECK(bill.stages.size() == 3);
  CHECK(joules(bill.stages, "read") == Approx(5889.6e-12).epsilon(1e-13));
  CHECK(joules(bill.stages, "update") == Approx(133e-12).epsilon(1e-13));
  CHECK(joules(bill.stages, "all stages") == Approx(1382.4e-12).epsilon(1e-13));
  for (const BillLine& line : bill.stages) {
    const double expected = line.label == "read" ? 1070e-9 : line.label == "update" ? 10e-9 : 0;
    CHECK(line.seconds.nominal == Approx(expected).epsilon(1e-13));
  }
}

TEST_CASE("of a pipeline the slowest action takes time, in every draw its own slowest") {
  cost::Rates rates;
  rates.energy["adc_convert"] = around<Energy>(1e-12);
  rates.energy["dac_drive"] = around<Energy>(1e-12);
  rates.latency["adc_convert"] = around<Latency>(3e-9, 4);
  rates.latency["dac_drive"] = around<Latency>(2e-9, 4);
  rates.supply = around<cost::Factor>(1);
  const auto pass = [](const char* component, Action action, double serial, double seconds,
                       bool overlapped) {
    Entry out = entry(action, action == Action::array_read ? 0 : 8, 1, serial, "read", component);
    out.seconds = seconds;
    out.overlapped = overlapped;
    return out;
  };
  std::vector<Entry> entries;
  for (const bool overlapped : {false, true}) {
    const double vectors = overlapped ? 9 : 1;
    entries.push_back(pass("weights", Action::dac_drive, vectors, 0, overlapped));
    entries.push_back(pass("weights", Action::array_read, vectors, vectors * 2.5e-9, overlapped));
    entries.push_back(pass("weights", Action::adc_convert, vectors, 0, overlapped));
  }
  entries.push_back(pass("others", Action::dac_drive, 5, 0, true));  // a pipeline of its own
  const Bill bill = bill_of(entries, one_place(rates));
  CHECK(bill.seconds.nominal == Approx((2 + 2.5 + 3 + 9 * 3 + 5 * 2) * 1e-9).epsilon(1e-13));
  CHECK(bill.cells_seconds == Approx(25e-9).epsilon(1e-13));
  check_sum(bill.stages, bill.seconds, &BillLine::seconds);

  // The same draws, one action at a time.
  const Draws adc =
                  bill_of({pass("w", Action::adc_convert, 1, 0, false)}, one_place(rates)).seconds,
              dac = bill_of({pass("w", Action::dac_drive, 1, 0, false)}, one_place(rates)).seconds;
  bool reads_slowest = false, drives_slowest = false, converts_slowest = false;
  for (std::size_t i = 0; i < adc.values.size(); ++i) {
    const double a = adc.values[i], d = dac.values[i], r = 2.5e-9, slowest = std::max({a, d, r});
    reads_slowest = reads_slowest || slowest == r;
    drives_slowest = drives_slowest || slowest == d;
    converts_slowest = converts_slowest || slowest == a;
    if (std::abs(bill.seconds.values[i] / (a + d + r + 9 * slowest + 5 * d) - 1) > 1e-12)
      FAIL("draw " << i);
  }
  CHECK(reads_slowest);
  CHECK(drives_slowest);
  CHECK(converts_slowest);
}

TEST_CASE("wear is pulses over cells, of components whose cells say what they survive") {
  cost::Rates rates;
  rates.area["cell"] = around<cost::AreaPrice>(1e-14);
  rates.included.power["cell"] = "no power of its own";
  std::vector<Entry> entries;
  for (const char* component : {"weights", "others"}) {
    for (const char* stage : {"data phase", "model phase"})
      entries.push_back(entry(Action::array_pulse, 0, 600, 0, stage, component));
  }
  const std::vector<Holding> holdings{{"weights", Part::cell, 1e6, 300},
                                      {"weights", Part::cell, 0, 300},
                                      {"others", Part::cell, 0, 300}};
  const Bill bill =
      cost::price(entries, holdings, one_place(rates), "array", DrawOptions{.draws = 0});
  REQUIRE(bill.wear.size() == 1);
  CHECK(bill.wear[0].component == "weights");
  CHECK(bill.wear[0].pulses == 4);
  CHECK(bill.wear[0].endurance == 1e6);
}

TEST_CASE("a bill of prices that are certain is the same in every draw") {
  const Bill bill = Sample().bill(50);
  const auto same = [](const Draws& draws) {
    REQUIRE(draws.values.size() == 50);
    for (const double x : draws.values) CHECK(x == Approx(draws.nominal).epsilon(1e-14));
  };
  same(bill.lines_total());
  same(bill.seconds);
  CHECK(bill.area.p05 == Approx(bill.area.nominal).epsilon(1e-14));
  CHECK(bill.area.p95 == Approx(bill.area.nominal).epsilon(1e-14));
}

TEST_CASE("sums by component, by action and by stage are the total in every draw") {
  const Bill bill = Sample(4).bill();
  check_sum(bill.components, bill.lines_total());
  check_sum(bill.actions, bill.lines_total());
  check_sum(bill.stages, bill.lines_total());
  check_sum(bill.stages, bill.seconds, &BillLine::seconds);
}

TEST_CASE("idle power is drawn for the whole time of the same draw") {
  Sample sample(4);
  sample.prices.places["array"].power["adc"] = around<cost::PowerRate>(2e-5);
  const Bill bill = sample.bill(500);
  for (const BillLine& line : bill.actions) {
    if (line.label != "idle: adc") continue;
    for (std::size_t i = 0; i < 500; ++i)
      CHECK(line.joules.values[i] == Approx(64 * 2e-5 * bill.seconds.values[i]).epsilon(1e-13));
  }
}

TEST_CASE("the draws of one price follow its lognormal law") {
  constexpr std::int64_t n = 10'000;
  for (const double spread : {1.3, 5.0}) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
      CAPTURE(spread, seed);
      const Bill bill = bill_of({entry(Action::adc_convert, 8, 1000)},
                                conversions(around<Energy>(2e-12, spread)), n, seed);
      const cost::Band band = bill.lines_total().band();
      CHECK(band.nominal == Approx(2e-9).epsilon(1e-14));
      // A quantile's standard error is sqrt(q(1-q)/n) / density; here in units of the standard
      // deviation of ln.
      const double sigma = std::log(spread) / 1.6448536269514722;
      const double bound = two_sided * std::sqrt(0.05 * 0.95 / n) / 0.10313564037537139;
      CHECK(std::abs(std::log(band.p05 / (2e-9 / spread))) < bound * sigma);
      CHECK(std::abs(std::log(band.p95 / (2e-9 * spread))) < bound * sigma);
      const auto logs = logarithms(bill.lines_total());
      CHECK(std::abs(mean(logs)) < two_sided * sigma / std::sqrt(n));
      CHECK(std::abs(covariance(logs, logs) / (sigma * sigma) - 1) <
            two_sided * std::sqrt(2.0 / n));
    }
  }
}

TEST_CASE("a median of many draws is the nominal figure of a one-price bill") {
  Draws draws =
      bill_of({entry(Action::adc_convert, 8, 1)}, conversions(around<Energy>(1.0, 10.0)), 10'001)
          .lines_total();
  std::sort(draws.values.begin(), draws.values.end());
  const double sigma = std::log(10.0) / 1.6448536269514722;
  CHECK(std::abs(std::log(draws.values[5000])) <
        two_sided * sigma * std::sqrt(std::acos(-1.0) / 2 / 10'001));
}

TEST_CASE(
    "the band of draws is their 5th and 95th percentile, and without draws the nominal figure") {
  Draws draws{7, {}};
  for (int i = 100; i >= 0; --i) draws.values.push_back(i);
  CHECK(draws.band().nominal == 7);
  CHECK(draws.band().p05 == 5);
  CHECK(draws.band().p95 == 95);
  const Bill bill =
      bill_of({entry(Action::adc_convert, 8, 3)}, conversions(around<Energy>(2, 5.0)), 0);
  CHECK(bill.lines_total().values.empty());
  CHECK(bill.lines_total().band().nominal == 6);
  CHECK(bill.lines_total().band().p05 == 6);
  CHECK(bill.lines_total().band().p95 == 6);
}

TEST_CASE("a price that is on both sides of a ratio leaves it certain") {
  const Prices prices =
      conversions(around<Energy>(2e-12, 30.0, cost::ConverterPrice{.at = 8, .form = 0.3}));
  const Bill a = bill_of({entry(Action::adc_convert, 5, 1000)}, prices);
  const Bill b =
      bill_of({entry(Action::adc_convert, 5, 1000, 0, "other stage", "other component")}, prices);
  const Bill four = bill_of({entry(Action::adc_convert, 5, 4000)}, prices);
  const Bill tenth = bill_of({entry(Action::adc_convert, 5, 100)}, prices);
  const Draws same = a.lines_total() / b.lines_total(),
              quarter = a.lines_total() / four.lines_total(),
              ten = a.lines_total() / tenth.lines_total();
  REQUIRE(same.values.size() == 2000);
  CHECK(same.nominal == 1);
  CHECK(quarter.nominal == 0.25);
  CHECK(std::all_of(same.values.begin(), same.values.end(), [](double x) { return x == 1; }));
  CHECK(std::all_of(quarter.values.begin(), quarter.values.end(),
                    [](double x) { return x == 0.25; }));
  CHECK(std::all_of(ten.values.begin(), ten.values.end(),
                    [](double x) { return std::abs(x - 10) < 1e-13; }));
  CHECK(a.lines_total().band().p95 > 10 * a.lines_total().band().p05);
}

TEST_CASE("a ratio of bills is taken draw by draw") {
  const Draws out = Draws{6, {1, 4, 9}} / Draws{3, {2, 2, 3}};
  CHECK(out.nominal == 2);
  CHECK(out.values == std::vector<double>{0.5, 2, 3});
}

TEST_CASE("an unrelated price, entry or place does not change the draws of a price") {
  Prices prices = conversions(around<Energy>(2e-12, 5.0));
  const std::vector<Entry> entries{entry(Action::adc_convert, 8, 1000)};
  const Bill before = bill_of(entries, prices);

  cost::Rates& rates = prices.places["array"];
  rates.energy["edge_add"] = around<Energy>(1e-13, 3.0);
  rates.energy["array_read"] = around<Energy>(1e-13, 3.0);
  rates.latency["adc_convert"] = around<Latency>(1e-9, 2.0);
  rates.supply = around<cost::Factor>(2, 2.0);
  prices.places["gpu"].energy["adc_convert"] = around<Energy>(1, 2.0);
  CHECK(bill_of(entries, prices).lines_total().values == before.lines_total().values);

  const Bill more = bill_of({entry(Action::edge_add, 32, 10, 0, "train", "a"), entries[0],
                             entry(Action::edge_add, 32, 10, 0, "train", "z")},
                            one_place([&] {
    cost::Rates with_time = rates;
    with_time.included.latency["edge_add"] = "no time";
    return with_time;
  }()));
  for (const BillLine& line : more.actions) {
    if (line.label == "adc_convert") CHECK(line.joules.values == before.lines_total().values);
  }
}

TEST_CASE("two prices are never moved by the same draws") {
  Prices prices;
  std::vector<Entry> each;
  cost::Rates rates;
  for (const cost::ActionInfo& info : cost::actions()) {
    const std::string name(info.name);
    rates.energy[name] = around<Energy>(1, 5.0, cost::ConverterPrice{.at = 8, .form = 0});
    rates.latency[name] = around<Latency>(1, 5.0);
    each.push_back(entry(info.action, 8, 1, 1));
  }
  prices.places["array"] = rates;
  prices.places["gpu"] = rates;
  constexpr std::int64_t n = 4000;
  std::vector<std::vector<double>> moved;
  for (const char* place : {"array", "gpu"}) {
    for (const Entry& e : each) {
      const Bill bill = cost::price({e}, {}, prices, place, DrawOptions{.draws = n});
      moved.push_back(logarithms(bill.lines_total()));
      moved.push_back(logarithms(bill.seconds));
    }
  }
  // 76 * 75 / 2 pairs: p = 1e-6 for any of them is p = 3.5e-10 for one, a deviate of 6.3.
  for (std::size_t a = 0; a < moved.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      const double correlation =
          covariance(moved[a], moved[b]) /
          std::sqrt(covariance(moved[a], moved[a]) * covariance(moved[b], moved[b]));
      if (std::abs(correlation) >= 6.3 / std::sqrt(n))
        FAIL_CHECK(a << " and " << b << ": " << correlation);
    }
  }
}

TEST_CASE("draws are a function of the seed and of their number alone") {
  const Sample sample(4);
  const Bill a = sample.bill(2000, 7), again = sample.bill(2000, 7), few = sample.bill(100, 7),
             other = sample.bill(2000, 8);
  CHECK(a.lines_total().values == again.lines_total().values);
  CHECK(a.seconds.values == again.seconds.values);
  CHECK(a.area.p95 == again.area.p95);
  CHECK(std::equal(few.lines_total().values.begin(), few.lines_total().values.end(),
                   a.lines_total().values.begin()));
  CHECK(std::equal(few.seconds.values.begin(), few.seconds.values.end(), a.seconds.values.begin()));
  for (std::size_t i = 0; i < 2000; ++i)
    CHECK(a.lines_total().values[i] != other.lines_total().values[i]);
  CHECK(a.lines_total().nominal == other.lines_total().nominal);
}

TEST_CASE(
    "an uncertain shape is one draw a design, which no count and no number of parts averages out") {
  const Prices prices = conversions(
      around<Energy>(2e-12, 1.0, cost::ConverterPrice{.at = 8, .noise = 0, .form = 0.1}));
  constexpr std::int64_t n = 10'000;
  const auto one = logarithms(bill_of({entry(Action::adc_convert, 4, 1)}, prices, n).lines_total());
  const auto many =
      logarithms(bill_of({entry(Action::adc_convert, 4, 1e12)}, prices, n).lines_total());
  std::vector<Entry> spread;
  for (const char* stage : {"a", "b", "c", "d"}) {
    for (const char* component : {"e", "f", "g", "h"})
      spread.push_back(entry(Action::adc_convert, 4, 10, 0, stage, component));
  }
  const auto parts = logarithms(bill_of(spread, prices, n).lines_total());
  const auto above =
      logarithms(bill_of({entry(Action::adc_convert, 12, 1)}, prices, n).lines_total());
  const auto near =
      logarithms(bill_of({entry(Action::adc_convert, 7, 1)}, prices, n).lines_total());
  const double variance = 0.4 * 0.4;
  CHECK(std::abs(covariance(one, one) / variance - 1) < two_sided * std::sqrt(2.0 / n));
  CHECK(std::abs(mean(one)) < two_sided * 0.4 / std::sqrt(n));
  for (std::size_t i = 0; i < one.size(); ++i) {
    if (std::abs(many[i] - one[i]) > 1e-12 || std::abs(parts[i] - one[i]) > 1e-12 ||
        std::abs(above[i] - one[i]) > 1e-12 || std::abs(4 * near[i] - one[i]) > 1e-12) {
      FAIL_CHECK("draw " << i << ": " << one[i] << " " << many[i] << " " << parts[i] << " "
                         << above[i]);
    }
  }
  const Bill stated = bill_of({entry(Action::adc_convert, 8, 1)}, prices, 100);
  for (const double x : stated.lines_total().values) CHECK(x == Approx(2e-12).epsilon(1e-14));
}

TEST_CASE("an uncertain shape and an uncertain price move a bill independently") {
  constexpr std::int64_t n = 10'000;
  const double spread = 2, sigma = std::log(spread) / 1.6448536269514722;
  const auto logs = logarithms(
      bill_of(
          {entry(Action::adc_convert, 4, 1)},
          conversions(around<Energy>(2e-12, spread, cost::ConverterPrice{.at = 8, .form = 0.1})), n)
          .lines_total());
  const double variance = sigma * sigma + 0.4 * 0.4;
  CHECK(std::abs(covariance(logs, logs) / variance - 1) < two_sided * std::sqrt(2.0 / n));
}

TEST_CASE("dissipation is paid through the supply, and physics needs no price of its own") {
  cost::Rates rates;
  rates.supply = around<cost::Factor>(2, 3.0);
  const std::vector<Entry> read{{"s", "c", Action::array_read, 0, 10, 10, 3e-9, 4e-6}};
  const Bill bill = bill_of(read, one_place(rates), 100);
  CHECK(bill.lines_total().nominal == Approx(6e-9));
  CHECK(bill.seconds.nominal == 4e-6);
  CHECK(bill.lines_total().band().p05 < 5e-9);
  for (const double t : bill.seconds.values) CHECK(t == 4e-6);
}

namespace {

/// The sample among what is around it.
struct Surrounded : Sample {
  explicit Surrounded(double spread = 1) : Sample(spread) {
    cost::Rates& rates = prices.places["array"];
    rates.around.emplace();
    rates.around->overhead = around<cost::Factor>(1.25, spread);
    rates.around->host = around<cost::PowerRate>(3, spread);
    rates.around->silicon = around<cost::SiliconPrice>(1e5, spread);
    rates.around->host_price = around<cost::PartPrice>(100, spread);
    prices.facility.emplace();
    prices.facility->pue = around<cost::Factor>(1.2, spread);
    prices.facility->electricity = around<cost::ElectricityPrice>(2e-8, spread);
    prices.facility->carbon = around<cost::CarbonIntensity>(1e-7, spread);
    prices.facility->lifetime = 1e8;
    prices.facility->occupancy = 0.5;
  }
};

}  // namespace

TEST_CASE("each boundary holds the one before it and what it adds") {
  const Bill bill = Surrounded().bill();
  REQUIRE((bill.core && bill.node && bill.facility && bill.dollars && bill.co2));
  const double core = bill.lines_total().nominal, seconds = bill.seconds.nominal;
  CHECK(bill.boundary == cost::Boundary::core);
  CHECK(bill.core->nominal == core);
  CHECK(bill.node->nominal == Approx(1.25 * core + 3 * seconds).epsilon(1e-14));
  CHECK(bill.facility->nominal == Approx(1.2 * bill.node->nominal).epsilon(1e-14));
  CHECK(bill.co2->nominal == Approx(1e-7 * bill.facility->nominal).epsilon(1e-14));
  const double hardware = 1e5 * bill.area.nominal + 100;
  CHECK(bill.dollars->nominal ==
        Approx(2e-8 * bill.facility->nominal + hardware * seconds / (1e8 * 0.5)).epsilon(1e-14));

  const Bill drawn = Surrounded(2).bill();
  bool grows = true;
  for (std::size_t i = 0; i < drawn.core->values.size(); ++i) {
    grows = grows && drawn.core->values[i] > 0 && drawn.facility->values[i] > 0 &&
            drawn.dollars->values[i] > 0;
  }
  CHECK(grows);
}

TEST_CASE("a place whose prices cover the node is divided by what the node adds to its core") {
  Surrounded sample;
  sample.prices.places["array"].boundary = cost::Boundary::node;
  const Bill bill = sample.bill();
  CHECK(bill.node->nominal == bill.lines_total().nominal);
  CHECK(bill.core->nominal == Approx(bill.lines_total().nominal / 1.25).epsilon(1e-14));
}

TEST_CASE("a list that does not say what is around a core prices the core alone") {
  const Bill bill = Sample().bill();
  CHECK(bill.core->nominal == bill.lines_total().nominal);
  CHECK_FALSE((bill.node || bill.facility || bill.dollars || bill.co2));
  Surrounded sample;
  sample.prices.places["array"].around->silicon.reset();
  CHECK(message_of<core::UserError>([&] { static_cast<void>(sample.bill()); }) ==
        "places.array.around.silicon: the price list has no such price, and what was done is never "
        "free");
  sample.prices.places["array"].around->parts["adc"] = around<cost::PartPrice>(2);
  sample.prices.places["array"].around->parts["cell"] = around<cost::PartPrice>(0.001);
  const Bill bought = sample.bill();  // 64 converters and 1000 cells, by the piece
  CHECK(bought.dollars->nominal ==
        Approx(2e-8 * bought.facility->nominal +
               (64 * 2 + 1000 * 0.001 + 100) * bought.seconds.nominal / 5e7)
            .epsilon(1e-14));
}

TEST_CASE("a tornado moves one price at a time to its 5th and 95th percentile") {
  const Surrounded sample(2);
  const auto swings =
      cost::Pricer(sample.prices)
          .tornado(sample.entries, sample.holdings, "array", cost::Boundary::facility);
  std::set<std::string> names;
  double last = 1e300;
  for (const cost::Swing& swing : swings) {
    CAPTURE(swing.price);
    CHECK(names.insert(swing.price).second);
    CHECK(swing.high - swing.low <= last);
    last = swing.high - swing.low;
    CHECK(swing.low < sample.bill().facility->nominal);
    CHECK(swing.high > sample.bill().facility->nominal);
    // The same by hand: a list with that price at its percentile, and every price certain.
    for (const bool high : {false, true}) {
      Surrounded other(1);
      cost::Rates& rates = other.prices.places["array"];
      const double factor = high ? 2 : 0.5;
      const std::map<std::string, double*> medians{
          {"array.energy.adc_convert", &rates.energy["adc_convert"].median},
          {"array.latency.adc_convert", &rates.latency["adc_convert"].median},
          {"array.energy.edge_add", &rates.energy["edge_add"].median},
          {"array.latency.edge_add", &rates.latency["edge_add"].median},
          {"array.power.adc", &rates.power["adc"].median},
          {"array.supply", &rates.supply->median},
          {"array.around.overhead", &rates.around->overhead.median},
          {"array.around.host", &rates.around->host->median},
          {"facility.pue", &other.prices.facility->pue.median}};
      if (swing.price.ends_with(" form")) continue;
      REQUIRE(medians.contains(swing.price));
      *medians.at(swing.price) *= factor;
      CHECK((high ? swing.high : swing.low) ==
            Approx(other.bill().facility->nominal).epsilon(1e-9));
    }
  }
  CHECK(names.size() == 10);  // nine prices and one uncertain shape
  const auto at_core =
      cost::Pricer(sample.prices).tornado(sample.entries, sample.holdings, "array");
  CHECK(at_core.size() == 7);
}

TEST_CASE("one pricer makes of many tallies what a pricer for each makes") {
  const Surrounded sample(3);
  cost::Pricer pricer(sample.prices, {.draws = 100, .seed = 5});
  for (const double times : {1.0, 3.0}) {
    auto entries = sample.entries;
    for (Entry& entry : entries) entry.count *= times;
    const Bill together = pricer.price(entries, sample.holdings, "array");
    const Bill alone =
        cost::price(entries, sample.holdings, sample.prices, "array", {.draws = 100, .seed = 5});
    CHECK(together.lines_total().values == alone.lines_total().values);
    CHECK(together.facility->values == alone.facility->values);
    CHECK(together.seconds.values == alone.seconds.values);
  }
}

TEST_CASE("kinds of work add up to the whole, with idle power a kind of its own") {
  const Bill bill = Sample(2).bill();
  check_sum(bill.groups, bill.lines_total());
  CHECK(joules(bill.groups, "idle") == Approx(joules(bill.actions, "idle: adc")).epsilon(1e-14));
  CHECK(joules(bill.groups, "cells") == Approx(5e-9).epsilon(1e-12));
}

TEST_CASE("lines by layer add up to the whole, and each layer has its own pipeline and wear") {
  cost::Rates rates;
  rates.energy["adc_convert"] = around<Energy>(2e-12);
  rates.latency["adc_convert"] = around<Latency>(3e-9);
  rates.supply = around<cost::Factor>(1);
  rates.area["cell"] = around<cost::AreaPrice>(1e-14);
  rates.power["cell"] = around<cost::PowerRate>(1e-9);
  cost::Tally tally;
  const auto one = tally.component("weights", "block 1"),
             two = tally.component("weights", "block 2"), rest = tally.component("weights");
  CHECK(one != two);
  CHECK(tally.component("weights", "block 1") == one);
  const cost::Tally::Stage stage(tally, "train");
  tally.post(one, Action::adc_convert, {.count = 10, .serial = 10, .overlapped = true});
  tally.post(two, Action::adc_convert, {.count = 30, .serial = 30, .overlapped = true});
  tally.post(rest, Action::adc_convert, {.count = 5});
  tally.post(two, Action::array_pulse, {.count = 700, .joules = 1e-12});
  tally.hold(one, Part::cell, 100, 1e6);
  tally.hold(two, Part::cell, 100, 1e6);
  const Bill bill =
      cost::price(tally.entries(), tally.holdings(), one_place(rates), "array", {.draws = 10});
  REQUIRE(bill.layers.size() == 3);
  const double seconds = (10 + 30) * 3e-9,
               idle = 100 * 1e-9 * seconds;  // pipelines follow one another
  CHECK(bill.seconds.nominal == Approx(seconds));
  CHECK(joules(bill.layers, "block 1") == Approx(10 * 2e-12 + idle));
  CHECK(joules(bill.layers, "block 2") == Approx(30 * 2e-12 + 1e-12 + idle));
  CHECK(joules(bill.layers, "no layer") == Approx(5 * 2e-12));
  double sum = 0;
  for (const BillLine& line : bill.layers) sum += line.joules.nominal;
  CHECK(sum == Approx(bill.lines_total().nominal));
  CHECK(joules(bill.components, "weights") == Approx(bill.lines_total().nominal));
  REQUIRE(bill.wear.size() == 2);
  CHECK(bill.wear[0].component == "weights, block 1");
  CHECK(bill.wear[0].pulses == 0);
  CHECK(bill.wear[1].pulses == 7);

  cost::Tally plain;
  plain.post(plain.component("weights"), Action::adc_convert, {.count = 1});
  CHECK(cost::price(plain.entries(), {}, one_place(rates), "array", {.draws = 10}).layers.empty());
}

TEST_CASE("what has no price is refused by name, never free") {
  const std::string never_free =
      ": the price list has no such price, and what was done is never free";
  const auto refused = [](const std::vector<Entry>& entries, const std::vector<Holding>& holdings,
                          const Prices& prices, const std::string& place = "array") {
    return message_of<core::UserError>([&] {
      static_cast<void>(cost::price(entries, holdings, prices, place, DrawOptions{.draws = 1}));
    });
  };
  const Sample sample;
  CHECK(refused(sample.entries, sample.holdings, sample.prices) == "(nothing was thrown)");
  CHECK(refused(sample.entries, sample.holdings, sample.prices, "mars") ==
        "places.mars: the price list has no such place");

  Prices less = sample.prices;
  cost::Rates& rates = less.places["array"];
  SECTION("energy") {
    rates.energy.erase("adc_convert");
    CHECK(refused(sample.entries, sample.holdings, less) ==
          "places.array.energy.adc_convert" + never_free);
    rates.included.latency["adc_convert"] = "in the read";
    CHECK(refused(sample.entries, sample.holdings, less) ==
          "places.array.energy.adc_convert" + never_free);
    rates.included.energy["adc_convert"] = "in the read";
    CHECK(refused(sample.entries, sample.holdings, less) == "(nothing was thrown)");
  }
  SECTION("latency, if it is on the critical path") {
    rates.latency.erase("edge_add");
    CHECK(refused(sample.entries, sample.holdings, less) ==
          "places.array.latency.edge_add" + never_free);
    std::vector<Entry> beside = sample.entries;
    beside[2].serial = 0;
    CHECK(refused(beside, sample.holdings, less) == "(nothing was thrown)");
    rates.included.latency["edge_add"] = "overlaps";
    CHECK(refused(sample.entries, sample.holdings, less) == "(nothing was thrown)");
  }
  SECTION("joules and seconds of physics excuse nothing that is not physics") {
    rates.energy.erase("adc_convert");
    std::vector<Entry> physical = sample.entries;
    for (Entry& e : physical) e.joules = e.seconds = 1;
    CHECK(refused(physical, sample.holdings, less) ==
          "places.array.energy.adc_convert" + never_free);
  }
  SECTION("the supply") {
    rates.supply.reset();
    CHECK(refused(sample.entries, sample.holdings, less) == "places.array.supply" + never_free);
  }
  SECTION("idle power") {
    rates.power.erase("adc");
    CHECK(refused(sample.entries, sample.holdings, less) == "places.array.power.adc" + never_free);
  }
  SECTION("area") {
    rates.area.erase("adc");
    CHECK(refused(sample.entries, sample.holdings, less) == "places.array.area.adc" + never_free);
  }
}

TEST_CASE(
    "under the default prices, everything any machine does and consists of has a finite price") {
  const Prices prices = cost::default_prices();
  for (const auto& [place, rates] : prices.places) {
    CAPTURE(place);
    const cost::Machine machine = cost::machine_of(place, rates);
    const auto does = [&](const cost::ActionInfo& info) {
      const bool edge = info.action >= Action::edge_multiply && info.action <= Action::buffer_write;
      switch (machine) {
        case cost::Machine::array:
          return info.action < Action::flop_fp32;
        case cost::Machine::chip:
          return edge || cost::is_operation(info.action);
        default:
          return info.action >= Action::flop_fp32;
      }
    };
    const auto has = [&](const cost::PartInfo& info) {
      const bool bits = info.part == Part::weight_bit;
      const bool edge = info.part == Part::edge_lane || info.part == Part::buffer_bit;
      switch (machine) {
        case cost::Machine::array:
          return info.part != Part::accelerator && !bits;
        case cost::Machine::chip:
          return edge || bits || info.part == Part::accelerator;
        default:
          return info.part == Part::accelerator || info.part == Part::memory_byte;
      }
    };
    std::vector<Entry> entries;
    for (const cost::ActionInfo& info : cost::actions()) {
      if (!does(info)) continue;
      Entry e = entry(info.action, 8, 100, 10);
      e.component = "all";
      if (info.action <= Action::array_pulse) {
        e.joules = 1e-12;
        e.seconds = 1e-8;
      }
      entries.push_back(e);
    }
    std::vector<Holding> holdings;
    for (const cost::PartInfo& info : cost::parts()) {
      if (has(info)) holdings.push_back({"all", info.part, 8, 10});
    }
    const Bill bill = cost::price(entries, holdings, prices, place, DrawOptions{.draws = 500});
    for (const cost::Band& band : {bill.lines_total().band(), bill.seconds.band(), bill.area}) {
      CHECK(std::isfinite(band.p95));
      CHECK(band.p05 > 0);
      CHECK(band.p05 < band.nominal);
      CHECK(band.nominal < band.p95);
    }
    check_sum(bill.components, bill.lines_total());
    check_sum(bill.actions, bill.lines_total());
    check_sum(bill.stages, bill.lines_total());
  }
}

TEST_CASE("a bill of nothing is nothing") {
  const Bill bill = bill_of({}, one_place({}), 10);
  CHECK(bill.lines_total().nominal == 0);
  CHECK(bill.seconds.nominal == 0);
  CHECK(bill.area.p95 == 0);
  CHECK(bill.lines_total().values == std::vector<double>(10));
  CHECK(bill.components.empty());
}

TEST_CASE("a tally with work that cannot be priced is refused, not billed without it") {
  const Prices prices = conversions(around<Energy>(1e-12));
  cost::Tally tally;
  const auto weights = tally.component("weights", "block 1");
  tally.post(weights, Action::adc_convert, {.count = 5});
  CHECK(cost::price(tally, prices, "array", {.draws = 0}).lines_total().nominal == Approx(5e-12));
  CHECK(cost::Pricer(prices).tornado(tally, "array").empty());
  tally.cannot_price(weights, "device.v_read, device.t_pulse");
  const std::string refused =
      "weights, block 1: cannot be billed: no device.v_read, device.t_pulse";
  CHECK_THROWS_WITH(cost::price(tally, prices, "array"), refused);
  CHECK_THROWS_WITH(cost::Pricer(prices).price(tally, "array"), refused);
  CHECK_THROWS_WITH(cost::Pricer(prices).tornado(tally, "array"), refused);
}

TEST_CASE("cells of one component that are declared twice share its pulses") {
  cost::Rates rates;
  rates.supply = around<cost::Factor>(1);
  rates.area["cell"] = around<cost::AreaPrice>(1e-14);
  rates.included.power["cell"] = "made for a test";
  cost::Tally tally;
  const auto weights = tally.component("weights");
  tally.hold(weights, Part::cell, 100, 1e6);
  tally.post(weights, Action::array_pulse, {.count = 500});
  const auto wear = [&] {
    return cost::price(tally, one_place(rates), "array", {.draws = 0}).wear;
  };
  REQUIRE(wear().size() == 1);
  CHECK(wear()[0].pulses == 5);
  tally.hold(weights, Part::cell, 100, 1e6);
  tally.post(weights, Action::array_pulse, {.count = 500});
  REQUIRE(wear().size() == 1);
  CHECK(wear()[0].pulses == 5);
}
