#include "annealing.hpp"

#include <algorithm>
#include <cmath>

#include "../core/parallel.hpp"
#include "../core/rng.hpp"

namespace ohmlab::ebm {
namespace {

using core::Index;
using core::Matrix;
using core::MatrixD;
using core::VectorD;

constexpr Index chain_slice = 32;  // fixed: results do not depend on the number of threads
/// Layer number of a random stream.
enum Purpose : std::uint32_t { forward_chains, reverse_chains };

double base_energy(const RbmParameters& rbm, const VectorD& bias) {
  return rbm.visible_units.visit([&](const auto& law) { return law.base_energy(bias); });
}

/// Chains at one inverse temperature of the path, with their accumulated log weights.
class Chains {
 public:
  Chains(const RbmParameters& rbm, const VectorD& base_bias, const Matrix& weights,
         core::Stream stream, Index first, Matrix visible)
      : rbm_(rbm),
        base_(base_bias),
        tilt_(rbm.visible_bias - base_bias),
        shift_(base_energy(rbm, base_bias) - base_energy(rbm, rbm.visible_bias)),
        weights_(weights),
        stream_(stream),
        first_(first),
        visible_(std::move(visible)),
        log_weights_(VectorD::Zero(visible_.rows())) {}

  [[nodiscard]] const VectorD& log_weights() const noexcept { return log_weights_; }

  /// Adds ln f_to(v) − ln f_from(v) to each chain's log weight, f unnormalised.
  ///
  /// (1 + e^{to u})/(1 + e^{from u}) = 1 + p (e^{(to-from)u} − 1) with p = logistic(from u): small
  /// steps lose no digits, and one logarithm serves a few hundred units.
  void weigh(double from, double to) {
    constexpr Index together = 256;
    look();
    const MatrixD z =
        (1 + (-from * fields_.array()).exp()).inverse() *
        ((to - from) * fields_.array()).unaryExpr([](double x) { return std::expm1(x); });
    log_weights_ += (to - from) * (visible_.cast<double>() * tilt_.transpose()).transpose();
    log_weights_.array() += (to - from) * shift_;
    for (Index begin = 0; begin < z.cols(); begin += together) {
      const auto part = z.middleCols(begin, std::min(together, z.cols() - begin));
      log_weights_ += (1 + part.array()).rowwise().prod().log().matrix().transpose();
    }
  }

  /// One block Gibbs sweep at inverse temperature `beta`; `step` is its number among all sweeps of
  /// these chains.
  void sweep(double beta, std::uint64_t step) {
    look();
    Matrix hidden(visible_.rows(), fields_.cols());
    draw(hidden, 2 * step, (1 + (-beta * fields_.array()).exp()).inverse().cast<float>());
    Matrix fields(visible_.rows(), visible_.cols());
    fields.noalias() = hidden * weights_.transpose();
    const Eigen::RowVectorXf bias = ((1 - beta) * base_ + beta * rbm_.visible_bias).cast<float>();
    fields = (static_cast<float>(beta) * fields).rowwise() + bias;
    rbm_.visible_units.visit(
        [&](const auto& law) { law.draw(stream_, 2 * step + 1, first_, fields, visible_); });
    fresh_ = false;
  }

 private:
  /// Computes the hidden units' fields u = b + vW.
  void look() {
    if (fresh_) return;
    Matrix products(visible_.rows(), weights_.cols());
    products.noalias() = visible_ * weights_;
    fields_ = products.cast<double>().rowwise() + rbm_.hidden_bias;
    fresh_ = true;
  }

  template <class Probabilities>
  void draw(Matrix& state, std::uint64_t operation, const Probabilities& p) {
    Matrix uniforms(state.rows(), state.cols());
    core::fill_uniform(stream_, operation, static_cast<std::uint64_t>(first_ * state.cols()),
                       {uniforms.data(), static_cast<std::size_t>(uniforms.size())});
    state = (uniforms.array() < p).template cast<float>();
  }

