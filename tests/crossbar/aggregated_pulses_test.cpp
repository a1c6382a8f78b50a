// Pulses that are taken together must have the law of pulses taken one by one.
#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include "ohmlab/core/rng.hpp"
#include "ohmlab/crossbar/pulse_kernel.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;

namespace {

constexpr Index rows = 200, cols = 250, vectors = 32;

struct Plane {
  Matrix w = Matrix::Zero(rows, cols), apparent = w;
  crossbar::CellNumbers written = crossbar::CellNumbers::Zero(rows, cols), pulses = written;
  std::vector<Matrix> parameters;
};

/// Cells of one step size each, 0.8 to 1.2 upward and 1.1 times that downward, between bounds.
Plane some_plane(double w, double bound, bool same_steps) {
  Plane out;
  out.w.setConstant(static_cast<float>(w));
  out.apparent = out.w;
  out.parameters.assign(devices::ConstantStep::columns, Matrix(rows, cols));
  for (Index k = 0; k < out.w.size(); ++k) {
    const float size = same_steps ? 1.0F : 0.8F + 0.4F * static_cast<float>(k % 101) / 100;
    out.parameters[devices::ConstantStep::up].data()[k] = size;
    out.parameters[devices::ConstantStep::down].data()[k] = 1.1F * size;
  }
  out.parameters[devices::ConstantStep::upper].setConstant(static_cast<float>(bound));
  out.parameters[devices::ConstantStep::lower].setConstant(static_cast<float>(-bound));
  return out;
}

struct Trial {
  Matrix x{vectors, rows}, d{vectors, cols};
  crossbar::PulseTrains trains;

  Trial() {
    for (Index k = 0; k < x.size(); ++k) x.data()[k] = k % 7 < 3 ? -0.4F : 0.6F;
    for (Index k = 0; k < d.size(); ++k) d.data()[k] = k % 5 < 2 ? -0.7F : 0.5F;
    trains = crossbar::draw_trains(
        {x, d, 1.0, 1.0}, crossbar::StochasticPulser{{.desired_bl = 7, .bl_management = false}},
        core::stream(6, core::StreamId::pulse_train), 3);
  }
  [[nodiscard]] crossbar::PulseCount pulse(Plane& plane, double std, bool aggregate,
                                           std::uint64_t seed) const {
    devices::Pulse response;
    response.choice = devices::ConstantStep{{.dw_min_std = std}};
    return crossbar::pulse_cells(response, crossbar::PulseEvents(trains, x, d),
                                 {.w = plane.w,
                                  .apparent = plane.apparent,
                                  .written = plane.written,
                                  .pulses = plane.pulses,
                                  .parameters = plane.parameters,
                                  .first_cell = 0,
                                  .noise = core::stream(seed, core::StreamId::pulse_noise),
                                  .noise_sum = core::stream(seed, core::StreamId::pulse_noise_sum),
                                  .write = core::stream(seed, core::StreamId::write_noise),
                                  .operation = 3,
                                  .write_place = 1,
                                  .way = {1}},
                                 aggregate);
  }
  /// Pulses of one direction that a cell gets.
  [[nodiscard]] int count(Index i, Index j, bool up) const {
    int out = 0;
    for (Index b = 0; b < vectors; ++b) {
      if ((x(b, i) * d(b, j) > 0) == up) out += std::popcount(trains.row(b, i) & trains.col(b, j));
    }
    return out;
  }
};

/// Largest distance of an empirical law from the standard normal one.
double distance_from_normal(std::vector<double> z) {
  std::sort(z.begin(), z.end());
  double out = 0;
  for (std::size_t k = 0; k < z.size(); ++k) {
    const double p = std::erfc(-z[k] / std::sqrt(2.0)) / 2, n = static_cast<double>(z.size());
    out = std::max({out, std::abs(p - static_cast<double>(k) / n),
                    std::abs(p - static_cast<double>(k + 1) / n)});
  }
  return out;
}

/// Largest distance between two empirical laws.
double distance(const Matrix& a, const Matrix& b) {
  std::vector<float> x(a.data(), a.data() + a.size()), y(b.data(), b.data() + b.size());
  std::sort(x.begin(), x.end());
  std::sort(y.begin(), y.end());
  double out = 0;
  for (const float at : x) {
    const auto share = [at](const std::vector<float>& v) {
      return static_cast<double>(std::upper_bound(v.begin(), v.end(), at) - v.begin()) /
             static_cast<double>(v.size());
    };
    out = std::max(out, std::abs(share(x) - share(y)));
  }
  return out;
}

constexpr double limit = 2.69;  // sqrt(-ln(p/2)/2) of Kolmogorov's law at p = 1e-6

}  // namespace

