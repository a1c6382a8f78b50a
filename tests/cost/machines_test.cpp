#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/cost/bill.hpp"

#include "tests/catch.hpp"
#include "tests/cost/made_price.hpp"

/// Boundaries that all machines share: chips with their background, hosts, memory on the chip,
/// starts of products, and the doubt about times.
using namespace ohmlab;
using cost::Action;
using cost::Bill;
using cost::Entry;
using cost::Holding;
using cost::Machine;
using cost::Part;
using cost::Prices;
using cost::Rates;

namespace {

/// A place whose additions take 1 nJ and 1 us.
Rates adding(Machine machine) {
  Rates rates;
  rates.machine = machine;
  rates.energy["edge_add"] = around<cost::EnergyPrice>(1e-9);
  rates.latency["edge_add"] = around<cost::Latency>(1e-6);
  return rates;
}

const std::vector<Entry> additions{{"train", "c", Action::edge_add, 16, 100, 100, 0, 0}};

Bill bill(const std::vector<Entry>& entries, const std::vector<Holding>& holdings,
          const Rates& rates, std::int64_t draws = 0) {
  Prices prices;
  prices.places["here"] = rates;
  return cost::price(entries, holdings, prices, "here", {.draws = draws});
}

}  // namespace

TEST_CASE("a chip draws its background for the whole time, and many chips as often") {
  Rates rates = adding(Machine::chip);
  rates.background["control"] = around<cost::PowerRate>(2e-3);
  rates.background["memory"] = around<cost::PowerRate>(3e-3);
  const double seconds = 100e-6, work = 100e-9;
  const Bill one = bill(additions, {}, rates);
  CHECK(one.core->nominal == Approx(work + 5e-3 * seconds));
  const auto line = std::find_if(one.actions.begin(), one.actions.end(),
                                 [](const auto& l) { return l.label == "background: memory"; });
  REQUIRE(line != one.actions.end());
  CHECK(line->joules.nominal == Approx(3e-3 * seconds));
  CHECK(bill(additions, {{"mesh", Part::chip, 0, 0.2}}, rates).core->nominal ==
        one.core->nominal);  // a part of a chip is in one
  const Bill many = bill(additions, {{"a", Part::chip, 0, 3}, {"b", Part::chip, 0, 4.5}}, rates);
  CHECK(many.core->nominal == Approx(work + 7.5 * 5e-3 * seconds));
  CHECK(many.area.nominal == 0);  // what is only counted has no price
}

TEST_CASE("chips that share a host share its watts and its price") {
  Rates rates = adding(Machine::chip);
  rates.around.emplace();
  rates.around->overhead = around<cost::Factor>(1.5);
  rates.around->host = around<cost::PowerRate>(4);
  rates.around->host_price = around<cost::PartPrice>(100);
  Prices prices;
  prices.facility.emplace();
  prices.facility->pue = around<cost::Factor>(1);
  prices.facility->electricity = around<cost::ElectricityPrice>(1e-30);
  prices.facility->carbon = around<cost::CarbonIntensity>(1e-30);
  const auto of = [&](double chips) {
    rates.around->chips_per_host = chips;
    prices.places["here"] = rates;
    return cost::price(additions, {}, prices, "here", {.draws = 20});
  };
  const Bill alone = of(1), shared = of(8);
  CHECK(alone.host->nominal == Approx(4 * 100e-6));
  CHECK(shared.host->nominal == Approx(0.5 * 100e-6));
  CHECK(alone.node->nominal - alone.host->nominal == Approx(1.5 * alone.core->nominal));
  CHECK(shared.node->nominal - shared.host->nominal == Approx(1.5 * alone.core->nominal));
  CHECK(alone.dollars->nominal == Approx(8 * shared.dollars->nominal).epsilon(1e-9));
  rates.around->host.reset();
  CHECK_FALSE(of(1).host);
}

TEST_CASE("what fits on the chip is read there, and what does not comes from main memory") {
  Rates rates = adding(Machine::accelerator);
  rates.memory = 1000;
  rates.energy["memory_read"] = around<cost::EnergyPrice>(5e-12);
  rates.included.latency["memory_read"] = "a test";
  rates.on_chip["memory_read"] = around<cost::EnergyPrice>(1e-12);
  const std::vector<Entry> reads{{"train", "c", Action::memory_read, 0, 700, 700, 0, 0}};
  const auto joules = [&](double bytes) {
    return bill(reads,
                {{"weights", Part::memory_byte, 0, bytes / 2},
                 {"activities", Part::memory_byte, 0, bytes / 2}},
                rates)
        .core->nominal;
  };
  CHECK(joules(1000) == Approx(700e-12));
  CHECK(joules(1001) == Approx(700 * 5e-12));
  CHECK(bill(reads, {}, rates).core->nominal == Approx(700 * 5e-12));  // nothing says what it keeps
  rates.on_chip.clear();
  CHECK(joules(10) == Approx(700 * 5e-12));
}

