#include "likelihood.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "../core/errors.hpp"
#include "../core/parallel.hpp"
#include "log_sums.hpp"

namespace ohmlab::ebm {
namespace {

using core::ConstRows;
using core::Index;
using core::MatrixD;
using core::VectorD;

constexpr Index example_slice = 64;  // fixed: sums do not depend on the number of threads
constexpr Index low_units = 8;       // 2^8 states of the enumerated side are worked on together

MatrixD logistic(const MatrixD& x) { return (1 + (-x.array()).exp()).inverse().matrix(); }

/// States of visible units at these examples.
MatrixD shown(const RbmParameters& rbm, const ConstRows& examples) {
  return examples.cast<double>() / rbm.visible_units.scale();
}

/// ln of the volume of examples that a volume of 1 of states stands for.
double log_volume(const RbmParameters& rbm) {
  return static_cast<double>(rbm.visible_bias.size()) * std::log(rbm.visible_units.scale());
}

/// The machine with its smaller side as the hidden one; the binary side where only one is.
RbmParameters smaller_side_hidden(const RbmParameters& rbm) {
  if (rbm.weights.cols() <= rbm.weights.rows() || !rbm.visible_units.is<BinaryUnits>()) return rbm;
  return {rbm.weights.transpose(), rbm.hidden_bias, rbm.visible_bias};
}

/// All states of the lowest `units` hidden units: their fields on the visible units and their bias
/// energy.
struct LowStates {
  MatrixD fields;    ///< 2^units × visible
  VectorD energies;  ///< b·h
};

LowStates low_states(const RbmParameters& rbm, Index units) {
  const Index count = Index{1} << units;
  LowStates out{MatrixD::Zero(count, rbm.weights.rows()), VectorD::Zero(count)};
  for (Index state = 1; state < count; ++state) {
    Index unit = 0;
    while (!(state >> unit & 1)) ++unit;
    const Index rest = state & (state - 1);
    out.fields.row(state) = out.fields.row(rest) + rbm.weights.col(unit).transpose();
    out.energies[state] = out.energies[rest] + rbm.hidden_bias[unit];
  }
  return out;
}

/// Calls visit(state, ln of the state's unnormalised probability, fields on the visible units) for
/// all hidden states; visit runs concurrently for states of different blocks of 2^low.
template <class Law, class Visit>
void for_hidden_states(const RbmParameters& rbm, const Law& law, const Visit& visit) {
  const Index hidden = rbm.weights.cols(), low = std::min(low_units, hidden);
  const LowStates states = low_states(rbm, low);
  core::for_slices(Index{1} << (hidden - low), 1, 1e6, [&](Index high, Index) {
    VectorD base = rbm.visible_bias;
    double energy = -law.base_energy(rbm.visible_bias);
    for (Index bit = 0; bit < hidden - low; ++bit) {
      if (!(high >> bit & 1)) continue;
      base += rbm.weights.col(low + bit).transpose();
      energy += rbm.hidden_bias[low + bit];
    }
    VectorD fields(base.size());
    for (Index state = 0; state < states.energies.size(); ++state) {
      fields = base + states.fields.row(state);
      visit(high << low | state, energy + states.energies[state] + law.log_sum(fields), fields);
    }
  });
}

}  // namespace

Estimate mean_of(const VectorD& values) {
  const auto n = static_cast<double>(values.size());
  const double mean = values.mean();
  if (n < 2) return {mean, std::nullopt};
  const double variance = (values.array() - mean).square().sum() / (n - 1);
  return {mean, std::sqrt(variance / n)};
}

VectorD free_energy(const RbmParameters& rbm, const ConstRows& visible) {
  VectorD out(visible.rows());
  core::for_slices(visible.rows(), example_slice, static_cast<double>(rbm.weights.size()),
                   [&](Index begin, Index end) {
    const MatrixD v = shown(rbm, visible.middleRows(begin, end - begin));
    const MatrixD fields = (v * rbm.weights).rowwise() + rbm.hidden_bias;
    for (Index row = 0; row < v.rows(); ++row) {
      out[begin + row] =
          rbm.visible_units.energy(v.row(row), rbm.visible_bias) - softplus_sum(fields.row(row));
    }
  });
  return out;
}

double exact_log_z(const RbmParameters& given) {
  const RbmParameters rbm = smaller_side_hidden(given);
  const Index hidden = rbm.weights.cols();
  if (hidden > enumerable_units) {
    throw core::UserError(fmt::format(
        "an exact partition function needs at most {} units on the smaller side, this model has {}",
        enumerable_units, hidden));
  }
  const Index block = Index{1} << std::min(low_units, hidden);
  std::vector<double> terms(std::size_t{1} << hidden);
  rbm.visible_units.visit([&](const auto& law) {
    for_hidden_states(rbm, law, [&](Index state, double log_weight, const VectorD&) {
      terms[static_cast<std::size_t>(state)] = log_weight;
    });
  });
  std::vector<double> blocks;
  for (auto begin = terms.begin(); begin != terms.end(); begin += block) {
    blocks.push_back(log_sum_exp({begin, begin + block}));
  }
  return log_sum_exp(blocks);
}

Estimate log_likelihood(const RbmParameters& rbm, const ConstRows& visible, double log_z) {
  return mean_of((-free_energy(rbm, visible).array() - (log_z + log_volume(rbm))).matrix());
}

namespace {

/// ln p(unit, or group of units, as it is | all others), from the fields of the hidden units: of
/// the example, and with each unit flipped, or on in the place of its group's.
/// \param states  of the visible units; `flipped(i, to)` gives the fields with unit i flipped
template <class Flipped>
double log_conditionals(const RbmParameters& rbm, const VectorD& states, const VectorD& fields,
                        const Flipped& flipped) {
  const double here = softplus_sum(fields);
  VectorD gains(states.size());  // −F of the alternative, plus F of the example
  VectorD other(fields.size());
  const bool groups = rbm.visible_units.one_of();
  const Index size = groups ? states.size() / static_cast<Index>(states.sum()) : 1;
  Index on = 0;
  for (Index i = 0; i < states.size(); ++i) {
    if (i % size == 0 && groups) {
      states.segment(i, size).maxCoeff(&on);
      on += i;
    }
    flipped(i, on, other);
    const double bias = groups ? rbm.visible_bias[i] - rbm.visible_bias[on]
                               : (1 - 2 * states[i]) * rbm.visible_bias[i];
    gains[i] = bias + softplus_sum(other) - here;
  }
  double sum = 0;
  for (Index i = 0; i < states.size(); i += size) {
    sum -= groups ? log_sum_exp({gains.data() + i, static_cast<std::size_t>(size)})
                  : softplus(gains[i]);
  }
  return sum;
}

}  // namespace

Estimate pseudo_log_likelihood(const RbmParameters& rbm, const ConstRows& visible) {
  const bool groups = rbm.visible_units.one_of();
  VectorD out(visible.rows());
  core::for_slices(visible.rows(), example_slice, static_cast<double>(rbm.weights.size()),
                   [&](Index begin, Index end) {
    const MatrixD v = shown(rbm, visible.middleRows(begin, end - begin));
    const MatrixD fields = (v * rbm.weights).rowwise() + rbm.hidden_bias;
    for (Index row = 0; row < v.rows(); ++row) {
      out[begin + row] =
          log_conditionals(rbm, v.row(row), fields.row(row), [&](Index i, Index on, VectorD& to) {
        if (groups) {
          to = fields.row(row) + (rbm.weights.row(i) - rbm.weights.row(on));
        } else {
          to = fields.row(row) + (1 - 2 * v(row, i)) * rbm.weights.row(i);
        }
      });
    }
  });
  return mean_of(out);
}

Estimate pseudo_log_likelihood(
    const RbmParameters& rbm, const ConstRows& visible,
    const std::function<void(const core::Matrix& visible, core::Matrix& fields)>& fields) {
  const Index units = visible.cols();
  const bool groups = rbm.visible_units.one_of();
  const Index size = groups ? units / static_cast<Index>(visible.row(0).sum()) : 1;
  VectorD out(visible.rows());
  core::Matrix alternatives(units + 1, units), read(units + 1, rbm.weights.cols());
  for (Index row = 0; row < visible.rows(); ++row) {  // the example, then with each unit flipped
    alternatives = visible.row(row).replicate(units + 1, 1);
    for (Index i = 0; i < units; ++i) {
      if (groups) alternatives.row(i + 1).segment(i - i % size, size).setZero();
      alternatives(i + 1, i) = groups ? 1 : 1 - alternatives(i + 1, i);
    }
    fields(alternatives, read);
    const MatrixD u = read.cast<double>().rowwise() + rbm.hidden_bias;
    out[row] = log_conditionals(rbm, visible.row(row).cast<double>(), u.row(0),
                                [&](Index i, Index, VectorD& to) { to = u.row(i + 1); });
  }
  return mean_of(out);
}

double reconstruction_error(const RbmParameters& rbm, const ConstRows& visible) {
  VectorD sums = VectorD::Zero((visible.rows() + example_slice - 1) / example_slice);
  core::for_slices(visible.rows(), example_slice, static_cast<double>(rbm.weights.size()),
                   [&](Index begin, Index end) {
    const MatrixD v = shown(rbm, visible.middleRows(begin, end - begin));
    const MatrixD h = logistic((v * rbm.weights).rowwise() + rbm.hidden_bias);
    const MatrixD back =
        rbm.visible_units.means((h * rbm.weights.transpose()).rowwise() + rbm.visible_bias);
    sums[begin / example_slice] = rbm.visible_units.scale() * (v - back).cwiseAbs().sum();
  });
  return sums.sum() / static_cast<double>(visible.size());
}

bool enumerable(const RbmParameters& rbm) {
  return smaller_side_hidden(rbm).weights.cols() <= enumerable_units;
}

RbmParameters at_inv_temp(const RbmParameters& rbm, double inv_temp) {
  assert(rbm.visible_units.tempers());
  return {inv_temp * rbm.weights, inv_temp * rbm.visible_bias, inv_temp * rbm.hidden_bias,
          rbm.visible_units};
}

double fitted_inv_temp(const RbmParameters& rbm, const ConstRows& visible) {
  constexpr double golden = 0.6180339887498949, precision = 1e-3;
  const auto quality = [&](double log_inv_temp) {
    const RbmParameters scaled = at_inv_temp(rbm, std::exp(log_inv_temp));
    return log_likelihood(scaled, visible, exact_log_z(scaled)).value;
  };
  double low = -std::log(8.0), high = std::log(8.0);
  double a = high - golden * (high - low), b = low + golden * (high - low);
  double at_a = quality(a), at_b = quality(b);
  while (high - low > precision) {
    if (at_a > at_b) {
      high = b;
      b = a;
      at_b = at_a;
      at_a = quality(a = high - golden * (high - low));
    } else {
      low = a;
      a = b;
      at_a = at_b;
      at_b = quality(b = low + golden * (high - low));
    }
  }
  return std::exp((low + high) / 2);
}

RbmParameters exact_gradient(const RbmParameters& rbm, const ConstRows& visible) {
  const Index hidden = rbm.weights.cols();
  if (hidden > enumerable_units)
    throw core::UserError("an exact gradient needs at most 20 hidden units");
  const MatrixD v = shown(rbm, visible);
  const MatrixD h = logistic((v * rbm.weights).rowwise() + rbm.hidden_bias);
  const auto n = static_cast<double>(v.rows());
  RbmParameters out{v.transpose() * h / n, v.colwise().sum() / n, h.colwise().sum() / n};

  const Index states = Index{1} << hidden;
  VectorD log_weights(states);
  MatrixD means(states, rbm.weights.rows());  // E[v | h]
  rbm.visible_units.visit([&](const auto& law) {
    for_hidden_states(rbm, law, [&](Index state, double log_weight, const VectorD& fields) {
      log_weights[state] = log_weight;
      means.row(state) = rbm.visible_units.means(fields);
    });
  });
  const double log_z = exact_log_z(rbm);
  for (Index state = 0; state < states; ++state) {
    const double p = std::exp(log_weights[state] - log_z);
    out.visible_bias -= p * means.row(state);
    for (Index j = 0; j < hidden; ++j) {
      if (!(state >> j & 1)) continue;
      out.hidden_bias[j] -= p;
      out.weights.col(j) -= p * means.row(state).transpose();
    }
  }
  return out;
}

}  // namespace ohmlab::ebm
