#include <cmath>
#include <map>

#include "ohmlab/crossbar/analog_array.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;

namespace {

crossbar::AnalogArrayModel electrical() {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  return model;
}

}  // namespace

TEST_CASE("read noise of a pair is half the difference of two cells' own noises", "[stochastic]") {
  crossbar::AnalogArrayModel model = electrical();
  model.mapping.choice = crossbar::PairMapping{};
  model.device.read_noise.choice = devices::WhiteReadNoise{.std = 0.01};
  cost::Tally tally;
  crossbar::AnalogArray array(model, 3, 1, {.seed = tests::seed(12), .tally = &tally});
  array.program(Matrix::Constant(3, 1, 0.25F));
  constexpr Index reads = 20000;
  Matrix y(reads, 1);
  array.read(crossbar::Direction::to_cols, Matrix::Ones(reads, 3), y);
  const core::MatrixD noise = y.cast<double>().array() - 0.75;
  // std is a share of the range of g, which is 2 in w: each cell has 0.02, and a weight is (w+ -
  // w-)/2
  const double variance = 3 * (0.02 * 0.02 + 0.02 * 0.02) / 4;
  CHECK(std::abs(noise.mean()) < 5 * std::sqrt(variance / reads));
  CHECK(std::abs(noise.array().square().mean() / variance - 1) < 5 * std::sqrt(2.0 / reads));
}

TEST_CASE("every pulse charges its line through all tiles that the line crosses") {
  const auto charges = [](const crossbar::Mapping& mapping) {
    crossbar::AnalogArrayModel model = electrical();
    model.mapping = mapping;
    model.tile_cols = 1;
    model.pulser.choice = crossbar::StochasticPulser{
        {.desired_bl = 1, .bl_management = false, .update_management = false}};
    cost::Tally tally;
    crossbar::AnalogArray array(model, 3, 2, {.tally = &tally});
    Matrix x(1, 3), d(1, 2);
    x << 1, 0, 0;
    d << 1, 1;
    array.update(x, d, 1e6);  // one slot: one row, two columns
    std::map<double, double> by_length;
    for (const cost::Entry& entry : tally.entries()) {
      if (entry.action == cost::Action::line_charge) by_length[entry.parameter] += entry.count;
    }
    return by_length;
  };
  const double half = 2.0 * 2.0 / 4;  // square of half the write voltage
  // the row crosses two tiles of one column each; both columns cross one tile of three rows
  const std::map<double, double> one{{1, 2 * half}, {3, 2 * half}},
      two{{1, 4 * half}, {3, 4 * half}};
  CHECK(charges({{crossbar::ReferenceMapping{}}}) == one);
  CHECK(charges({{crossbar::PairMapping{}}}) == two);
}
