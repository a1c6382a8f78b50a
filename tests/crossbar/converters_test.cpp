#include "ohmlab/crossbar/converters.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "ohmlab/crossbar/analog_array.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/converter_parts.hpp"
#include "tests/crossbar/parts.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using crossbar::Adc;
using crossbar::Converters;
using tests::converted;
using tests::each_nearly_ideal;
using tests::made;

namespace {

double deviation(const std::vector<double>& values) {
  double mean = 0, square = 0;
  for (const double v : values) mean += v / static_cast<double>(values.size());
  for (const double v : values)
    square += (v - mean) * (v - mean) / static_cast<double>(values.size() - 1);
  return std::sqrt(square);
}

}  // namespace

TEST_CASE("converters whose settings leave no errors give the bits of the uniform one") {
  const crossbar::Quantizer form{.resolution = 7, .bound = 3};
  Adc::each([&]<class Entry>() {
    if constexpr (crossbar::BuiltAdc<Entry>) {
      CAPTURE(Entry::name);
      Entry entry;
      static_cast<crossbar::Quantizer&>(entry) = form;
      CHECK(entry.exact());
      const Converters plain = made(crossbar::UniformAdc{form}, 9), mine = made(entry, 9);
      for (int k = -500; k <= 500; ++k) {
        const auto value = static_cast<float>(k) * 0.0075F;
        CHECK(converted(mine, k & 7, value) == converted(plain, k & 7, value));
      }
    }
  });
}

TEST_CASE("simulated circuits without errors decide as rounding does, between its ties") {
  each_nearly_ideal([](const auto& entry, const char* name) {
    CAPTURE(name);
    CHECK_FALSE(entry.exact());
    const Converters mine = made(entry, 3);
    for (int k = -700; k <= 700; ++k) {
      const double value = 0.003 * k + 0.0001, steps = value / 2 * 31;
      if (std::abs(steps - std::floor(steps) - 0.5) < 1e-4) continue;
      const auto v = static_cast<float>(value);
      CAPTURE(value);
      CHECK(converted(mine, 1, v) == entry.convert(v));
    }
  });
}

TEST_CASE("mismatch is a converter's own and stays with it") {
  const crossbar::SarAdc sar{{.resolution = 8, .bound = 1}, {}, 0, 0.1};
  const Converters first = made(sar, 40, 7), again = made(sar, 40, 7), other = made(sar, 40, 8),
                   layer = made(sar, 40, 7, 1);
  int differ = 0, of_seeds = 0, of_layers = 0;
  for (int k = 0; k < 40; ++k) {
    const float v = -0.97F + 0.049F * static_cast<float>(k);
    CHECK(converted(first, k, v, 5) == converted(first, k, v, 900));  // fixed over reads
    CHECK(converted(first, k, v) == converted(again, k, v));
    differ += converted(first, k, v) != converted(first, (k + 1) % 40, v) ? 1 : 0;
    of_seeds += converted(first, k, v) != converted(other, k, v) ? 1 : 0;
    of_layers += converted(first, k, v) != converted(layer, k, v) ? 1 : 0;
  }
  CHECK(differ > 10);
  CHECK(of_seeds > 10);
  CHECK(of_layers > 10);
}

TEST_CASE("errors of different converters do not correlate", "[stochastic]") {
  constexpr Index count = 20'000;
  // Without gain error and with fine levels, the output shows a line's offset.
  const crossbar::UniformAdc adc{{.resolution = 16, .bound = 1}, {}, {.offset = 0.05}};
  const Converters converters = made(adc, count, tests::seed(5));
  std::vector<double> offsets;
  for (Index k = 0; k < count; ++k)
    offsets.push_back(static_cast<double>(converted(converters, k, 0.1F)) - 0.1);
  CHECK(deviation(offsets) == Approx(0.05).epsilon(5 / std::sqrt(2.0 * count)));
  for (const std::size_t lag : {1, 2, 64}) {
    double sum = 0;
    for (std::size_t k = 0; k + lag < offsets.size(); ++k) sum += offsets[k] * offsets[k + lag];
    CAPTURE(lag);
    CHECK(std::abs(sum) / (0.05 * 0.05) < 5 * std::sqrt(static_cast<double>(count)));
  }
}

