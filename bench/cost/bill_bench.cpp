// How long does a bill with its band take, and what does counting cost the simulation? Goals:
// 10,000 draws of one bill of 40 entries in less than 1 s and in at most 20 times its bare
// exponentials, one for the energy and one for the time of each entry; and a posting for less than
// a product with a 32 x 32 matrix, so that no array worth simulating waits for its tally.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "ohmlab/cost/bill.hpp"

using namespace ohmlab;

namespace {

constexpr int entries = 40;
constexpr std::int64_t draws = 10'000;

/// A tally of 40 entries over four stages with every action that the default list prices at an
/// array.
std::vector<cost::Entry> some_tally() {
  std::vector<cost::Entry> out;
  for (int i = 0; i < entries; ++i) {
    const auto action = static_cast<cost::Action>(i % static_cast<int>(cost::Action::flop_fp32));
    const bool physical = action <= cost::Action::array_pulse;
    out.push_back({"stage " + std::to_string(i % 4), "component " + std::to_string(i % 7), action,
                   8, 1e6, 1e3, physical ? 1e-9 : 0.0, physical ? 1e-6 : 0.0});
  }
  return out;
}

void bill(benchmark::State& state) {
  const auto tally = some_tally();
  const auto prices = cost::default_prices();
  const std::vector<cost::Holding> holdings{{"weights", cost::Part::adc, 8, 64},
                                            {"weights", cost::Part::cell, 0, 4096}};
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(
        cost::price(tally, holdings, prices, "array", {.draws = state.range(0)}));
  }
}

void bare_exponentials(benchmark::State& state) {
  std::vector<double> sum(static_cast<std::size_t>(draws));
  for ([[maybe_unused]] auto _ : state) {
    for (int exponential = 0; exponential < 2 * entries; ++exponential) {
      for (std::size_t i = 0; i < sum.size(); ++i)
        sum[i] += std::exp(1e-4 * static_cast<double>(i) - exponential);
    }
    benchmark::ClobberMemory();
  }
}

void count_posts(benchmark::State& state) {
  state.counters["posts"] = benchmark::Counter(1, benchmark::Counter::kIsIterationInvariantRate);
}

void post_to_one_entry(benchmark::State& state) {
  cost::Tally tally;
  const auto component = tally.component("weights");
  const cost::Tally::Stage stage(tally, "train");
  for ([[maybe_unused]] auto _ : state) {
    tally.post(component, cost::Action::adc_convert, {.count = 64, .serial = 1, .parameter = 8});
    benchmark::ClobberMemory();
  }
  count_posts(state);
}

void post_to_forty_entries(benchmark::State& state) {
  cost::Tally tally;
  std::vector<cost::Tally::Component> components;
  for (int i = 0; i < entries; ++i)
    components.push_back(tally.component("component " + std::to_string(i)));
  const cost::Tally::Stage stage(tally, "train");
  std::size_t i = 0;
  for ([[maybe_unused]] auto _ : state) {
    tally.post(components[i], cost::Action::adc_convert,
               {.count = 64, .serial = 1, .parameter = 8});
    i = i + 1 < components.size() ? i + 1 : 0;
    benchmark::ClobberMemory();
  }
  count_posts(state);
}

void product_32_by_32(benchmark::State& state) {
  constexpr std::size_t width = 32;
  std::vector<float> weights(width * width, 0.5F), x(width, 0.25F), y(width);
  for ([[maybe_unused]] auto _ : state) {
    std::fill(y.begin(), y.end(), 0.0F);
    for (std::size_t i = 0; i < width; ++i) {
      for (std::size_t j = 0; j < width; ++j) y[j] += x[i] * weights[i * width + j];
    }
    benchmark::ClobberMemory();
  }
}

BENCHMARK(bill)->Arg(draws)->Unit(benchmark::kMillisecond);
BENCHMARK(bare_exponentials)->Unit(benchmark::kMillisecond);
BENCHMARK(post_to_one_entry);
BENCHMARK(post_to_forty_entries);
BENCHMARK(product_32_by_32);

}  // namespace

BENCHMARK_MAIN();
