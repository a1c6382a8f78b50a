#include "ohmlab/crossbar/circuit.hpp"

#include <cmath>

#include <Eigen/LU>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/crossbar/analog_array.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using core::MatrixD;
using crossbar::Circuit;
using tests::numbers;

namespace {

/// Two arrays in a chain, input – hidden – output, of cells that were programmed.
struct Chain {
  static constexpr Index inputs = 5, hidden = 4, outputs = 3, vectors = 6;
  crossbar::AnalogArrayModel model = [] {
    crossbar::AnalogArrayModel cells = tests::ideal_parts();
    cells.device = tests::electrical();
    return cells;
  }();
  cost::Tally tally;
  crossbar::AnalogArray first{model, inputs, hidden, {.name = "first", .tally = &tally}},
      second{model, hidden, outputs, {.name = "second", .tally = &tally}};
  Circuit circuit;
  Circuit::Layer in, mid, out;
  Circuit::Coupling lower, upper;

  explicit Chain(const Circuit::Bounds& diodes = {}) {
    first.program(numbers(inputs, hidden, 1, -0.9, 0.9).cast<float>());
    second.program(numbers(hidden, outputs, 2, -0.9, 0.9).cast<float>());
    in = circuit.add_layer(inputs);
    mid = circuit.add_layer(hidden, diodes);
    out = circuit.add_layer(outputs);
    lower = circuit.join(in, mid, first.conductances()[0]);
    upper = circuit.join(mid, out, second.conductances()[0]);
  }
  [[nodiscard]] Circuit::Drive drive() const {
    Circuit::Drive asked;
    asked.volts = {numbers(vectors, inputs, 3, -0.3, 0.3), {}, {}};
    return asked;
  }
};

}  // namespace

TEST_CASE("a chain of two arrays settles where no current is left over at any node") {
  Chain chain;
  Circuit::Drive drive = chain.drive();
  drive.currents = {{}, {}, numbers(Chain::vectors, Chain::outputs, 4, -1e-6, 1e-6)};
  const Circuit::Settled settled = chain.circuit.settle(drive);
  const double scale = 1e-5 * 0.3;  // A, of one cell
  CHECK(chain.circuit.currents(chain.mid, settled).cwiseAbs().maxCoeff() < 1e-9 * scale);
  CHECK((chain.circuit.currents(chain.out, settled) - drive.currents[2]).cwiseAbs().maxCoeff() <
        1e-9 * scale);
  // The second law: around the loop of two cells of either array, the drops add up to nothing.
  for (Index b = 0; b < Chain::vectors; ++b) {
    const MatrixD lower = chain.circuit.drops(chain.lower, settled, b);
    for (Index i = 1; i < Chain::inputs; ++i) {
      for (Index j = 1; j < Chain::hidden; ++j)
        CHECK(lower(0, 0) - lower(i, 0) + lower(i, j) - lower(0, j) == Approx(0).margin(1e-15));
    }
  }
  // What cells turn into heat is what sources supply.
  const double supplied =
      chain.circuit.currents(chain.in, settled).cwiseProduct(settled.volts[chain.in]).sum() +
      drive.currents[2].cwiseProduct(settled.volts[chain.out]).sum();
  CHECK(settled.watts == Approx(supplied).epsilon(1e-9));
}

TEST_CASE("a chain without diodes is a linear network, solved at once") {
  const Chain chain;
  const MatrixD g1 = chain.first.conductances()[0], g2 = chain.second.conductances()[0];
  const Circuit::Drive drive = chain.drive();
  const Circuit::Settled settled = chain.circuit.settle(drive);
  constexpr Index n = Chain::hidden + Chain::outputs;
  Eigen::MatrixXd law = Eigen::MatrixXd::Zero(n, n);
  law.topRightCorner(Chain::hidden, Chain::outputs) = -g2;
  law.bottomLeftCorner(Chain::outputs, Chain::hidden) = -g2.transpose();
  for (Index h = 0; h < Chain::hidden; ++h) law(h, h) = g1.col(h).sum() + g2.row(h).sum();
  for (Index o = 0; o < Chain::outputs; ++o)
    law(Chain::hidden + o, Chain::hidden + o) = g2.col(o).sum();
  for (Index b = 0; b < Chain::vectors; ++b) {
    Eigen::VectorXd into = Eigen::VectorXd::Zero(n);
    into.head(Chain::hidden) = g1.transpose() * drive.volts[0]->row(b).transpose();
    const Eigen::VectorXd v = law.partialPivLu().solve(into);
    CHECK((settled.volts[chain.mid].row(b).transpose() - v.head(Chain::hidden))
              .cwiseAbs()
              .maxCoeff() < 1e-11);
    CHECK((settled.volts[chain.out].row(b).transpose() - v.tail(Chain::outputs))
              .cwiseAbs()
              .maxCoeff() < 1e-11);
  }
}

