// A restricted Boltzmann machine whose lines float is a restricted Kirchhoff machine: fields are
// divided by the conductance of their line (arXiv 2509.15842; PNAS, doi 10.1073/pnas.2525792123).
#include <cmath>

#include "ohmlab/crossbar/analog_array.hpp"
#include "ohmlab/ebm/kernel.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/machines.hpp"

using namespace ohmlab;
using core::Index, core::MatrixD;
using crossbar::Direction;

namespace {

constexpr double g_min = 0.5e-6, g_max = 10.5e-6;
constexpr Index visible = 5, hidden = 4;

/// Pairs of cells, of which one holds |W| and the other rests at g_min, on lines that float.
std::unique_ptr<crossbar::Array> floating_pairs(const MatrixD& weights, cost::Tally& tally) {
  crossbar::AnalogArrayModel model;
  model.weight_scale = 2;
  model.device.g_min = g_min;
  model.device.g_max = g_max;
  model.device.v_read = 0.2;
  model.mapping.choice = crossbar::OneSidedMapping{};
  model.sensing.choice = crossbar::VoltageSensing{};
  auto out = model.make(weights.rows(), weights.cols(), {.tally = &tally});
  out->program(weights.cast<float>());
  return out;
}

MatrixD some_weights() {
  return MatrixD::NullaryExpr(visible, hidden, [](Index i, Index j) {
    return 1.7 * std::sin(1.0 + 3.1 * static_cast<double>(i) + 1.3 * static_cast<double>(j * j));
  });
}

/// Conductance of a line over that of the same line with all cells in the middle of their range.
double load(const core::VectorD& sizes) {
  const double slope = (g_max - g_min) / 2;  // S for a weight of 1 at weight_scale 2
  const auto cells = 2 * static_cast<double>(sizes.size());
  return (cells * g_min + sizes.sum() * slope) / (cells * (g_min + g_max) / 2);
}

}  // namespace

TEST_CASE("fields of a Kirchhoff machine are divided by the conductance of their line") {
  cost::Tally tally;
  const MatrixD weights = some_weights();
  const auto array = floating_pairs(weights, tally);
  const MatrixD forward = array->decision_law(Direction::to_cols).weights,
                backward = array->decision_law(Direction::to_rows).weights;
  double most = 0;
  for (Index i = 0; i < visible; ++i) {
    for (Index j = 0; j < hidden; ++j) {
      const double down = load(weights.col(j).cwiseAbs().transpose()),
                   up = load(weights.row(i).cwiseAbs());
      CHECK(forward(i, j) == Approx(weights(i, j) / down).epsilon(1e-4).margin(1e-5));
      CHECK(backward(i, j) == Approx(weights(i, j) / up).epsilon(1e-4).margin(1e-5));
      most = std::max(most, std::abs(up / down - 1));
    }
  }
  CHECK(most > 0.2);  // the two directions disagree
}

TEST_CASE("a Kirchhoff machine has a Boltzmann law only where its lines conduct alike") {
  const auto distance = [](const MatrixD& weights) {
    cost::Tally tally;
    const auto array = floating_pairs(weights, tally);
    crossbar::DecisionLaw forward = array->decision_law(Direction::to_cols),
                          backward = array->decision_law(Direction::to_rows);
    forward.noise = backward.noise = crossbar::ComparatorNoise::logistic;
    forward.scale = backward.scale = 1;
    // The machine of the weights that one direction sees.
    const ebm::RbmParameters seen{forward.weights, core::VectorD::Zero(weights.rows()),
                                  core::VectorD::Zero(weights.cols())};
    return ebm::kl_divergence(ebm::stationary(ebm::hardware_kernel(seen, forward, backward)),
                              ebm::boltzmann(seen));
  };
  // All |W| are equal and the matrix is square: all lines conduct alike.
  const MatrixD even = MatrixD::NullaryExpr(
      hidden, hidden, [](Index i, Index j) { return (i * j + i) % 3 == 0 ? 1.2 : -1.2; });
  CHECK(distance(even) < 1e-7);
  CHECK(distance(some_weights()) > 1e-3);
}