TEST_CASE("a chip that is too small for a model is refused, an accelerator has a main memory") {
  Rates rates = adding(Machine::chip);
  rates.memory = 100;
  for (const char* part : {"weight_bit", "buffer_bit"}) {
    rates.area[part] = around<cost::AreaPrice>(1e-12);
    rates.included.power[part] = "a test";
  }
  const auto kept = [](double weights, double buffers) {
    return std::vector<Holding>{{"w", Part::weight_bit, 0, weights},
                                {"b", Part::buffer_bit, 0, buffers}};
  };
  CHECK(cost::bytes_kept(kept(480, 320)) == 100);
  CHECK(cost::misfit("here", rates, kept(480, 320)).empty());
  CHECK(bill(additions, kept(480, 320), rates).core);
  CHECK(cost::misfit("here", rates, kept(480, 328)) ==
        "room: 0.000101 MB to keep, the chip has 0.0001 MB");
  CHECK_THROWS_WITH(bill(additions, kept(480, 328), rates),
                    "places.here.memory: no room: 0.000101 MB to keep, the chip has 0.0001 MB");
  rates.machine = Machine::accelerator;
  CHECK(bill(additions, kept(480, 328), rates).core);
}

TEST_CASE("an accelerator waits for what it starts, and the bill says for how long") {
  Rates rates = adding(Machine::accelerator);
  rates.energy["kernel_launch"] = around<cost::EnergyPrice>(1e-3, 2);
  rates.latency["kernel_launch"] = around<cost::Latency>(5e-6, 2);
  std::vector<Entry> entries = additions;
  entries.push_back({"train", "c", Action::kernel_launch, 0, 40, 40, 0, 0});
  const Bill found = bill(entries, {}, rates);
  CHECK(found.launch_seconds == Approx(200e-6));
  CHECK(found.seconds.nominal == Approx(300e-6));
  CHECK(found.core->nominal == Approx(40e-3 + 100e-9));
}

TEST_CASE("doubt about the time of a read moves its seconds and its joules together") {
  Rates rates;
  rates.machine = Machine::array;
  rates.supply = around<cost::Factor>(2);
  const std::vector<Entry> entries{
      {"train", "w", Action::array_read, 0, 1, 1, 1e-9, 1e-6},
      {"train", "w", Action::array_pulse, 0, 1, 1, 3e-9, 0},
      {"train", "w", Action::pulse_slot, 0, 0, 1, 0, 2e-6},
  };
  constexpr std::int64_t draws = 4000;
  const Bill certain = bill(entries, {}, rates, draws);
  CHECK(certain.seconds.band().p95 == certain.seconds.nominal);
  rates.times.t_read = around<cost::Multiple>(1, 4);
  const Bill reads = bill(entries, {}, rates, draws);
  rates.times.t_pulse = around<cost::Multiple>(2, 3);
  const Bill both = bill(entries, {}, rates, draws);

  CHECK(reads.seconds.nominal == Approx(3e-6));
  CHECK(reads.core->nominal == Approx(8e-9));
  CHECK(both.seconds.nominal == Approx(1e-6 + 2 * 2e-6));
  CHECK(both.core->nominal == Approx(2 * 1e-9 + 2 * 2 * 3e-9));
  CHECK(both.cells_seconds == Approx(5e-6));
  for (std::size_t i = 0; i < draws; ++i) {
    const double read = (reads.seconds.values[i] - 2e-6) / 1e-6,
                 joules = (reads.core->values[i] - 6e-9) / 2e-9;
    REQUIRE(read == Approx(joules));
    const double pulse = (both.seconds.values[i] - reads.seconds.values[i] + 2e-6) / 2e-6,
                 pulse_joules = (both.core->values[i] - reads.core->values[i] + 6e-9) / 6e-9;
    REQUIRE(pulse == Approx(pulse_joules));
  }
  // The 95th percentile of the factor, within what 4,000 draws leave open.
  std::vector<double> factors;
  for (const double seconds : reads.seconds.values) factors.push_back(seconds / 1e-6 - 2);
  std::sort(factors.begin(), factors.end());
  const auto below = std::upper_bound(factors.begin(), factors.end(), 4.0) - factors.begin();
  CHECK(static_cast<double>(below) / draws == Approx(0.95).margin(0.015));
  const auto swings = [&] {
    Prices prices;
    prices.places["here"] = rates;
    return cost::Pricer(prices, {.draws = 10}).tornado(entries, {}, "here");
  }();
  CHECK(std::any_of(swings.begin(), swings.end(),
                    [](const auto& s) { return s.price == "here.times.t_read"; }));
}