TEST_CASE("a diode conducts only at its bound, and only the way it points") {
  const Chain chain({.low = -0.02, .high = 0.03});
  const Circuit::Settled settled = chain.circuit.settle(chain.drive());
  const MatrixD& volts = settled.volts[chain.mid];
  const MatrixD supplied = chain.circuit.currents(chain.mid, settled);  // by diodes
  Index low = 0, high = 0, free = 0;
  for (Index k = 0; k < volts.size(); ++k) {
    const double v = volts.data()[k], amperes = supplied.data()[k];
    if (v == -0.02) {
      CHECK(amperes > 0);  // it keeps the node from falling
      ++low;
    } else if (v == 0.03) {
      CHECK(amperes < 0);
      ++high;
    } else {
      CHECK(v > -0.02);
      CHECK(v < 0.03);
      CHECK(std::abs(amperes) < 1e-14);
      ++free;
    }
  }
  CHECK(low > 0);
  CHECK(high > 0);
  CHECK(free > 0);
}

TEST_CASE("a line that floats beside driven ones shows what voltage sensing reads") {
  for (const bool pair : {false, true}) {
    CAPTURE(pair);
    crossbar::AnalogArrayModel model = tests::ideal_parts();
    model.device = tests::electrical();
    model.sensing.choice = crossbar::VoltageSensing{};
    if (pair) model.mapping.choice = crossbar::PairMapping{};
    cost::Tally tally;
    crossbar::AnalogArray array(model, 6, 4, {.tally = &tally});
    array.program(numbers(6, 4, 5, -0.8, 0.8).cast<float>());
    const MatrixD x = numbers(3, 6, 6, -1, 1);
    Matrix y(3, 4);
    array.read(crossbar::Direction::to_cols, x.cast<float>(), y);

    // One cell of a weight is driven by x, the other by -x; both hang on the line.
    Circuit circuit;
    const auto plus = circuit.add_layer(6), minus = circuit.add_layer(6),
               line = circuit.add_layer(4);
    circuit.join(plus, line, array.conductances()[0]);
    circuit.join(minus, line, array.conductances()[1]);
    Circuit::Drive drive;
    drive.volts = {x, -x, {}};
    const Circuit::Settled settled = circuit.settle(drive);
    CHECK(settled.turns <= 2);  // the first moves, the second does not
    // A reading of 1 is one cell of a line at rest: 12 cells of 5 uS, of which a weight of 1 is 4
    // or 8 uS.
    const double of_one = (pair ? 8e-6 : 4e-6) / (12 * 5e-6);
    CHECK((settled.volts[line] / of_one - y.cast<double>()).cwiseAbs().maxCoeff() < 1e-5);
  }
}

TEST_CASE("a circuit says what is wrong with it") {
  Circuit circuit;
  const auto a = circuit.add_layer(2), b = circuit.add_layer(1);
  CHECK_THROWS_AS(circuit.join(a, a, MatrixD::Ones(2, 2)), core::UserError);
  CHECK_THROWS_AS(circuit.join(a, b, MatrixD::Ones(1, 2)), core::UserError);
  CHECK_THROWS_AS(circuit.join(a, b, -MatrixD::Ones(2, 1)), core::UserError);
  CHECK_THROWS_AS(circuit.add_layer(1, {.low = 1, .high = 0}), core::UserError);
  Circuit::Drive drive;
  drive.volts = {MatrixD::Ones(1, 2), {}};
  CHECK_THROWS_AS(circuit.settle(drive), core::UserError);  // nothing conducts to b
  circuit.join(a, b, MatrixD::Ones(2, 1));
  CHECK(circuit.settle(drive).volts[b](0, 0) == 1);
  drive.volts = {std::nullopt, std::nullopt};
  CHECK_THROWS_AS(circuit.settle(drive), core::UserError);  // nothing is held
  drive.volts = {MatrixD::Ones(1, 2), std::nullopt};
  CHECK_THROWS_AS(circuit.settle(drive, {.most_turns = 1}), core::UserError);
}
