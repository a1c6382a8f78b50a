#include "kernel.hpp"

#include <cmath>

#include <Eigen/LU>
#include <fmt/format.h>

#include "../core/errors.hpp"

namespace ohmlab::ebm {
namespace {

using core::Index;
using core::MatrixD;
using core::VectorD;

void check_size(const RbmParameters& rbm) {
  const Index units = rbm.weights.rows() + rbm.weights.cols();
  if (units > kernel_units) {
    throw core::UserError(
        fmt::format("the law of a chain is enumerated for at most {} units, this model has {}",
                    kernel_units, units));
  }
}

VectorD bits_of(Index state, Index units) {
  VectorD bits(units);
  for (Index i = 0; i < units; ++i) bits[i] = static_cast<double>(state >> i & 1);
  return bits;
}

/// P(all units take `state`) if unit i is on with probability p_i.
double product_law(const VectorD& p, Index state) {
  double out = 1;
  for (Index i = 0; i < p.size(); ++i) out *= state >> i & 1 ? p[i] : 1 - p[i];
  return out;
}

}  // namespace

double logistic_conditional(double field) { return 1 / (1 + std::exp(-field)); }

Conditional gaussian_comparator(double sigma) {
  return [sigma](double field) { return std::erfc(-field / sigma / std::sqrt(2.0)) / 2; };
}

VectorD boltzmann(const RbmParameters& rbm) {
  check_size(rbm);
  const Index visible = rbm.weights.rows(), hidden = rbm.weights.cols();
  VectorD p(Index{1} << (visible + hidden));
  for (Index state = 0; state < p.size(); ++state) {
    const VectorD v = bits_of(state, visible), h = bits_of(state >> visible, hidden);
    p[state] =
        std::exp(v.dot(rbm.visible_bias) + h.dot(rbm.hidden_bias) + (v * rbm.weights).dot(h));
  }
  return p / p.sum();
}

namespace {

/// A sweep whose units are independent given the other side. `visible_given(h)` and
/// `hidden_given(v)` are their probabilities of being on.
template <class VisibleGiven, class HiddenGiven>
MatrixD block_kernel(const RbmParameters& rbm, const VisibleGiven& visible_given,
                     const HiddenGiven& hidden_given) {
  check_size(rbm);
  const Index visible = rbm.weights.rows(), hidden = rbm.weights.cols();
  const Index visible_states = Index{1} << visible, hidden_states = Index{1} << hidden;
  MatrixD to_visible(hidden_states, visible_states), to_hidden(visible_states, hidden_states);
  for (Index h = 0; h < hidden_states; ++h) {
    const VectorD p = visible_given(bits_of(h, hidden));
    for (Index v = 0; v < visible_states; ++v) to_visible(h, v) = product_law(p, v);
  }
  for (Index v = 0; v < visible_states; ++v) {
    const VectorD p = hidden_given(bits_of(v, visible));
    for (Index h = 0; h < hidden_states; ++h) to_hidden(v, h) = product_law(p, h);
  }
  const Index states = visible_states * hidden_states;
  MatrixD kernel(states, states);
  for (Index from = 0; from < states; ++from) {
    for (Index to = 0; to < states; ++to) {
      const Index v = to % visible_states, h = to / visible_states;
      kernel(from, to) = to_visible(from / visible_states, v) * to_hidden(v, h);
    }
  }
  return kernel;
}

/// E[s((u + σ ξ)/scale)], s logistic and ξ normal, by the trapezoidal rule. It converges
/// exponentially for smooth functions that vanish at both ends (Trefethen & Weideman, SIAM Rev. 56,
/// 385 (2014)).
double blurred_logistic(double field, double scale, double sigma) {
  constexpr double step = 1.0 / 32, reach = 9;
  double sum = 0, weight = 0;
  for (double xi = -reach; xi <= reach; xi += step) {
    const double density = std::exp(-xi * xi / 2);
    sum += density * logistic_conditional((field + sigma * xi) / scale);
    weight += density;
  }
  return sum / weight;
}

double on_probability(const crossbar::DecisionLaw& law, double field, double variance) {
  if (law.noise == crossbar::ComparatorNoise::gaussian) {
    return gaussian_comparator(std::sqrt(law.scale * law.scale + variance))(field);
  }
  return variance > 0 ? blurred_logistic(field, law.scale, std::sqrt(variance))
                      : logistic_conditional(field / law.scale);
}

}  // namespace

MatrixD gibbs_kernel(const RbmParameters& rbm, const Conditional& conditional) {
  return block_kernel(rbm, [&](const VectorD& h) -> VectorD {
    return (h * rbm.weights.transpose() + rbm.visible_bias).unaryExpr(conditional);
  }, [&](const VectorD& v) -> VectorD {
    return (v * rbm.weights + rbm.hidden_bias).unaryExpr(conditional);
  });
}

MatrixD hardware_kernel(const RbmParameters& rbm, const crossbar::DecisionLaw& to_cols,
                        const crossbar::DecisionLaw& to_rows) {
  // Inputs are 0 or 1 and equal their squares, which scale the variance.
  const auto decided = [](const crossbar::DecisionLaw& law, const MatrixD& weights,
                          const MatrixD& variance, const VectorD& bits,
                          const VectorD& bias) -> VectorD {
    const VectorD blur =
        variance.size() > 0 ? VectorD(bits * variance) : VectorD::Zero(bias.size());
    return (bits * weights + bias).binaryExpr(blur, [&](double field, double of_cells) {
      return on_probability(law, field, of_cells);
    });
  };
  const MatrixD back = to_rows.weights.transpose(), back_variance = to_rows.variance.transpose();
  return block_kernel(rbm, [&](const VectorD& h) {
    return decided(to_rows, back, back_variance, h, rbm.visible_bias);
  }, [&](const VectorD& v) {
    return decided(to_cols, to_cols.weights, to_cols.variance, v, rbm.hidden_bias);
  });
}

VectorD stationary(const MatrixD& kernel) {
  const Index states = kernel.rows();
  MatrixD system = kernel.transpose() - MatrixD::Identity(states, states);
  system.row(states - 1).setOnes();  // one equation is redundant; the sum takes its place
  const Eigen::VectorXd right = Eigen::VectorXd::Unit(states, states - 1);
  return system.partialPivLu().solve(right).transpose();
}

double kl_divergence(const VectorD& p, const VectorD& q) {
  double sum = 0;
  for (Index i = 0; i < p.size(); ++i) {
    if (p[i] > 0) sum += p[i] * std::log(p[i] / q[i]);
  }
  return sum;
}

}  // namespace ohmlab::ebm
