#include "ohmlab/crossbar/sensings.hpp"

#include <cmath>
#include <vector>

#include "ohmlab/crossbar/analog_array.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using core::MatrixD;
using cost::Action;

namespace {

constexpr double g_min = 1e-6, g_max = 9e-6, volts = 0.2, settle = 3e-9;

crossbar::AnalogArrayModel floating(bool pair) {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.sensing.choice = crossbar::VoltageSensing{.t_settle = settle};
  if (pair) model.mapping.choice = crossbar::PairMapping{};
  return model;
}

Matrix numbers(Index rows, Index cols, int seed, float scale) {
  Matrix out(rows, cols);
  for (Index i = 0; i < out.size(); ++i)
    out.data()[i] = scale * static_cast<float>((i * 7919 + Index{seed} * 104729) % 17 - 8) / 8;
  return out;
}

/// Both cells of each weight as conductances, told apart by what they are driven with: +v and -v.
struct Cells {
  MatrixD plus, minus;
};
Cells cells(const Matrix& w, bool pair) {
  const auto siemens = [](const MatrixD& state) {
    return MatrixD((g_min + (state.array() + 1) / 2 * (g_max - g_min)).matrix());
  };
  const MatrixD states = w.cast<double>();
  return {siemens(states),
          siemens(pair ? MatrixD(-states) : MatrixD(MatrixD::Zero(w.rows(), w.cols())))};
}

/// One floating line: the voltage at which no current flows into it, and the power of its cells,
/// for 1 V at full scale. That is Kirchhoff's law for the line alone, cell by cell.
struct Line {
  double u = 0, watts = 0, siemens = 0;
};
Line line(const Cells& g, const Matrix& x, Index vector, Index first, Index count, Index output,
          bool forward) {
  const auto at = [&](const MatrixD& m, Index i) { return forward ? m(i, output) : m(output, i); };
  Line out;
  double current = 0;
  for (Index i = first; i < first + count; ++i) {
    const auto v = static_cast<double>(x(vector, i));
    current += at(g.plus, i) * v - at(g.minus, i) * v;
    out.siemens += at(g.plus, i) + at(g.minus, i);
  }
  out.u = current / out.siemens;
  for (Index i = first; i < first + count; ++i) {
    const auto v = static_cast<double>(x(vector, i));
    out.watts += at(g.plus, i) * std::pow(v - out.u, 2) + at(g.minus, i) * std::pow(-v - out.u, 2);
  }
  return out;
}

double sum(const cost::Tally& tally, Action action, double cost::Entry::* what) {
  double out = 0;
  for (const cost::Entry& entry : tally.entries()) out += entry.action == action ? entry.*what : 0;
  return out;
}

}  // namespace

