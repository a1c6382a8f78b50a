#include "ohmlab/crossbar/wires.hpp"

#include <cmath>

#include "ohmlab/crossbar/analog_array.hpp"
#include "ohmlab/crossbar/copied_array.hpp"
#include "ohmlab/crossbar/wires/line_solver.hpp"
#include "ohmlab/crossbar/wires/nonlinear_tile.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"
#include "tests/oracles/eliminated_tile.hpp"
#include "tests/oracles/nodal.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using core::MatrixD;
using crossbar::Direction;
using tests::numbers;

namespace {

/// Relative to the largest.
double distance(const MatrixD& a, const MatrixD& b) {
  return (a - b).cwiseAbs().maxCoeff() / b.cwiseAbs().maxCoeff();
}

/// Strong wires: of a few per cent of a cell's resistance each.
crossbar::ExactWires strong() {
  return {.r_row = 2500, .r_col = 900, .r_row_end = 4000, .r_col_end = 1500};
}

crossbar::AnalogArrayModel wired(bool pair) {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.device.pulse.choice = devices::IdealPulse{};
  model.wires.choice = strong();
  if (pair) model.mapping.choice = crossbar::PairMapping{};
  return model;
}

double joules_of_read(const cost::Tally& tally) {
  double sum = 0;
  for (const cost::Entry& entry : tally.entries())
    sum += entry.action == cost::Action::array_read ? entry.joules : 0;
  return sum;
}

/// What reads of an array with wires give, and their power, by the nodes of every tile of every
/// plane. The conductances of a plane that is taken away are `minus`.
struct Oracle {
  MatrixD plus, minus;
  Index tile_rows, tile_cols;

  /// Currents out of the read lines over a read voltage, and power over its square, for one vector.
  [[nodiscard]] std::pair<Eigen::VectorXd, double> read(Direction direction,
                                                        const Eigen::VectorXd& x) const {
    const bool forward = direction == Direction::to_cols;
    Eigen::VectorXd out = Eigen::VectorXd::Zero(forward ? plus.cols() : plus.rows());
    double power = 0;
    for (Index i = 0; i < plus.rows(); i += tile_rows) {
      for (Index j = 0; j < plus.cols(); j += tile_cols) {
        const Index rows = std::min(tile_rows, plus.rows() - i),
                    cols = std::min(tile_cols, plus.cols() - j);
        for (const double sign : {1.0, -1.0}) {
          const MatrixD g = (sign > 0 ? plus : minus).block(i, j, rows, cols);
          const crossbar::ExactWires r = strong();
          const Eigen::VectorXd on_rows =
              forward ? Eigen::VectorXd(x.segment(i, rows)) : Eigen::VectorXd::Zero(rows);
          const Eigen::VectorXd on_cols =
              forward ? Eigen::VectorXd::Zero(cols) : Eigen::VectorXd(x.segment(j, cols));
          const auto [of_rows, of_cols] = tests::end_currents(
              {g, r.r_row, r.r_col, r.r_row_end, r.r_col_end}, on_rows, on_cols);
          power += on_rows.dot(of_rows) + on_cols.dot(of_cols);
          if (forward) {
            out.segment(j, cols) -= sign * of_cols;
          } else {
            out.segment(i, rows) -= sign * of_rows;
          }
        }
      }
    }
    return {out, power};
  }
};

}  // namespace

TEST_CASE("a tile with wires is the network that its nodes say, from both sides") {
  for (const auto& [rows, cols] : {std::pair{1, 1}, {1, 7}, {6, 1}, {5, 9}, {9, 4}, {12, 12}}) {
    CAPTURE(rows, cols);
    MatrixD g = numbers(rows, cols, 1, 0, 2e-5);
    if (g.size() > 1) g(rows / 2, cols / 2) = 0;  // a cell that is off
    const tests::Crossbar expected{g, 2500, 900, 4000, 1500};
    const crossbar::WiredTile tile = crossbar::solve_wires(g, {2500, 900, 4000, 1500});
    MatrixD transfer(rows, cols), back(rows, cols), from_rows(rows, rows), from_cols(cols, cols);
    for (Index i = 0; i < rows; ++i) {
      const auto [of_rows, of_cols] = tests::end_currents(expected, Eigen::VectorXd::Unit(rows, i),
                                                          Eigen::VectorXd::Zero(cols));
      from_rows.row(i) = of_rows.transpose();
      transfer.row(i) = -of_cols.transpose();
    }
    for (Index j = 0; j < cols; ++j) {
      const auto [of_rows, of_cols] = tests::end_currents(expected, Eigen::VectorXd::Zero(rows),
                                                          Eigen::VectorXd::Unit(cols, j));
      from_cols.row(j) = of_cols.transpose();
      back.col(j) = -of_rows;
    }
    CHECK(distance(tile.transfer, transfer) < 1e-9);
    CHECK(distance(tile.transfer, back) < 1e-9);  // reciprocity
    CHECK(distance(tile.from_rows, from_rows) < 1e-9);
    CHECK(distance(tile.from_cols, from_cols) < 1e-9);
  }
}