TEST_CASE("lines that share a converter share its errors") {
  crossbar::FlashAdc flash{{.resolution = 6, .bound = 1}, {4}, 0, 0.05};
  const Converters shared = made(flash, 16, 3);
  flash.columns_per_adc = 1;
  const Converters own = made(flash, 4, 3);
  for (Index end = 0; end < 16; ++end) {
    for (int k = 0; k < 50; ++k) {
      const float v = -1 + 0.041F * static_cast<float>(k);
      CHECK(converted(shared, end, v) == converted(own, end / 4, v));
    }
  }
}

TEST_CASE("linearity of capacitors and ladders is that of their mismatch", "[stochastic]") {
  constexpr Index count = 600;
  const double within = 5 / std::sqrt(2.0 * count);
  // Middle step of binary-weighted capacitors: highest against the sum of all below, sigma
  // sqrt(2^bits) of one unit (here after the whole array is divided by its own sum).
  const crossbar::SarAdc sar{{.resolution = 8, .bound = 1}, {}, 0, 0.02};
  std::vector<double> middle;
  float xi[16];
  float parts[16];
  for (Index k = 0; k < count; ++k) {
    core::fill_normal(core::stream(tests::seed(2), core::StreamId::output_noise),
                      static_cast<std::uint64_t>(k), 0, {xi, 11});
    sar.build(xi, nullptr, parts);
    double below = 0;
    for (int b = 1; b < 8; ++b) below += static_cast<double>(parts[b]);
    middle.push_back(static_cast<double>(parts[8]) - below - 1);
  }
  CHECK(deviation(middle) == Approx(0.02 * std::sqrt(256.0)).epsilon(within));

  // A ladder held at both ends is a Brownian bridge: at its middle, sigma sqrt(2 n)/2.
  const crossbar::FlashAdc flash{{.resolution = 8, .bound = 1}, {}, 0.02};
  std::vector<double> taps;
  std::vector<float> draws(509), levels(254);
  for (Index k = 0; k < count; ++k) {
    core::fill_normal(core::stream(tests::seed(4), core::StreamId::output_noise),
                      static_cast<std::uint64_t>(k), 0, draws);
    flash.build(draws.data(), nullptr, levels.data());
    taps.push_back((static_cast<double>(levels[126]) + static_cast<double>(levels[127])) / 2);
  }
  CHECK(deviation(taps) == Approx(0.02 * std::sqrt(254.0) / 2).epsilon(within + 0.005));
}

TEST_CASE("a split array has the larger errors of its fewer units", "[stochastic]") {
  constexpr Index count = 600;
  const auto spread = [&](std::int64_t split) {
    const crossbar::SarAdc sar{{.resolution = 8, .bound = 1}, {}, split, 0.005};
    std::vector<double> middle;
    float xi[16], parts[16];
    for (Index k = 0; k < count; ++k) {
      core::fill_normal(core::stream(tests::seed(6), core::StreamId::output_noise),
                        static_cast<std::uint64_t>(k), 0, {xi, 11});
      sar.build(xi, nullptr, parts);
      double below = 0;
      for (int b = 1; b < 8; ++b) below += static_cast<double>(parts[b]);
      middle.push_back(static_cast<double>(parts[8]) - below - 1);
    }
    return deviation(middle);
  };
  // Capacitors above the bridge have 2^-4 of the units: their errors are sqrt(2^4) larger.
  CHECK(spread(4) / spread(0) == Approx(4).epsilon(2 * 5 / std::sqrt(2.0 * count)));
}

