// Update paths against their equations, written once more in double: cells that step exactly, reads
// without noise. Then what holds for every path.
#include "ohmlab/crossbar/paths.hpp"

#include <cmath>
#include <memory>
#include <vector>

#include <Eigen/SVD>

#include "ohmlab/crossbar/analog_array.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using core::MatrixD;

namespace {

constexpr Index rows = 3, cols = 4;
constexpr double dw = 0.01;

/// Cells whose pulses are equal steps, reads without errors.
crossbar::AnalogArrayModel exact_cells(const crossbar::Path& path, bool pulses = false) {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device.pulse.choice = devices::IdealPulse{.dw_min = dw};
  if (!pulses) model.pulser.choice = crossbar::ExactPulser{};
  model.path = path;
  return model;
}

template <class Entry>
crossbar::Path path_of(const Entry& entry) {
  crossbar::Path path;
  path.choice = entry;
  return path;
}

/// The changes that all oracles see.
Matrix change_number(int n) { return (tests::numbers(rows, cols, n, -1, 1) * 0.03).cast<float>(); }

double trunc_to(double value, double step, double most) {
  return std::max(-most, std::min(most, std::trunc(value / step)));
}

/// The weights of an array after so many changes.
MatrixD weights_after(int changes, const crossbar::AnalogArrayModel& model) {
  cost::Tally tally;
  crossbar::AnalogArray array(model, rows, cols, {.seed = 5, .tally = &tally});
  for (int n = 0; n < changes; ++n) array.increment(change_number(n));
  return array.weights();
}

}  // namespace

TEST_CASE("Tiki-Taka is its equation") {
  const MatrixD w = weights_after(20, exact_cells(path_of([] {
    crossbar::TikiTakaPath path;
    path.changes_per_transfer = 2;
    path.rows_per_transfer = 2;
    path.transfer_rate = 0.3;
    path.fast_rate = 0.5;
    path.gamma = 0.25;
    return path;
  }())));
  MatrixD a = MatrixD::Zero(rows, cols), c = a;
  Index next = 0;
  for (int n = 0; n < 20; ++n) {
    a += 0.5 * change_number(n).cast<double>();
    if (n % 2 == 0) continue;
    for (int k = 0; k < 2; ++k, next = (next + 1) % rows) c.row(next) += 0.3 * a.row(next);
  }
  CHECK((w - (0.25 * a + c)).cwiseAbs().maxCoeff() < 1e-6);
}

TEST_CASE("Tiki-Taka 2, chopped transfer and AGAD are their equations") {
  constexpr double fast_rate = 0.7, transfer_rate = 0.4, threshold = 1.5, keep = 0.1;
  constexpr double step = threshold * dw, most = 2;
  const auto with = [](auto path) {
    path.rows_per_transfer = 2;
    path.transfer_rate = transfer_rate;
    path.fast_rate = fast_rate;
    path.threshold = threshold;
    path.keep = keep;
    path.most_steps = static_cast<std::int64_t>(most);
    return path;
  };
  crossbar::ChoppedPath chopped = with(crossbar::ChoppedPath{});
  chopped.regular = true;
  chopped.chop_probability = 0.34;  // every third read
  crossbar::AgadPath agad = with(crossbar::AgadPath{});
  agad.chop_probability = 0.34;
  agad.tail = 2;
  enum Kind { buffered, chops, references };
  for (const Kind kind : {buffered, chops, references}) {
    CAPTURE(kind);
    const MatrixD w =
        weights_after(60, exact_cells(kind == buffered ? path_of(with(crossbar::TikiTaka2Path{}))
                                      : kind == chops  ? path_of(chopped)
                                                       : path_of(agad)));
    MatrixD a = MatrixD::Zero(rows, cols), c = a, h = a, mean = a, past = a;
    std::vector<double> sign(rows, 1.0);
    std::vector<int> reads(rows), turns(rows);
    Index i = 0;
    for (int n = 0; n < 60; ++n) {
      const MatrixD change = change_number(n).cast<double>();
      for (Index r = 0; r < rows; ++r)
        a.row(r) += fast_rate * sign[static_cast<std::size_t>(r)] * change.row(r);
      for (int k = 0; k < 2; ++k, i = (i + 1) % rows) {
        const auto at = static_cast<std::size_t>(i);
        if (kind != references || turns[at] > 0) {
          for (Index j = 0; j < cols; ++j) {
            const double seen = kind == references ? a(i, j) - past(i, j) : a(i, j);
            h(i, j) += transfer_rate * sign[at] * seen;
            const double steps = trunc_to(h(i, j), step, most);
            h(i, j) -= (1 - keep) * steps * step;
            c(i, j) += steps * dw;
          }
        }
        mean.row(i) += 2.0 / 3 * (a.row(i) - mean.row(i));
        if (++reads[at] < 3) continue;
        reads[at] = 0;
        ++turns[at];
        past.row(i) = mean.row(i);
        if (kind != buffered) sign[at] = -sign[at];
      }
    }
    CHECK(c.cwiseAbs().maxCoeff() > 3 * dw);
    CHECK((w - c).cwiseAbs().maxCoeff() < 1e-5);
  }
}