TEST_CASE("wires that hardly resist leave the cells as they are") {
  const MatrixD g = numbers(8, 5, 2, 1e-6, 2e-5);
  const crossbar::WiredTile tile = crossbar::solve_wires(g, {1e-6, 1e-6, 1e-6, 1e-6});
  CHECK(distance(tile.transfer, g) < 1e-8);
  CHECK(distance(tile.from_rows, MatrixD(g.rowwise().sum().asDiagonal())) < 1e-8);
}

TEST_CASE("an array with wires reads and heats as the nodes of its tiles say") {
  constexpr Index rows = 11, cols = 7;
  const MatrixD w = numbers(rows, cols, 3, -0.9, 0.9);
  const MatrixD forward = numbers(4, rows, 4, -1, 1), backward = numbers(4, cols, 5, -1, 1);
  for (const bool pair : {false, true}) {
    for (const auto& [tile_rows, tile_cols] : {std::pair<Index, Index>{rows, cols}, {4, 3}}) {
      for (const Direction direction : {Direction::to_cols, Direction::to_rows}) {
        CAPTURE(pair, tile_rows, static_cast<int>(direction));
        crossbar::AnalogArrayModel model = wired(pair);
        model.tile_rows = tile_rows;
        model.tile_cols = tile_cols;
        cost::Tally tally;
        crossbar::AnalogArray array(model, rows, cols, {.tally = &tally});
        array.program(w.cast<float>());
        const auto conductance = [](double state) { return 1e-6 + (state + 1) / 2 * 8e-6; };
        const Oracle oracle{w.unaryExpr([&](double s) { return conductance(s); }),
                            w.unaryExpr([&](double s) { return conductance(pair ? -s : 0); }),
                            tile_rows, tile_cols};
        const double programming = joules_of_read(tally);
        const MatrixD& x = direction == Direction::to_cols ? forward : backward;
        Matrix y(x.rows(), direction == Direction::to_cols ? cols : rows);
        array.read(direction, x.cast<float>(), y);
        double power = 0;
        for (Index b = 0; b < x.rows(); ++b) {
          const auto [currents, of_vector] = oracle.read(direction, x.row(b).transpose());
          const double of_one = pair ? 8e-6 : 4e-6;  // S, the difference that a weight of 1 is
          CHECK((y.row(b).cast<double>().transpose() - currents / of_one).cwiseAbs().maxCoeff() <
                2e-6);
          power += of_vector;
        }
        CHECK(joules_of_read(tally) - programming ==
              Approx(power * 0.2 * 0.2 * 1e-7).epsilon(1e-5));
        // The two sides see the same matrix, which is what quality is scored on.
        CHECK(array.effective_weights(direction) == array.weights());
        CHECK(distance(array.weights(), w) > 0.05);
      }
    }
  }
}

TEST_CASE("inputs by pulse width share wires for as long as they overlap") {
  crossbar::AnalogArrayModel model = wired(false);
  model.dac.choice = crossbar::PulseWidthDac{.resolution = 3};  // thirds of a read
  cost::Tally tally;
  crossbar::AnalogArray array(model, 3, 2, {.tally = &tally});
  array.program(Matrix::Zero(3, 2));
  const double programming = joules_of_read(tally);
  Matrix x(1, 3), y(1, 2);
  x << 1, -2.0F / 3, 1.0F / 3;
  array.read(Direction::to_cols, x, y);
  const MatrixD g = MatrixD::Constant(3, 2, 5e-6);
  double power = 0;
  for (int third = 0; third < 3; ++third) {
    Eigen::VectorXd volts(3);
    volts << 1, third < 2 ? -1 : 0, third < 1 ? 1 : 0;
    for (int plane = 0; plane < 2; ++plane) {  // the cells and their references
      power += volts.dot(
          tests::end_currents({g, 2500, 900, 4000, 1500}, volts, Eigen::VectorXd::Zero(2)).first /
          3);
    }
  }
  CHECK(joules_of_read(tally) - programming == Approx(power * 0.2 * 0.2 * 1e-7).epsilon(1e-6));
}