TEST_CASE(
    "far from the bounds a cell's change is the normal that its pulses add up to, taken together "
    "or not") {
  const Trial trial;
  for (const bool aggregate : {false, true}) {
    CAPTURE(aggregate);
    Plane plane = some_plane(0, 1e4, false);
    const auto count = trial.pulse(plane, 0.5, aggregate, 5);
    std::vector<double> z;
    double expected_count = 0;
    for (Index i = 0; i < rows; ++i) {
      for (Index j = 0; j < cols; ++j) {
        const double ups = trial.count(i, j, true), downs = trial.count(i, j, false);
        const auto up = static_cast<double>(plane.parameters[0](i, j)),
                   down = static_cast<double>(plane.parameters[1](i, j));
        CHECK(plane.pulses(i, j) == static_cast<std::uint32_t>(ups + downs));
        expected_count += ups + downs;
        if (ups + downs == 0) continue;
        z.push_back((static_cast<double>(plane.w(i, j)) - up * ups + down * downs) /
                    (0.5 * std::sqrt(up * up * ups + down * down * downs)));
      }
    }
    CHECK(count.coincidences == expected_count);
    const auto n = static_cast<double>(z.size());
    REQUIRE(n > 0.9 * rows * cols);
    double mean = 0, second = 0, fourth = 0;
    for (const double value : z) {
      mean += value / n;
      second += value * value / n;
      fourth += value * value * value * value / n;
    }
    CHECK(std::abs(mean) < 5 / std::sqrt(n));
    CHECK(std::abs(second - 1) < 5 * std::sqrt(2 / n));
    CHECK(std::abs(fourth - 3) < 5 * std::sqrt(96 / n));
    CHECK(distance_from_normal(z) < limit / std::sqrt(n));
  }
}

TEST_CASE("near a bound cells have the same law whether pulses may be taken together or not") {
  const Trial trial;
  // Bounds at 12 steps: about half of the cells cannot reach them, the others go pulse by pulse.
  Plane one_by_one = some_plane(5, 12, true), together = one_by_one;
  const auto count = trial.pulse(one_by_one, 0.5, false, 5),
             same = trial.pulse(together, 0.5, true, 77);
  CHECK(same.coincidences == count.coincidences);
  CHECK((one_by_one.w.array() == 12).count() > 100);
  CHECK(distance(one_by_one.w, together.w) < limit * std::sqrt(2.0 / (rows * cols)));
  CHECK(together.pulses == one_by_one.pulses);
  CHECK(together.apparent == together.w);
}

TEST_CASE("a cell that might touch a bound gets the bits of single pulses, and only such a cell") {
  const Trial trial;
  Plane one_by_one = some_plane(11, 12, false), together = one_by_one;
  (void)trial.pulse(one_by_one, 0.5, false, 5);
  (void)trial.pulse(together, 0.5, true, 5);
  CHECK(together.w == one_by_one.w);  // every cell that moves up at all is too near
  Plane free = some_plane(0, 1e4, false), walked = free;
  (void)trial.pulse(free, 0.5, false, 5);
  (void)trial.pulse(walked, 0.5, true, 5);
  CHECK((free.w.array() == walked.w.array()).count() < rows * cols / 10);
}

TEST_CASE(
    "without noise, pulses taken together do what single ones do, and meet nearly the same "
    "states") {
  const Trial trial;
  Plane one_by_one = some_plane(0, 1e4, true), together = one_by_one;
  const auto count = trial.pulse(one_by_one, 0, false, 5), same = trial.pulse(together, 0, true, 5);
  CHECK((together.w - one_by_one.w).cwiseAbs().maxCoeff() < 1e-3F);
  CHECK(same.coincidences == count.coincidences);
  CHECK(std::abs(same.w_sum - count.w_sum) / count.coincidences < 2);  // in steps a pulse
}