TEST_CASE("residual learning is its equation, with a warm start") {
  crossbar::ResidualPath path;
  path.tiles = 3;
  path.gamma = 0.5;
  path.growth = 2;
  path.rate_growth = 0.5;
  path.transfer_rate = 0.2;
  path.warm_changes = 10;
  const MatrixD w = weights_after(50, exact_cells(path_of(path)));
  std::vector<MatrixD> tile(3, MatrixD::Zero(rows, cols));
  std::vector<Index> next(2);
  const auto move = [&](std::size_t from, std::size_t to, double rate) {
    tile[to].row(next[to]) += rate * tile[from].row(next[to]);
    next[to] = (next[to] + 1) % rows;
  };
  for (int n = 1; n <= 50; ++n) {
    tile[2] += change_number(n - 1).cast<double>();
    if (n <= 20) {
      move(2, n <= 10 ? 0 : 1, 0.2);
      continue;
    }
    move(2, 1, 0.2);
    if (n % 2 == 0) move(1, 0, 0.1);
  }
  CHECK((w - (tile[0] + 0.5 * tile[1] + 0.25 * tile[2])).cwiseAbs().maxCoeff() < 1e-6);
}

TEST_CASE("mixed precision, carries, signs and verified writes are their equations") {
  crossbar::MixedPrecisionPath mixed;
  mixed.changes_per_write = 2;
  mixed.threshold = 2;
  mixed.most_steps = 3;
  crossbar::CarryPath carry;
  carry.radix = 4;
  carry.carry_at = 0.1;
  carry.changes_per_carry = 3;
  crossbar::SignPath sign;
  sign.pulses = 2;
  sign.dead_zone = 0.5;
  crossbar::VerifyPath verify;
  verify.threshold = 0.04;
  verify.tolerance = dw / 2;
  MatrixD chi = MatrixD::Zero(rows, cols), by_mixed = chi, high = chi, low = chi, by_sign = chi,
          want = chi, set = chi;
  for (int n = 1; n <= 40; ++n) {
    const MatrixD change = change_number(n - 1).cast<double>();
    chi += change;
    want += change;
    low += 4 * change;
    for (Index k = 0; k < chi.size(); ++k) {
      double& x = chi.data()[k];
      if (n % 2 == 0) {
        const double steps = trunc_to(x, 2 * dw, 3);
        x -= steps * 2 * dw;
        by_mixed.data()[k] += steps * dw;
      }
      if (double& digit = low.data()[k]; n % 3 == 0 && std::abs(digit) > 0.1) {
        high.data()[k] += std::round(digit / 4 / dw) * dw;
        digit -= std::round(digit / dw) * dw;
      }
      if (std::abs(change.data()[k]) > 0.5 * dw)
        by_sign.data()[k] += 2 * dw * (change.data()[k] > 0 ? 1 : -1);
      if (double& state = set.data()[k]; std::abs(want.data()[k] - state) > 0.04)
        state = want.data()[k];
    }
  }
  CHECK((weights_after(40, exact_cells(path_of(mixed))) - by_mixed).cwiseAbs().maxCoeff() < 1e-5);
  CHECK((weights_after(40, exact_cells(path_of(sign))) - by_sign).cwiseAbs().maxCoeff() < 1e-5);
  CHECK((weights_after(40, exact_cells(path_of(carry))) - (high + low / 4)).cwiseAbs().maxCoeff() <
        1e-5);
  CHECK((weights_after(40, exact_cells(path_of(verify))) - set).cwiseAbs().maxCoeff() <=
        dw / 2 + 1e-5);
}