TEST_CASE("an array with wires says how much they keep back, and looks again after each write") {
  cost::Tally tally;
  crossbar::AnalogArray array(wired(false), 6, 6, {.tally = &tally});
  const auto lost = [&] {
    Matrix y(1, 6);
    array.read(Direction::to_cols, Matrix::Ones(1, 6), y);
    for (const crossbar::Figure& figure : array.figures()) {
      if (figure.name == "wire_loss") return figure.value;
    }
    return -1.0;
  };
  array.program(Matrix::Constant(6, 6, -0.9F));
  const double at_low = lost();
  array.program(Matrix::Constant(6, 6, 0.9F));
  const double at_high = lost();
  CHECK(at_low > 0.01);
  CHECK(at_high > 1.2 * at_low);
}

TEST_CASE("merged tiles agree with nodes and with elimination line by line, and lose no power") {
  for (const double r : {1e-3, 1.0, 1e2, 1e4}) {
    for (const auto& [rows, cols] :
         {std::pair<Index, Index>{1, 1}, {1, 9}, {10, 3}, {9, 17}, {33, 20}, {40, 70}}) {
      CAPTURE(r, rows, cols);
      MatrixD g =
          numbers(rows, cols, 7, -9, -3).unaryExpr([](double e) { return std::pow(10, e); });
      if (g.size() > 1) g(rows / 2, cols / 2) = 0;
      const crossbar::WireResistances wires{r, 0.4 * r, 3 * r, 2 * r};
      const crossbar::WiredTile tile = crossbar::solve_wires(g, wires),
                                slow = tests::eliminated_tile(g, wires);
      CHECK(distance(tile.transfer, slow.transfer) < 1e-11);
      CHECK(distance(tile.from_rows, slow.from_rows) < 1e-11);
      CHECK(distance(tile.from_cols, slow.from_cols) < 1e-11);
      // Solved from the other side: rows become columns, ends change places.
      const MatrixD turned = g.transpose().colwise().reverse().rowwise().reverse();
      const MatrixD back =
          crossbar::solve_wires(turned, {wires.col, wires.row, wires.col_end, wires.row_end})
              .transfer.transpose()
              .colwise()
              .reverse()
              .rowwise()
              .reverse();
      CHECK(distance(back, tile.transfer) < 1e-12);
      const core::VectorD x = numbers(1, rows, 8, -1, 1), none = core::VectorD::Zero(cols);
      if (rows * cols < 200) {
        const MatrixD through =
            tests::cell_currents({g, r, 0.4 * r, 3 * r, 2 * r}, x.transpose(), none.transpose());
        CHECK(distance(x * tile.transfer, through.colwise().sum()) < 1e-9);
      }
      // Heat of cells and wires, from the currents of the line solver, is the power of the drivers.
      const crossbar::TileState state = crossbar::LineSolver(g, wires).solve(x, none);
      double heat = state.currents.cwiseProduct(state.drops).sum();
      for (Index i = 0; i < rows; ++i) {
        double current = 0;
        for (Index j = cols - 1; j >= 0; --j) {
          current += state.currents(i, j);
          heat += (j > 0 ? wires.row : wires.row_end) * current * current;
        }
      }
      for (Index j = 0; j < cols; ++j) {
        double current = 0;
        for (Index i = 0; i < rows; ++i) {
          current += state.currents(i, j);
          heat += (i < rows - 1 ? wires.col : wires.col_end) * current * current;
        }
      }
      const double power = (x * tile.from_rows).dot(x);
      CHECK(heat == Approx(power).epsilon(1e-9));
    }
  }
}

TEST_CASE("a tile of cells that are not ohmic is what Newton's iteration on all nodes says") {
  const MatrixD g = numbers(7, 5, 3, 1e-6, 2e-5);
  const core::VectorD x = numbers(1, 7, 8, -1, 1), both = numbers(1, 5, 9, -1, 1),
                      none = core::VectorD::Zero(5);
  const devices::SinhConduction::Law sinh{0.2, 0.05};
  const devices::CubicConduction::Law rising{0.2, 20}, saturating{0.2, -5};
  const auto check = [&](const auto& law, const core::VectorD& y) {
    const auto f = [&](double u) { return law.current(u); };
    for (const double r : {1.0, 300.0, 3000.0}) {
      CAPTURE(r);
      const crossbar::TileState state =
          crossbar::solve_nonlinear(g, {r, 0.4 * r, 3 * r, 2 * r}, x, y, f);
      const MatrixD through =
          tests::nonlinear_currents({g, r, 0.4 * r, 3 * r, 2 * r}, f, x.transpose(), y.transpose());
      CHECK(distance(state.currents, through) < 1e-8);
      CHECK(state.bound < 1e-9 * through.cwiseAbs().sum());
      CHECK(state.iterations < 20);
    }
  };
  check(sinh, both);
  check(rising, both);
  check(saturating, none);  // it ends at 1.29 read voltages
}

