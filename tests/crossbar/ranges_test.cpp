#include "ohmlab/crossbar/ranges.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "ohmlab/core/archive.hpp"
#include "ohmlab/core/errors.hpp"
#include "ohmlab/crossbar/analog_array.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using crossbar::Direction;

namespace {

Matrix read(crossbar::Array& array, const Matrix& x) {
  Matrix y(x.rows(), array.cols());
  array.read(Direction::to_cols, x, y);
  return y;
}

double posted(const cost::Tally& tally, cost::Action action) {
  double sum = 0;
  for (const cost::Entry& e : tally.entries()) sum += e.action == action ? e.count : 0;
  return sum;
}

crossbar::AnalogArrayModel coarse() {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.dac.choice = crossbar::UniformDac{.resolution = 4};
  model.adc.choice = crossbar::UniformAdc{{.resolution = 6, .bound = 2}};
  return model;
}

}  // namespace

TEST_CASE("a range by the maximum drives the largest input at full scale") {
  const Matrix w = tests::numbers(5, 3, 1, -0.4, 0.4).cast<float>();
  Matrix x = tests::numbers(4, 5, 2, -1, 1).cast<float>();
  x.row(1) *= 0.01F;
  x.row(2).setZero();
  x.row(3) *= 7;
  crossbar::AnalogArrayModel model = coarse();
  cost::Tally plain_tally, tally;
  crossbar::AnalogArray plain(model, 5, 3, {.tally = &plain_tally});
  model.range.choice = crossbar::MaximumRange{.repeats = 0};
  crossbar::AnalogArray array(model, 5, 3, {.tally = &tally});
  plain.program(w);
  array.program(w);
  const Matrix y = read(array, x);
  for (Index b = 0; b < 4; ++b) {
    const float largest = x.row(b).cwiseAbs().maxCoeff(), a = largest > 0 ? largest : 1;
    const Matrix scaled = x.row(b) / a;
    CHECK((y.row(b) - a * read(plain, scaled)).cwiseAbs().maxCoeff() < 1e-6F);
  }
  // Without it, four bits lose inputs of a hundredth of full scale.
  CHECK(read(plain, x).row(1).norm() == 0);
  CHECK(y.row(1).norm() > 0);
  // Comparisons of all inputs; scaled inputs and outputs.
  CHECK(posted(tally, cost::Action::edge_multiply) ==
        posted(plain_tally, cost::Action::edge_multiply) - 8 * 3 + 4 * 3 + 4 * 5 + 4 * 3);
}

TEST_CASE("vectors that clip are read again at half the drive, and billed") {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.adc.choice = crossbar::UniformAdc{{.resolution = 10, .bound = 2}};
  model.range.choice = crossbar::MaximumRange{.repeats = 3};
  cost::Tally tally;
  crossbar::AnalogArray array(model, 6, 1, {.tally = &tally});
  array.program(Matrix::Ones(6, 1));
  Matrix x = Matrix::Zero(3, 6);
  x(0, 2) = 1;                 // 1: within the range
  x.row(1).setOnes();          // 6: two repeats, at 1.5
  x.row(2).setConstant(0.5F);  // driven at full scale: as the one before
  const double before = posted(tally, cost::Action::array_read),
               converted = posted(tally, cost::Action::adc_convert);
  const Matrix y = read(array, x);
  CHECK(static_cast<double>(y(0, 0)) == Approx(1).margin(0.003));
  CHECK(static_cast<double>(y(1, 0)) == Approx(6).margin(0.01));
  CHECK(static_cast<double>(y(2, 0)) == Approx(3).margin(0.01));
  CHECK(posted(tally, cost::Action::array_read) - before == 3 + 2 + 2);
  CHECK(posted(tally, cost::Action::adc_convert) - converted == 7);

  model.range.choice = crossbar::MaximumRange{.repeats = 1};
  cost::Tally few;
  crossbar::AnalogArray once(model, 6, 1, {.tally = &few});
  once.program(Matrix::Ones(6, 1));
  CHECK(static_cast<double>(read(once, x)(1, 0)) == Approx(4).margin(0.01));  // clips at 2 · 2
}

TEST_CASE("a calibrated range is the quantile of the first readings, and then stays") {
  const Index vectors = 50;
  const Matrix w = tests::numbers(8, 20, 1, -0.2, 0.2).cast<float>();
  const auto model_of = [](const auto& range) {
    crossbar::AnalogArrayModel model = tests::ideal_parts();
    model.adc.choice = crossbar::UniformAdc{{.resolution = 8, .bound = 12}};
    model.range.choice = range;
    return model;
  };
  const double quantile = 0.9;
  const crossbar::CalibratedRange range{.quantile = quantile, .vectors = vectors};
  cost::Tally tally, other;
  crossbar::AnalogArray array(model_of(range), 8, 20, {.tally = &tally});
  crossbar::AnalogArray fixed(model_of(crossbar::FixedRange{}), 8, 20, {.tally = &other});
  array.program(w);
  fixed.program(w);
  const Matrix first = tests::numbers(vectors, 8, 2, -1, 1).cast<float>(),
               x = tests::numbers(30, 8, 3, -1, 1).cast<float>();
  const Matrix seen = read(array, first);
  CHECK(seen == read(fixed, first));  // the widest range until all have been read
  std::vector<double> sizes;
  for (Index k = 0; k < seen.size(); ++k)
    sizes.push_back(std::abs(static_cast<double>(seen.data()[k])) / 12);
  std::sort(sizes.begin(), sizes.end());
  const double at = sizes[static_cast<std::size_t>(quantile * static_cast<double>(sizes.size()))];
  const double full = std::floor(at * 256 + 1) / 256;  // the upper end of its bin
  core::Archive archive;
  array.state(archive);
  const Matrix y = read(array, x), exact = x * w;
  const double step = full * 12 / 127;
  double worst = 0;
  for (Index k = 0; k < y.size(); ++k) {
    const auto wanted = static_cast<double>(exact.data()[k]);
    const double clipped = std::clamp(wanted, -full * 12, full * 12);
    const double level = std::round(static_cast<double>(y.data()[k]) / step);
    CHECK(static_cast<double>(y.data()[k]) == Approx(level * step).margin(1e-5));
    worst = std::max(worst, std::abs(clipped - static_cast<double>(y.data()[k])));
  }
  CHECK(worst < 0.5001 * step + 1e-5);
  CHECK(worst > 0.3 * step);

  cost::Tally third;
  crossbar::AnalogArray resumed(model_of(range), 8, 20, {.tally = &third});
  core::Archive back(archive.items());
  resumed.state(back);
  CHECK(read(resumed, x) == y);
}

TEST_CASE("a calibrated range needs converters") {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.range.choice = crossbar::CalibratedRange{};
  CHECK(model.problem().find("expected an adc other than") != std::string::npos);
}