TEST_CASE("lines that float show and dissipate what Kirchhoff's law says of them") {
  constexpr Index rows = 13, cols = 6, vectors = 4;
  const Matrix w = numbers(rows, cols, 1, 0.9F), x = numbers(vectors, rows, 2, 1),
               d = numbers(vectors, cols, 3, 1);
  for (const bool pair : {false, true}) {
    for (const Index tile : {Index{0}, Index{5}}) {
      for (const bool forward : {true, false}) {
        CAPTURE(pair, tile, forward);
        crossbar::AnalogArrayModel model = floating(pair);
        model.tile_rows = model.tile_cols = tile;
        cost::Tally tally;
        crossbar::AnalogArray array(model, rows, cols, {.tally = &tally});
        array.program(w);
        const double before = sum(tally, Action::array_read, &cost::Entry::joules),
                     seconds = sum(tally, Action::array_read, &cost::Entry::seconds),
                     charges = sum(tally, Action::line_charge, &cost::Entry::count);
        const Matrix& in = forward ? x : d;
        const Index inputs = in.cols(), outputs = forward ? cols : rows;
        Matrix y(vectors, outputs);
        if (forward) {
          array.read(crossbar::Direction::to_cols, in, y);
        } else {
          array.read(crossbar::Direction::to_rows, in, y);
        }
        const Cells g = cells(w, pair);
        const Index step = tile > 0 ? tile : inputs,
                    output_tiles = tile > 0 ? (outputs + tile - 1) / tile : 1;
        double joules = 0, charged = 0, highest = 0;
        for (Index b = 0; b < vectors; ++b) {
          for (Index i = 0; i < inputs; ++i)
            charged += std::pow(volts * static_cast<double>(in(b, i)), 2) *
                       static_cast<double>(output_tiles);
          for (Index j = 0; j < outputs; ++j) {
            double expected = 0;
            for (Index first = 0; first < inputs; first += step) {
              const Index count = std::min(step, inputs - first);
              const Line one = line(g, in, b, first, count, j, forward);
              // An output of 1 is one cell's at w = 1, against its partner's, with all others at
              // rest.
              const double at_rest = static_cast<double>(2 * count) * (g_min + g_max) / 2,
                           of_one = pair ? g_max - g_min : g_max - (g_min + g_max) / 2;
              expected += one.u * at_rest / of_one;
              joules += volts * volts * settle * one.watts;
              charged += std::pow(volts * one.u, 2);
              highest = std::max(highest, std::abs(one.u));
            }
            CHECK(static_cast<double>(y(b, j)) == Approx(expected).epsilon(1e-4).margin(1e-5));
          }
        }
        CHECK((sum(tally, Action::array_read, &cost::Entry::joules) - before) / joules ==
              Approx(1).epsilon(1e-4));
        CHECK(sum(tally, Action::array_read, &cost::Entry::seconds) - seconds ==
              Approx(vectors * settle));
        CHECK(sum(tally, Action::line_charge, &cost::Entry::count) - charges ==
              Approx(charged).epsilon(1e-4));
        for (const crossbar::Figure& figure : array.figures()) {
          if (figure.name == "highest_float") CHECK(figure.value == Approx(highest).epsilon(1e-4));
        }
      }
    }
  }
}

TEST_CASE(
    "pairs written in opposite directions show the currents' product; one cell against a fixed one "
    "does not") {
  const Matrix w = numbers(9, 4, 1, 0.9F), x = numbers(5, 9, 2, 1);
  const Matrix product = x * w;
  for (const bool pair : {true, false}) {
    cost::Tally tally;
    crossbar::AnalogArray array(floating(pair), 9, 4, {.tally = &tally});
    array.program(w);
    Matrix y(5, 4);
    array.read(crossbar::Direction::to_cols, x, y);
    const double away = static_cast<double>((y - product).cwiseAbs().maxCoeff());
    if (pair) {
      CHECK(away < 1e-5);
    } else {
      CHECK(away > 1e-2);
    }
    CHECK(array.weights().isApprox(w.cast<double>(), 1e-6));
  }
}

TEST_CASE("voltages are held in capacitors before they are converted or decided on") {
  constexpr Index rows = 8, cols = 3, vectors = 5;
  for (const bool convert : {true, false}) {
    crossbar::AnalogArrayModel model = floating(true);
    model.tile_rows = 3;  // three tiles
    cost::Tally tally;
    crossbar::AnalogArray array(model, rows, cols, {.tally = &tally});
    Matrix y(vectors, cols);
    const Matrix x = numbers(vectors, rows, 1, 1);
    if (convert) {
      array.read(crossbar::Direction::to_cols, x, y);
    } else {
      array.decide(crossbar::Direction::to_cols, x, core::Vector::Zero(cols), y);
    }
    CHECK(sum(tally, Action::sample_hold, &cost::Entry::count) == vectors * cols * 3);
    double held = 0;
    for (const cost::Holding& h : tally.holdings())
      held += h.part == cost::Part::hold_capacitor ? h.count : 0;
    CHECK(held == rows * 1 + cols * 3);
  }
}