TEST_CASE("cells whose current falls again do not come to rest, which is said") {
  const MatrixD g = MatrixD::Constant(4, 4, 1e-4);
  const auto f = [](double u) { return u * (1 - u * u); };  // falls above 0.58
  const crossbar::TileState state =
      crossbar::solve_nonlinear(g, {1, 1, 1, 1}, core::VectorD::Ones(4), core::VectorD::Zero(4), f);
  CHECK(std::isinf(state.bound));
}

TEST_CASE("inputs solved one by one give what the matrix gives, and heat as much") {
  constexpr Index rows = 60, cols = 44;
  const MatrixD w = numbers(rows, cols, 3, -0.9, 0.9);
  for (const Direction direction : {Direction::to_cols, Direction::to_rows}) {
    const bool forward = direction == Direction::to_cols;
    crossbar::AnalogArrayModel model = wired(true);
    model.tile_rows = 35;
    cost::Tally few_tally, many_tally;
    crossbar::AnalogArray few(model, rows, cols, {.tally = &few_tally}),
        many(model, rows, cols, {.tally = &many_tally});
    few.program(w.cast<float>());
    many.program(w.cast<float>());
    const double programming = joules_of_read(few_tally);
    const Index inputs = forward ? rows : cols, outputs = forward ? cols : rows;
    const Matrix x = numbers(50, inputs, 4, -1, 1).cast<float>();
    Matrix y(1, outputs), all(50, outputs);
    few.read(direction, x.topRows(1), y);
    many.read(direction, x, all);
    const auto alone = [](const crossbar::AnalogArray& array) {
      for (const crossbar::Figure& figure : array.figures()) {
        if (figure.name == "wire_inputs_alone") return figure.value;
      }
      return -1.0;
    };
    CHECK(alone(few) == 1);
    CHECK(alone(many) == 0);
    CHECK((y - all.row(0)).cwiseAbs().maxCoeff() < 1e-5F * y.cwiseAbs().maxCoeff());
    const double of_one = joules_of_read(few_tally) - programming;
    many.read(direction, x.topRows(1), y);
    const double before = joules_of_read(many_tally);
    many.read(direction, x.topRows(1), y);
    CHECK(joules_of_read(many_tally) - before == Approx(of_one).epsilon(1e-6));
  }
}

TEST_CASE("an array of cells that are not ohmic reads through wires as its nodes say") {
  const MatrixD w = numbers(6, 4, 3, -0.9, 0.9);
  crossbar::AnalogArrayModel model = wired(false);
  model.device.conduction.choice = devices::SinhConduction{.v0 = 0.08};
  REQUIRE(model.problem().empty());
  cost::Tally tally;
  crossbar::AnalogArray array(model, 6, 4, {.tally = &tally});
  array.program(w.cast<float>());
  const Matrix x = numbers(2, 6, 4, -1, 1).cast<float>();
  Matrix y(2, 4);
  array.read(Direction::to_cols, x, y);
  const auto law = devices::SinhConduction{.v0 = 0.08}.law(0.2);
  const auto f = [&](double u) { return law.current(u); };
  const auto r = strong();
  for (Index b = 0; b < 2; ++b) {
    core::VectorD expected = core::VectorD::Zero(4);
    for (const double sign : {1.0, -1.0}) {
      const MatrixD g =
          w.unaryExpr([&](double s) { return 1e-6 + ((sign > 0 ? s : 0.0) + 1) / 2 * 8e-6; });
      expected +=
          sign / 4e-6 *
          tests::nonlinear_currents({g, r.r_row, r.r_col, r.r_row_end, r.r_col_end}, f,
                                    x.row(b).cast<double>().transpose(), Eigen::VectorXd::Zero(4))
              .colwise()
              .sum();
    }
    CHECK((y.row(b).cast<double>() - expected).cwiseAbs().maxCoeff() < 2e-6);
  }
}

TEST_CASE("wires are refused where they are not solved") {
  crossbar::AnalogArrayModel model = wired(false);
  CHECK(model.problem().empty());
  model.device.conduction.choice = devices::SinhConduction{};
  CHECK(model.problem().empty());
  model.dac.choice = crossbar::PulseWidthDac{};
  CHECK(model.problem().find("expected dac \"uniform\"") != std::string::npos);
  model = wired(false);
  model.sensing.choice = crossbar::VoltageSensing{};
  CHECK(model.problem().find("expected sensing \"current\"") != std::string::npos);
  model = wired(false);
  model.device.g_min.reset();
  model.device.g_max.reset();
  CHECK(model.problem().find("expected device.g_min and g_max") != std::string::npos);
}