  const RbmParameters& rbm_;
  const VectorD& base_;
  const VectorD tilt_;
  const double shift_;
  const Matrix& weights_;
  core::Stream stream_;
  Index first_;
  Matrix visible_;
  MatrixD fields_;
  bool fresh_ = false;
  VectorD log_weights_;
};

double base_log_z(const RbmParameters& rbm, const VectorD& base_bias) {
  return static_cast<double>(rbm.weights.cols()) * std::log(2.0) +
         rbm.visible_units.log_sum(base_bias, base_bias);
}

double work_each(const RbmParameters& rbm, const Annealing& annealing) {
  return static_cast<double>(rbm.weights.size() * annealing.temperatures);
}

}  // namespace

AnnealedLogZ annealed_log_z(const RbmParameters& rbm, const VectorD& base_bias,
                            const Annealing& annealing, std::uint64_t seed) {
  const core::Stream stream = core::stream(seed, core::StreamId::ais, forward_chains);
  const Matrix weights = rbm.weights.cast<float>();
  const auto temperatures = static_cast<double>(annealing.temperatures);
  VectorD log_weights(annealing.chains);
  core::for_slices(annealing.chains, chain_slice, work_each(rbm, annealing),
                   [&](Index begin, Index end) {
    Matrix start(end - begin, weights.rows());
    core::Matrix base = base_bias.cast<float>().replicate(end - begin, 1);
    rbm.visible_units.visit([&](const auto& law) { law.draw(stream, 0, begin, base, start); });
    Chains chains(rbm, base_bias, weights, stream, begin, std::move(start));
    for (std::int64_t k = 0; k < annealing.temperatures; ++k) {
      const double from = static_cast<double>(k) / temperatures,
                   to = static_cast<double>(k + 1) / temperatures;
      if (k > 0) chains.sweep(from, static_cast<std::uint64_t>(k));
      chains.weigh(from, to);
    }
    log_weights.segment(begin, end - begin) = chains.log_weights();
  });
  const double largest = log_weights.maxCoeff();
  const VectorD w = (log_weights.array() - largest).exp();
  const auto n = static_cast<double>(w.size());
  const double mean = w.mean(), variance = (w.array() - mean).square().sum() / (n - 1);
  return {base_log_z(rbm, base_bias) + largest + std::log(mean), std::sqrt(variance / n) / mean,
          w.sum() * w.sum() / w.squaredNorm()};
}

Estimate conservative_log_likelihood(const RbmParameters& rbm, const VectorD& base_bias,
                                     const core::ConstRows& visible, const Annealing& annealing,
                                     std::uint64_t seed) {
  const core::Stream stream = core::stream(seed, core::StreamId::ais, reverse_chains);
  const Matrix weights = rbm.weights.cast<float>();
  const auto temperatures = static_cast<double>(annealing.temperatures);
  const auto scale = static_cast<float>(rbm.visible_units.scale());
  // ln of the volume of examples for a volume of 1 of states, as in `log_likelihood`
  const double log_volume =
      static_cast<double>(visible.cols()) * std::log(rbm.visible_units.scale());
  VectorD values = -free_energy(rbm, visible).array() - base_log_z(rbm, base_bias) - log_volume;
  core::for_slices(visible.rows(), chain_slice, work_each(rbm, annealing),
                   [&](Index begin, Index end) {
    Chains chains(rbm, base_bias, weights, stream, begin,
                  visible.middleRows(begin, end - begin) / scale);
    for (std::int64_t k = annealing.temperatures; k > 0; --k) {
      const double at = static_cast<double>(k) / temperatures,
                   below = static_cast<double>(k - 1) / temperatures;
      chains.sweep(at, static_cast<std::uint64_t>(k));
      chains.weigh(below, at);
    }
    values.segment(begin, end - begin) -= chains.log_weights();
  });
  return mean_of(values);
}

}  // namespace ohmlab::ebm