TEST_CASE("a flash converter counts comparators one by one") {
  const crossbar::FlashAdc flash{{.resolution = 5, .bound = 1.5}, {}, 0.1, 0.03};
  std::vector<float> xi(61), made_of(30);
  for (std::size_t k = 0; k < xi.size(); ++k)
    xi[k] = static_cast<float>(tests::numbers(1, 1, static_cast<int>(k), -2, 2)(0, 0));
  flash.build(xi.data(), nullptr, made_of.data());
  for (int k = -40; k <= 40; ++k) {
    const float value = 0.04F * static_cast<float>(k) + 0.001F;
    int count = 0;  // slow twin: the ladder again, tap by tap, each with its comparator
    double whole = 0, sum = 0;
    const auto resistor = [&](int i) {
      const double size = i == 0 || i == 30 ? 0.5 : 1;
      return size + 0.1 * std::sqrt(size) * static_cast<double>(xi[static_cast<std::size_t>(i)]);
    };
    for (int i = 0; i <= 30; ++i) whole += resistor(i);
    for (int i = 0; i < 30; ++i) {
      sum += resistor(i);
      const double tap = (2 * sum / whole - 1) * 1.5 +
                         0.03 * 1.5 * static_cast<double>(xi[static_cast<std::size_t>(31 + i)]);
      count += std::clamp(static_cast<double>(value), -1.5, 1.5) > tap ? 1 : 0;
    }
    CHECK(flash.convert(value, made_of.data(), nullptr) ==
          Approx(1.5 * (count - 15) / 15).margin(1e-6));
  }
}

TEST_CASE("redundancy corrects comparators, and without it their offsets are errors") {
  const crossbar::Quantizer form{.resolution = 8, .bound = 1};
  const auto largest_error = [&](bool redundancy, double offset) {
    crossbar::PipelineAdc adc{{form}};
    adc.redundancy = redundancy;
    std::vector<float> xi(18, 0.0F), parts(24);
    adc.offset = offset;
    for (std::size_t k = 0; k < 18; ++k) xi[k] = k % 2 == 0 ? 1.0F : -1.0F;
    adc.build(xi.data(), nullptr, parts.data());
    double worst = 0;
    for (int k = -1000; k <= 1000; ++k) {
      const float v = 0.00097F * static_cast<float>(k) + 0.0001F;
      worst = std::max(worst, std::abs(static_cast<double>(adc.convert(v, parts.data(), nullptr) -
                                                           adc.convert(v))));
    }
    return worst * 127;  // in steps
  };
  CHECK(largest_error(true, 0.2) < 1e-3);
  CHECK(largest_error(false, 0.1) > 5);
  // Offsets beyond a quarter of the reference leave the range of the next stage.
  CHECK(largest_error(true, 0.4) > 5);
}

TEST_CASE("stages lose the share of finite gain that feedback leaves") {
  // One decision, no mismatch: r = (2 v - d)/(1 + 2/A). With five levels of the rest at the end,
  // the level is 2 d + round(2 r).
  crossbar::CyclicAdc adc{{{.resolution = 3, .bound = 1}}};
  adc.opamp_gain = 6;
  float xi[3] = {}, parts[4];
  adc.build(xi, nullptr, parts);
  for (int k = -50; k <= 50; ++k) {
    const double value = 0.0197 * k + 0.001, v = value * 3 / 4;
    const int d = (v > 0.25 ? 1 : 0) - (v <= -0.25 ? 1 : 0);
    const double r = std::clamp((2 * v - d) / (1 + 2 / 6.0), -1.0, 1.0);
    const double level = std::clamp(2.0 * d + std::nearbyint(2 * r), -3.0, 3.0);
    CAPTURE(value);
    CHECK(static_cast<double>(adc.convert(static_cast<float>(value), parts, nullptr)) ==
          Approx(level / 3).margin(1e-6));
  }
  // A pipeline of equal stages is a cyclic converter.
  crossbar::PipelineAdc chain{{{.resolution = 9, .bound = 1}}};
  crossbar::CyclicAdc cycle{{{.resolution = 9, .bound = 1}}};
  chain.mismatch = cycle.mismatch = 0.02;
  chain.offset = cycle.offset = 0.05;
  float one[3] = {0.7F, -1.2F, 0.4F}, all[21], in_cycle[4], in_chain[28];
  for (int k = 0; k < 21; ++k) all[k] = one[k % 3];
  cycle.build(one, nullptr, in_cycle);
  chain.build(all, nullptr, in_chain);
  for (int k = -300; k <= 300; ++k) {
    const float v = 0.0034F * static_cast<float>(k);
    CHECK(chain.convert(v, in_chain, nullptr) == cycle.convert(v, in_cycle, nullptr));
  }
}

