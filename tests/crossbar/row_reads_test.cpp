#include "ohmlab/crossbar/row_reads.hpp"

#include "ohmlab/crossbar/analog_array.hpp"
#include "ohmlab/crossbar/wires/line_solver.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"
#include "tests/oracles/nodal.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using core::MatrixD;
using core::VectorD;
using crossbar::Direction;
using tests::numbers;

namespace {

/// Strong wires: of a few per cent of a cell's resistance each.
crossbar::ExactWires strong() {
  return {.r_row = 2500, .r_col = 900, .r_row_end = 4000, .r_col_end = 1500};
}

crossbar::AnalogArrayModel wired() {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.device.pulse.choice = devices::IdealPulse{};
  model.wires.choice = strong();
  return model;
}

}  // namespace

TEST_CASE("a row read alone through wires is the row that the nodes of its tiles say") {
  constexpr Index rows = 11, cols = 7, tile_rows = 4, tile_cols = 3;
  const MatrixD w = numbers(rows, cols, 3, -0.9, 0.9);
  const auto conductance = [](double state) { return 1e-6 + (state + 1) / 2 * 8e-6; };
  const auto r = strong();
  for (const bool pair : {false, true}) {
    crossbar::AnalogArrayModel model = wired();
    if (pair) model.mapping.choice = crossbar::PairMapping{};
    model.tile_rows = tile_rows;
    model.tile_cols = tile_cols;
    cost::Tally tally;
    crossbar::AnalogArray array(model, rows, cols, {.tally = &tally});
    array.program(w.cast<float>());
    crossbar::MappedCells cells(model.mapping, model.device,
                                crossbar::Tiling::of(rows, cols, tile_rows, tile_cols),
                                {.tally = &tally});
    cells.program(0, w.cast<float>(), {.operation = 0});
    for (const Index row : {Index{0}, Index{5}, rows - 1}) {
      CAPTURE(pair, row);
      const crossbar::MappedCells::Row read = read_row(cells, model.wires, 0, row, 0);
      VectorD expected = VectorD::Zero(cols);
      double into = 0;
      const Index first = row / tile_rows * tile_rows, count = std::min(tile_rows, rows - first);
      for (Index j = 0; j < cols; j += tile_cols) {
        const Index width = std::min(tile_cols, cols - j);
        for (const double sign : {1.0, -1.0}) {
          const MatrixD g = w.block(first, j, count, width).unaryExpr([&](double s) {
            return conductance(sign > 0 ? s : (pair ? -s : 0));
          });
          const auto [of_rows, of_cols] = tests::end_currents(
              {g, r.r_row, r.r_col, r.r_row_end, r.r_col_end},
              Eigen::VectorXd::Unit(count, row - first), Eigen::VectorXd::Zero(width));
          expected.segment(j, width) -= sign * of_cols.transpose() / (pair ? 8e-6 : 4e-6);
          into += of_rows[row - first];
        }
      }
      CHECK((read.values.cast<double>() - expected).cwiseAbs().maxCoeff() < 2e-7);
      CHECK(read.conductance == Approx(into).epsilon(1e-6));
      // Superposition: reads of all rows add up these rows, in both directions.
      CHECK((read.values.cast<double>() - array.weights().row(row)).cwiseAbs().maxCoeff() < 2e-7);
      Matrix backward(1, rows);
      array.read(Direction::to_rows, Matrix::Identity(cols, cols).row(2), backward);
      CHECK(read.values[2] == Approx(backward(0, row)).margin(3e-7));
    }
  }
}

TEST_CASE("one of two cells read alone through wires counts from the current of rest") {
  crossbar::AnalogArrayModel model = wired();
  model.mapping.choice = crossbar::OneSidedMapping{};
  const MatrixD w = numbers(3, 4, 5, -0.9, 0.9);
  cost::Tally tally;
  crossbar::MappedCells cells(model.mapping, model.device, crossbar::Tiling::of(3, 4, 0, 0),
                              {.tally = &tally});
  cells.program(0, w.cast<float>(), {.operation = 0});
  const auto read = read_plane_row(cells, model.wires, 0, 1, 1, 0);
  const MatrixD g = w.unaryExpr([](double v) { return 1e-6 + std::max(0.0, -2 * v) / 2 * 8e-6; });
  const auto r = strong();
  const auto of_cols = tests::end_currents({g, r.r_row, r.r_col, r.r_row_end, r.r_col_end},
                                           Eigen::VectorXd::Unit(3, 1), Eigen::VectorXd::Zero(4))
                           .second;
  for (Index j = 0; j < 4; ++j)
    CHECK(static_cast<double>(read.values[j]) == Approx((-of_cols[j] - 1e-6) / 4e-6).margin(1e-6));
}

