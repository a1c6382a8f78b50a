#include "ohmlab/crossbar/adcs.hpp"

#include <cmath>
#include <map>
#include <memory>
#include <string>

#include "ohmlab/crossbar/analog_array.hpp"
#include "ohmlab/crossbar/ideal_array.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;

namespace {

Matrix read(crossbar::Array& array, const Matrix& x) {
  Matrix y(x.rows(), array.cols());
  array.read(crossbar::Direction::to_cols, x, y);
  return y;
}

}  // namespace

TEST_CASE("converters quantise to symmetric levels and clip") {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.dac.choice =
      crossbar::UniformDac{.resolution = 3};  // levels 0, 1/3, 2/3, 1 and their negatives
  model.adc.choice =
      crossbar::UniformAdc{{.resolution = 4, .bound = 3.5}};  // levels of 0.5 up to 3.5
  cost::Tally tally;
  crossbar::AnalogArray array(model, 1, 1, {.tally = &tally});
  array.program(Matrix::Constant(1, 1, 3.0F));
  const auto out = [&](float x) { return read(array, Matrix::Constant(1, 1, x))(0, 0); };
  CHECK(out(0.0F) == 0.0F);
  CHECK(out(0.30F) == Approx(1.0));  // 1/3 · 3
  CHECK(out(-0.30F) == Approx(-1.0));
  CHECK(out(0.60F) == Approx(2.0));
  CHECK(out(5.0F) == Approx(3.0));  // the input clips at 1
  array.program(Matrix::Constant(1, 1, 9.0F));
  CHECK(out(1.0F) == Approx(3.5));  // the output clips at its bound
  for (const crossbar::Figure& figure : array.figures()) {
    if (figure.name == "adc_clipped") CHECK(figure.value == Approx(1.0 / 6));
  }
}

TEST_CASE("effective bits are those of the ideal converter with as much error", "[stochastic]") {
  crossbar::UniformAdc adc;
  adc.resolution = 8;
  adc.bound = 3;
  // A ramp over the whole scale; an ideal converter of n bits leaves errors of variance (2 bound /
  // 2^n)²/12.
  const Index many = 1 << 19;
  for (const double noise : {0.0, 0.004, 0.03, 0.2}) {
    core::Vector xi(many);
    core::fill_normal(core::stream(tests::seed(11), core::StreamId::read_noise, 0), 0, 0,
                      {xi.data(), static_cast<std::size_t>(many)});
    double squares = 0;
    Index kept = 0;
    const double step = adc.bound / 127;
    for (Index i = 0; i < many; ++i) {
      const double value =
          adc.bound * (2 * (static_cast<double>(i) + 0.5) / static_cast<double>(many) - 1);
      if (std::abs(value) > adc.bound - 6 * noise - step)
        continue;  // clipping is no matter of bits
      const double error =
          adc.convert(static_cast<float>(value + noise * static_cast<double>(xi[i]))) - value;
      squares += error * error;
      ++kept;
    }
    const double bits =
        std::log2(2 * adc.bound / std::sqrt(12 * squares / static_cast<double>(kept)));
    CAPTURE(noise);
    // Relative standard error of a variance of n normals, sqrt(2/n), is 1.44/2 times that in bits.
    CHECK(std::abs(adc.enob(noise) - bits) <
          5 * 0.72 * std::sqrt(2.0 / static_cast<double>(kept)) + 1e-3);
  }
  CHECK(adc.enob(0) == Approx(std::log2(2 * 127.0)));
}