TEST_CASE("an oscillator counts the periods of its frequency") {
  crossbar::OscillatorAdc adc{{.resolution = 7, .bound = 2}, 0.4};
  float xi[1] = {0}, parts[1];
  adc.build(xi, nullptr, parts);
  for (int k = -45; k <= 45; ++k) {
    const double value = 0.0511 * k, u = std::min(1.0, std::abs(value) / 2);
    const double count = std::nearbyint(63 * u * 1.4 / (1 + 0.4 * u));
    CHECK(static_cast<double>(adc.convert(static_cast<float>(value), parts, xi)) ==
          Approx(std::copysign(count / 63 * 2, value)).margin(1e-6));
  }
}

TEST_CASE("each converter is billed as what it is, with its turns") {
  const auto billed = [](const auto& adc) {
    crossbar::AnalogArrayModel model = tests::ideal_parts();
    model.device = tests::electrical();
    model.adc.choice = adc;
    cost::Tally tally;
    crossbar::AnalogArray array(model, 3, 2, {.tally = &tally});
    Matrix y(4, 2);
    array.read(crossbar::Direction::to_cols, Matrix::Ones(4, 3), y);
    std::map<std::string, double> out;
    for (const cost::Entry& e : tally.entries()) {
      out[std::string(cost::name(e.action))] += e.count;
      out["serial " + std::string(cost::name(e.action))] += e.serial;
    }
    for (const cost::Holding& h : tally.holdings()) out[std::string(cost::name(h.part))] += h.count;
    return out;
  };
  const crossbar::Quantizer form{.resolution = 8};
  auto sar = billed(crossbar::SarAdc{form, {2}});
  CHECK(sar["adc_convert"] == 8);
  CHECK(sar["serial adc_convert"] == 8);  // two lines in turn, four vectors
  CHECK(sar["adc"] == 3);
  auto flash = billed(crossbar::FlashAdc{form});
  CHECK(flash["flash_convert"] == 8);
  CHECK(flash["serial flash_convert"] == 4);
  CHECK(flash["flash_adc"] == 5);
  auto pipeline = billed(crossbar::PipelineAdc{{form, {2}}});
  CHECK(pipeline["pipeline_convert"] == 8);
  CHECK(pipeline["serial pipeline_convert"] == 4 * (2 + 6));  // six stages fill before
  CHECK(pipeline["pipeline_adc"] == 3);
  auto cyclic = billed(crossbar::CyclicAdc{{form}});
  CHECK(cyclic["serial cyclic_convert"] == 4);
  CHECK(cyclic["cyclic_adc"] == 5);
  auto oscillator = billed(crossbar::OscillatorAdc{form});
  CHECK(oscillator["oscillator_convert"] == 8);
  CHECK(oscillator["oscillator_adc"] == 5);
}

TEST_CASE("reads through real converters do not depend on the lines beside them") {
  crossbar::AnalogArrayModel model;
  model.device = tests::electrical();
  model.tile_rows = 20;
  model.adc.choice = crossbar::SarAdc{{.resolution = 8, .bound = 12}, {3}, 0, 0.05, 0.01, 0.002};
  const Matrix w = tests::numbers(50, 600, 1, -1, 1).cast<float>(),
               x = tests::numbers(7, 50, 2, -1, 1).cast<float>();
  for (const auto& [first, count] :
       {std::pair<Index, Index>{0, 600}, {0, 5}, {33, 1}, {250, 300}, {599, 1}}) {
    cost::Tally all, some;
    const auto whole = model.make(50, 600, {.tally = &all}),
               part = model.make(50, 600, {.tally = &some});
    Matrix y(7, 600), few(7, count);
    whole->program(w);
    part->program(w);
    whole->read(crossbar::Direction::to_cols, x, y);
    part->read(crossbar::Direction::to_cols, x, few, {first, count});
    CHECK(few == y.middleCols(first, count));
  }
}
