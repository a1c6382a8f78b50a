#pragma once

#include <cmath>

#include "line_solver.hpp"

namespace ohmlab::crossbar {

constexpr double newton_share = 1e-9;  // of the cells' currents: errors at which a tile is at rest
constexpr int most_newton_steps = 60;

/// A tile of cells with i = g f(v), f rising: Newton's iteration around the line solver. A step
/// solves the tile with conductances g f'(v) and sources g (f(v) - f'(v) v). Where a step leaves
/// larger errors than the one before, half of it is taken.
///
/// `bound` holds as for ohmic cells: between the found state and the true one, a rising f is a
/// conductance above zero. `iterations` counts Newton's steps.
/// \param f  current of a cell over g, an odd function of its voltage
/// \param row_volts, col_volts, result  in one unit of voltage, that of f
/// \return  state with a bound above `newton_share` of the currents if the iteration failed
template <class Law>
[[nodiscard]] TileState solve_nonlinear(const core::MatrixD& g, const WireResistances& resistances,
                                        const core::VectorD& row_volts,
                                        const core::VectorD& col_volts, const Law& f) {
  const auto slope = [&](double v) {
    const double h = 1e-5 * (1 + std::abs(v));
    return (f(v + h) - f(v - h)) / (2 * h);
  };
  TileState state = LineSolver(g, resistances).solve(row_volts, col_volts);
  core::MatrixD at = state.drops;
  double errors = HUGE_VAL;
  for (int step = 1; step <= most_newton_steps; ++step) {
    const core::MatrixD slopes = at.unaryExpr(slope);
    if (!(slopes.minCoeff() > 0) || !slopes.allFinite()) break;
    const core::MatrixD near = g.cwiseProduct(slopes);
    const core::MatrixD sources = g.cwiseProduct(at.unaryExpr(f)) - near.cwiseProduct(at);
    state = LineSolver(near, resistances).solve(row_volts, col_volts, sources);
    state.iterations = step;
    state.bound =
        2 * (g.cwiseProduct(state.rebuilt.unaryExpr(f)) - state.currents).cwiseAbs().sum();
    if (state.bound <= newton_share * state.currents.cwiseAbs().sum()) return state;
    at = state.bound < errors ? state.drops : core::MatrixD((at + state.drops) / 2);
    errors = state.bound;
  }
  state.bound = HUGE_VAL;
  return state;
}

}  // namespace ohmlab::crossbar