TEST_CASE("noise of cells moves a floating line by what it changes of the mean", "[stochastic]") {
  // u = Σ g v / Σ g: a change of one cell moves it by (v - u)/G. The array leaves u out beside v.
  constexpr Index rows = 60, cols = 2, vectors = 3, repeats = 8000;
  const double sigma = 0.04;  // in w
  const Matrix w = numbers(rows, cols, 5, 0.8F), x = numbers(vectors, rows, 2, 1);
  crossbar::AnalogArrayModel model = floating(false);
  model.device.read_noise.choice = devices::WhiteReadNoise{.std = sigma / 2};
  cost::Tally tally;
  crossbar::AnalogArray array(model, rows, cols, {.seed = tests::seed(4), .tally = &tally});
  array.program(w);
  MatrixD total = MatrixD::Zero(vectors, cols), squares = total;
  Matrix y(vectors, cols);
  for (int n = 0; n < repeats; ++n) {
    array.read(crossbar::Direction::to_cols, x, y);
    total += y.cast<double>();
    squares += y.cast<double>().cwiseAbs2();
  }
  double highest = 0;
  for (const crossbar::Figure& figure : array.figures()) {
    if (figure.name == "highest_float") highest = figure.value;
  }
  CHECK(highest < 0.1);
  const Cells g = cells(w, false);
  for (Index b = 0; b < vectors; ++b) {
    for (Index j = 0; j < cols; ++j) {
      const Line one = line(g, x, b, 0, rows, j, true);
      double expected = 0;
      for (Index i = 0; i < rows; ++i) {
        const double siemens = sigma * (g_max - g_min) / 2;
        expected += std::pow(siemens * (static_cast<double>(x(b, i)) - one.u) / one.siemens, 2);
      }
      const double at_rest = 2 * rows * (g_min + g_max) / 2;
      expected *= std::pow(at_rest / ((g_max - g_min) / 2), 2);
      const double mean = total(b, j) / repeats, found = squares(b, j) / repeats - mean * mean;
      // Inputs are even about zero, so that leaving u out is an error of the order of its square.
      CHECK(found ==
            Approx(expected).epsilon(5.5 * std::sqrt(2.0 / repeats) + 5 * highest * highest));
    }
  }
}

TEST_CASE("a machine's decisions know how much weights count from either side") {
  const Matrix w = numbers(7, 4, 1, 0.9F);
  crossbar::AnalogArrayModel model = floating(false);
  model.tile_rows = 3;
  model.tile_cols = 2;
  cost::Tally tally;
  crossbar::AnalogArray array(model, 7, 4, {.tally = &tally});
  array.program(w);
  const MatrixD forward = array.effective_weights(crossbar::Direction::to_cols),
                backward = array.effective_weights(crossbar::Direction::to_rows);
  CHECK(array.decision_law(crossbar::Direction::to_rows).weights == backward);
  const Matrix x = numbers(3, 7, 2, 1), d = numbers(3, 4, 3, 1);
  Matrix y(3, 4), y_back(3, 7);
  array.read(crossbar::Direction::to_cols, x, y);
  array.read(crossbar::Direction::to_rows, d, y_back);
  CHECK((y.cast<double>() - x.cast<double>() * forward).cwiseAbs().maxCoeff() < 1e-5);
  CHECK((y_back.cast<double>() - d.cast<double>() * backward.transpose()).cwiseAbs().maxCoeff() <
        1e-5);
  CHECK((forward - backward).cwiseAbs().maxCoeff() > 1e-2);
}

TEST_CASE(
    "voltages cannot be sensed of pulses that differ in width, nor of cells without conductances") {
  crossbar::AnalogArrayModel model = floating(true);
  CHECK(model.problem().empty());
  model.dac.choice = crossbar::PulseWidthDac{};
  CHECK(model.problem().find("not how long they last") != std::string::npos);
  model.dac.choice = crossbar::BitSerialDac{};
  CHECK(model.problem().empty());
  model.device.g_min.reset();
  model.device.g_max.reset();
  CHECK(model.problem().find("expected device.g_min and g_max") != std::string::npos);
}