TEST_CASE("a line solver finds the currents that the nodes say, within the bound that it states") {
  for (const double r : {1e-3, 1.0, 1e2, 1e4}) {
    for (const auto& [rows, cols] : {std::pair<Index, Index>{1, 1}, {7, 3}, {9, 14}, {17, 8}}) {
      CAPTURE(r, rows, cols);
      // Six orders of magnitude between cells, and one that is off.
      MatrixD g =
          numbers(rows, cols, 7, -9, -3).unaryExpr([](double e) { return std::pow(10, e); });
      if (g.size() > 1) g(rows / 2, cols / 2) = 0;
      const VectorD x = numbers(1, rows, 8, -1, 1), y = numbers(1, cols, 9, -1, 1);
      const crossbar::LineSolver solver(g, {r, 0.4 * r, 3 * r, 2 * r});
      const tests::Crossbar nodes{g, r, 0.4 * r, 3 * r, 2 * r};
      for (const bool forward : {true, false}) {
        const VectorD rows_at = forward ? x : VectorD::Zero(rows),
                      cols_at = forward ? VectorD::Zero(cols) : y;
        const crossbar::TileState state = solver.solve(rows_at, cols_at);
        const MatrixD through = tests::cell_currents(nodes, rows_at, cols_at);
        const VectorD of_cols = through.colwise().sum(),
                      of_rows = through.rowwise().sum().transpose();
        const double all = through.cwiseAbs().sum();
        const double off_cols = (state.of_cols() - of_cols).cwiseAbs().sum(),
                     off_rows = (state.of_rows() - of_rows).cwiseAbs().sum();
        CHECK(off_cols < 1e-9 * of_cols.cwiseAbs().sum());
        CHECK(off_rows < 1e-9 * of_rows.cwiseAbs().sum());
        CHECK(off_cols + off_rows < state.bound + 1e-12 * all);
        CHECK(state.bound < 1e-9 * all);
      }
    }
  }
}

TEST_CASE("every path that reads rows learns through wires about as well as without") {
  crossbar::Path::each([]<class Entry>() {
    if constexpr (Entry::reads_rows) {
      const Index rows = 3, cols = 4;
      CAPTURE(Entry::name);
      Entry entry;
      if constexpr (requires { entry.rows_per_transfer; }) entry.rows_per_transfer = rows;
      if constexpr (requires { entry.transfer_rate; }) entry.transfer_rate = 0.03;
      if constexpr (requires { entry.chop_probability; }) entry.chop_probability = 0.05;
      crossbar::AnalogArrayModel model = wired();
      model.device.pulse.choice = devices::SoftBounds{{.dw_min = 0.004, .dw_min_std = 0.5}};
      model.path.choice = entry;
      const auto off = [&] {
        REQUIRE(model.problem().empty());
        cost::Tally tally;
        crossbar::AnalogArray array(model, rows, cols, {.seed = 8, .tally = &tally});
        const MatrixD target = numbers(rows, cols, 3, -0.35, 0.35);
        MatrixD mean = MatrixD::Zero(rows, cols);
        for (int n = 0; n < 3000; ++n) {
          const MatrixD noise = numbers(rows, cols, n, -1, 1);
          array.increment((0.02 * (target - array.weights()) + 0.01 * noise).cast<float>());
          if (n >= 2000) mean += array.weights() / 1000;
        }
        return (mean - target).norm() / target.norm();
      };
      // Soft bounds pull states towards zero, so that no path is right.
      const double through = off();
      model.wires.choice = crossbar::EstimatedWires{};
      CHECK(through < 0.75);
      CHECK(through < 1.5 * off() + 0.05);
    }
  });
}

TEST_CASE("write-and-verify through wires makes up for them") {
  const MatrixD target = numbers(8, 6, 12, -0.4, 0.4);
  crossbar::AnalogArrayModel model = wired();
  const auto off = [&] {
    cost::Tally tally;
    crossbar::AnalogArray array(model, 8, 6, {.seed = 3, .tally = &tally});
    array.program(Matrix::Zero(8, 6));
    array.increment(target.cast<float>());
    // Cells of rows that are written later move the currents of the earlier ones.
    array.increment(0.01F * target.cast<float>());
    return (target - array.effective_weights(Direction::to_cols)).cwiseAbs().maxCoeff();
  };
  model.pulser.choice = crossbar::ExactPulser{};
  const double direct = off();
  model.path.choice = crossbar::VerifyPath{.threshold = 0.001, .tolerance = 0.002, .budget = 100};
  const double verified = off();
  CHECK(direct > 0.05);
  CHECK(verified < 0.3 * direct);
}