TEST_CASE("counted pulses move each cell by as many steps as are asked, beyond 64 as well") {
  crossbar::MixedPrecisionPath path;
  path.most_steps = 64;
  auto model = exact_cells(path_of(path), true);
  cost::Tally tally;
  crossbar::AnalogArray array(model, rows, cols, {.tally = &tally});
  Matrix steps(rows, cols);
  steps << 0, 1, -1, 64, -64, 3, 5, -7, 0, 0, 0, 0;
  array.increment(static_cast<float>(dw) * steps * 1.0001F);
  CHECK((array.weights() - dw * steps.cast<double>()).cwiseAbs().maxCoeff() < 1e-5);
  double pulses = 0, bits = 0;
  for (const cost::Entry& e : tally.entries()) {
    if (e.action == cost::Action::array_pulse) pulses += e.count;
    if (e.action == cost::Action::pulse_random_bit) bits += e.count;
  }
  CHECK(pulses == steps.cwiseAbs().sum());
  CHECK(bits == 0);
}

TEST_CASE("probabilistic writes keep the mean of a change", "[stochastic]") {
  crossbar::ProbabilisticPath path;
  path.threshold = 8;
  const auto model = exact_cells(path_of(path), true);
  cost::Tally tally;
  crossbar::AnalogArray array(
      model, 1, 1000, {.seed = static_cast<std::uint64_t>(tests::seed(4)), .tally = &tally});
  constexpr double change = 0.027;  // of portions of 0.08
  array.increment(Matrix::Constant(1, 1000, static_cast<float>(change)));
  const double mean = array.weights().mean(), p = change / 0.08;
  CHECK(std::abs(mean - change) < 5 * 0.08 * std::sqrt(p * (1 - p) / 1000));
  CHECK(((array.weights().array().abs() < 1e-6) || ((array.weights().array() - 0.08).abs() < 1e-6))
            .all());
}