TEST_CASE("a converter priced by its noise is billed and held at its effective bits") {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.output_noise = 0.06;
  for (const auto pricing : {crossbar::AdcPricing::resolution, crossbar::AdcPricing::enob}) {
    crossbar::UniformAdc adc;
    adc.priced_by = pricing;
    model.adc.choice = adc;
    cost::Tally tally;
    crossbar::AnalogArray array(model, 5, 4, {.tally = &tally});
    static_cast<void>(read(array, Matrix::Ones(2, 5)));
    array.program(Matrix::Zero(5, 4));
    // bound 12, step 12/255, noise 0.06: log2(24 / sqrt(12 * 0.0036 + 0.00221453)) = log2(24 /
    // 0.213107)
    const double expected = pricing == crossbar::AdcPricing::enob ? std::log2(24 / 0.213107) : 9;
    CHECK(expected == Approx(pricing == crossbar::AdcPricing::enob ? 6.8153 : 9).epsilon(1e-4));
    int found = 0;
    for (const cost::Entry& entry : tally.entries()) {
      if (entry.action != cost::Action::adc_convert) continue;
      CHECK(entry.parameter == Approx(expected).epsilon(1e-5));
      ++found;
    }
    CHECK(found == 1);
    for (const cost::Holding& holding : tally.holdings()) {
      if (holding.part == cost::Part::adc)
        CHECK(holding.parameter == Approx(expected).epsilon(1e-5));
    }
    for (const crossbar::Figure& figure : array.figures()) {
      if (figure.name == "adc_enob") CHECK(figure.value == Approx(6.8153).epsilon(1e-4));
    }
  }
}

TEST_CASE("a ramp converts as any converter of its levels, and is billed as what it is") {
  const auto billed = [](const auto& adc, Matrix& y) {
    crossbar::AnalogArrayModel model = tests::ideal_parts();
    model.device = tests::electrical();
    model.adc.choice = adc;
    cost::Tally tally;
    crossbar::AnalogArray array(model, 3, 2, {.tally = &tally});
    Matrix w(3, 2), x(2, 3);
    w << 0.5F, -0.3F, 0.9F, 0.1F, -0.8F, 0.2F;
    x << 1, 0.4F, -0.2F, 0.3F, -1, 0.7F;
    array.program(w);
    y.resize(2, 2);
    array.read(crossbar::Direction::to_cols, x, y);
    std::map<std::string, double> out;
    for (const cost::Entry& e : tally.entries()) out[std::string(cost::name(e.action))] += e.count;
    for (const cost::Holding& h : tally.holdings()) out[std::string(cost::name(h.part))] += h.count;
    return out;
  };
  const crossbar::Quantizer characteristic{.resolution = 5, .bound = 2};
  Matrix shared, ramped;
  auto uniform = billed(crossbar::UniformAdc{characteristic, 1}, shared);
  auto ramp = billed(crossbar::RampAdc{characteristic}, ramped);
  CHECK(ramped == shared);
  CHECK(ramp["adc_convert"] == 0);
  CHECK(ramp["ramp_convert"] == uniform["adc_convert"]);
  CHECK(ramp["ramp_convert"] > 0);
  CHECK(ramp["adc"] == 0);
  CHECK(ramp["ramp_adc"] == 5);  // one a line
}

TEST_CASE("some outputs are what they are among all, and are alone converted") {
  crossbar::AnalogArrayModel model;
  model.device = tests::electrical();
  model.device.read_noise.choice = devices::WhiteReadNoise{.std = 0.02, .relative = 0.1};
  model.tile_rows = 20;
  const Matrix w = Matrix::Random(50, 600) / 2, x = Matrix::Random(7, 50);
  const auto arrays = [&](bool analog, cost::Tally& tally) -> std::unique_ptr<crossbar::Array> {
    if (analog) return model.make(50, 600, {.tally = &tally});
    return crossbar::IdealArrayModel{}.make(50, 600, {.tally = &tally});
  };
  for (const bool analog : {true, false}) {
    for (const auto& [first, count] :
         {std::pair<Index, Index>{0, 600}, {0, 5}, {33, 1}, {250, 300}, {599, 1}}) {
      CAPTURE(analog, first, count);
      cost::Tally all, some;
      const auto whole = arrays(analog, all), part = arrays(analog, some);
      Matrix y(7, 600), few(7, count);
      whole->program(w);
      part->program(w);
      whole->read(crossbar::Direction::to_cols, x, y);
      part->read(crossbar::Direction::to_cols, x, few, {first, count});
      CHECK(few == y.middleCols(first, count));
      if (!analog) continue;
      const auto conversions = [](const cost::Tally& tally) {
        double sum = 0;
        for (const cost::Entry& e : tally.entries()) {
          if (e.action == cost::Action::adc_convert) sum += e.count;
        }
        return sum;
      };
      CHECK(conversions(all) - conversions(some) == static_cast<double>(7 * 3 * (600 - count)));
    }
  }
}
