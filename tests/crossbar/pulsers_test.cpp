#include "ohmlab/crossbar/pulsers.hpp"

#include <bit>
#include <cmath>

#include "ohmlab/crossbar/analog_array.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using core::MatrixD;

namespace {

const core::Stream stream = core::stream(5, core::StreamId::pulse_train);

constexpr int operations = 4000;

/// Mean and standard deviation of the coincidences of every cell over many operations.
template <class P>
std::pair<MatrixD, MatrixD> coincidences(const P& pulser, const Matrix& x, const Matrix& d,
                                         double rate) {
  MatrixD sum = MatrixD::Zero(x.cols(), d.cols()), squares = sum;
  for (std::uint64_t op = 0; op < operations; ++op) {
    const auto trains = crossbar::draw_trains({x, d, rate, 0.001}, pulser, stream, op);
    for (Index i = 0; i < x.cols(); ++i) {
      for (Index j = 0; j < d.cols(); ++j) {
        const double hits = std::popcount(trains.row(0, i) & trains.col(0, j));
        sum(i, j) += hits;
        squares(i, j) += hits * hits;
      }
    }
  }
  const MatrixD mean = sum / operations;
  return {mean, (squares / operations - mean.cwiseAbs2()).cwiseMax(0).cwiseSqrt()};
}

}  // namespace

TEST_CASE(
    "deterministic trains coincide as often as asked in the mean, and spread less than random "
    "ones") {
  Matrix x(1, 4), d(1, 3);
  x << 1, 0.5F, -0.2F, 0.03F;
  d << 0.8F, -0.3F, 0.01F;
  for (const bool managed : {true, false}) {
    for (const std::int64_t bl : {1, 7, 31, 64}) {
      CAPTURE(managed, bl);
      const crossbar::PulseTrainLength length{bl, managed, managed};
      const double rate = 0.0006 * static_cast<double>(bl);  // no probability above 1
      const auto [mean, spread] = coincidences(crossbar::DeterministicPulser{length}, x, d, rate);
      const auto [random_mean, random_spread] =
          coincidences(crossbar::StochasticPulser{length, false}, x, d, rate);
      const MatrixD expected = (rate / 0.001 * x.transpose() * d).cast<double>().cwiseAbs();
      for (Index k = 0; k < expected.size(); ++k) {
        CAPTURE(k, expected.data()[k]);
        // No farther off than random trains of as many coincidences would be, by three standard
        // errors.
        CHECK(std::abs(mean.data()[k] - expected.data()[k]) <
              3 * std::sqrt(expected.data()[k] / operations));
        CHECK(spread.data()[k] < random_spread.data()[k] + 3 / (2 * std::sqrt(double{operations})));
      }
      if (bl >= 31) CHECK(spread.sum() < 0.7 * random_spread.sum());
    }
  }
}

TEST_CASE(
    "deterministic trains take no random numbers and post comparisons instead of random bits") {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.pulser.choice = crossbar::DeterministicPulser{};
  const Matrix x = Matrix::Constant(5, 6, 0.3F), d = Matrix::Constant(5, 4, 0.7F);
  const auto trains = [&](std::uint64_t seed) {
    return crossbar::draw_trains({x, d, 0.01, 0.001}, crossbar::DeterministicPulser{},
                                 core::stream(seed, core::StreamId::pulse_train), 3);
  };
  CHECK(trains(1).row_bits == trains(2).row_bits);
  CHECK(trains(1).total_slots > 0);
  cost::Tally tally;
  crossbar::AnalogArray array(model, 6, 4, {.tally = &tally});
  array.update(x, d, 0.01);
  double random = 0, compared = 0;
  for (const cost::Entry& entry : tally.entries()) {
    if (entry.action == cost::Action::pulse_random_bit) random += entry.count;
    if (entry.action == cost::Action::edge_add) compared += entry.count;
  }
  CHECK(random == 0);
  // A comparison for each line and slot, and the search for the largest element of each vector.
  CHECK(compared == trains(1).total_slots * (6 + 4) + 5 * (6 + 4));
}