TEST_CASE("a change of full rank or less is written whole by as many outer products") {
  crossbar::LowRankPath path;
  path.rank = 2;
  cost::Tally tally;
  crossbar::AnalogArray array(exact_cells(path_of(path)), rows, cols, {.tally = &tally});
  const Matrix x = tests::numbers(5, rows, 1, -1, 1).cast<float>();
  Matrix d = tests::numbers(5, cols, 2, -1, 1).cast<float>();
  const Matrix left = tests::numbers(rows, 2, 3, -1, 1).cast<float>(),
               right = tests::numbers(2, cols, 4, -1, 1).cast<float>();
  array.increment(left * right);
  CHECK((array.weights() - (left * right).cast<double>()).cwiseAbs().maxCoeff() < 1e-5);

  // Of a change of higher rank the largest part is written.
  crossbar::LowRankPath one;
  one.sweeps = 50;
  crossbar::AnalogArray other(exact_cells(path_of(one)), rows, cols,
                              {.name = "other", .tally = &tally});
  other.update(x, d, 0.1);
  const MatrixD all = 0.1 * (x.transpose() * d).cast<double>();
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(all, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const MatrixD largest =
      svd.singularValues()[0] * svd.matrixU().col(0) * svd.matrixV().col(0).transpose();
  CHECK((other.weights() - largest).cwiseAbs().maxCoeff() < 1e-4);
}

TEST_CASE("every path writes nothing for no change, resumes with the same bits, and learns") {
  crossbar::Path::each([]<class Entry>() {
    CAPTURE(Entry::name);
    Entry entry;
    if constexpr (requires { entry.rows_per_transfer; }) entry.rows_per_transfer = rows;
    if constexpr (requires { entry.transfer_rate; }) entry.transfer_rate = 0.03;
    if constexpr (requires { entry.chop_probability; }) entry.chop_probability = 0.05;
    if constexpr (std::is_same_v<Entry, crossbar::LowRankPath>) entry.rank = rows;
    if constexpr (std::is_same_v<Entry, crossbar::ProbabilisticPath>) entry.threshold = 4;
    crossbar::AnalogArrayModel model = tests::ideal_parts();
    model.output_noise = 0.01;
    model.device = tests::electrical();
    model.device.pulse.choice = devices::SoftBounds{
        {.dw_min = 0.004, .dw_min_std = 0.5, .w_max_dtod = 0.1, .w_min_dtod = 0.1}};
    model.path.choice = entry;
    const crossbar::ArrayContext context{.seed = 8};
    const auto make = [&](cost::Tally& tally) {
      crossbar::ArrayContext own = context;
      own.tally = &tally;
      return std::make_unique<crossbar::AnalogArray>(model, rows, cols, own);
    };
    cost::Tally tally;
    const auto array = make(tally);
    array->program(Matrix::Constant(rows, cols, 0.2F));
    const MatrixD before = array->weights();
    for (int n = 0; n < 3; ++n) array->increment(Matrix::Zero(rows, cols));
    if (entry.gains().size() == 1) CHECK(array->weights() == before);
    CHECK((array->weights() - before).cwiseAbs().maxCoeff() < 0.15);

    // Towards a target, by the change that is left and noise, as of examples.
    const MatrixD target = tests::numbers(rows, cols, 3, -0.4, 0.4);
    int salt = 0;
    MatrixD mean;
    const auto learn = [&](crossbar::Array& of, int changes) {
      mean.setZero(rows, cols);
      for (int n = 0; n < changes; ++n) {
        const MatrixD noise = tests::numbers(rows, cols, ++salt, -1, 1);
        of.increment((0.02 * (target - of.weights()) + 0.01 * noise).cast<float>());
        mean += of.weights() / changes;
      }
    };
    learn(*array, 300);
    core::Archive saved;
    array->state(saved);
    cost::Tally other_tally;
    const auto other = make(other_tally);
    core::Archive restored(saved.items());
    other->state(restored);
    const int then = salt;
    learn(*array, 20);
    salt = then;
    learn(*other, 20);
    CHECK(array->weights() == other->weights());
    learn(*array, 2000);
    learn(*array, 1000);
    // Soft bounds pull states towards zero, so that no path is right; all start further away.
    REQUIRE((before - target).norm() / target.norm() > 1);
    const double off = (mean - target).norm() / target.norm();
    CAPTURE(off);
    CHECK(off < 0.5);
  });
}

TEST_CASE("paths are billed: their groups, their memory, their reads") {
  const auto of = [](const crossbar::Path& path) {
    auto model = exact_cells(path, true);
    model.device = tests::electrical(model.device);
    cost::Tally tally;
    crossbar::AnalogArray array(model, rows, cols, {.tally = &tally});
    for (int n = 0; n < 5; ++n) array.increment(change_number(n));
    struct Counts {
      double cells = 0, bits = 0, reads = 0, converters = 0, drivers = 0;
    } out;
    for (const cost::Holding& h : tally.holdings()) {
      if (h.part == cost::Part::cell) out.cells += h.count;
      if (h.part == cost::Part::buffer_bit) out.bits += h.count;
      if (h.part == cost::Part::line_driver) out.drivers += h.count;
    }
    for (const cost::Entry& e : tally.entries()) {
      if (e.action == cost::Action::array_read) out.reads += e.count;
      if (e.action == cost::Action::adc_convert) out.converters += e.count;
    }
    return out;
  };
  const auto direct = of(path_of(crossbar::DirectPath{}));
  const auto buffered = of(path_of(crossbar::TikiTaka2Path{}));
  crossbar::ResidualPath tiles;
  tiles.tiles = 4;
  const auto residual = of(path_of(tiles));
  const auto references = of(path_of(crossbar::AgadPath{}));
  CHECK(direct.cells == 2 * rows * cols);  // one more is fixed
  CHECK(direct.reads == 0);
  CHECK(direct.bits == 0);
  CHECK(buffered.cells == 2 * direct.cells);
  CHECK(buffered.drivers == 2 * direct.drivers);
  CHECK(buffered.reads == 5);
  CHECK(buffered.converters == 5 * cols);
  CHECK(buffered.bits == 32 * rows * cols);
  CHECK(references.bits == 3 * 32 * rows * cols + rows);
  CHECK(residual.cells == 4 * direct.cells);
  CHECK(residual.reads == 5 + 1);  // one of the second tile at the fifth change
  CHECK(residual.bits == 0);
}

TEST_CASE("paths of several groups go with wires that resist, and not with floating lines") {
  auto model = exact_cells(path_of(crossbar::TikiTaka2Path{}));
  model.device = tests::electrical(model.device);
  CHECK(model.problem().empty());
  model.sensing.choice = crossbar::VoltageSensing{};
  CHECK(model.problem().find("tiki_taka_2") != std::string::npos);
  model.sensing.choice = crossbar::CurrentSensing{};
  model.wires.choice = crossbar::ExactWires{};
  CHECK(model.problem().empty());
}
