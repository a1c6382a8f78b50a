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

/// Chains at one inverse temperature of the path, with their accumulated log weights.
class Chains {
 public:
  Chains(const RbmParameters& rbm, const VectorD& base_bias, const Matrix& weights,
         core::Stream stream, Index first, Matrix visible)
      : rbm_(rbm),
        base_(base_bias),
        tilt_(rbm.visible_bias - base_bias),
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
    const auto scaled = (static_cast<float>(beta) * fields).rowwise() + bias;
    draw(visible_, 2 * step + 1,
         scaled.unaryExpr([](float x) { return core::logistic(x); }).array());
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
  const Matrix& weights_;
  core::Stream stream_;
  Index first_;
  Matrix visible_;
  MatrixD fields_;
  bool fresh_ = false;
  VectorD log_weights_;
};

double base_log_z(const RbmParameters& rbm, const VectorD& base_bias) {
  double sum = static_cast<double>(rbm.weights.cols()) * std::log(2.0);
  for (const double a : base_bias) sum += std::max(a, 0.0) + std::log1p(std::exp(-std::abs(a)));
  return sum;
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
    core::fill_uniform(stream, 0, static_cast<std::uint64_t>(begin * start.cols()),
                       {start.data(), static_cast<std::size_t>(start.size())});
    for (Index i = 0; i < start.cols(); ++i) {
      const auto p = static_cast<float>(1 / (1 + std::exp(-base_bias[i])));
      start.col(i) = (start.col(i).array() < p).cast<float>();
    }
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
  VectorD values = -free_energy(rbm, visible).array() - base_log_z(rbm, base_bias);
  core::for_slices(visible.rows(), chain_slice, work_each(rbm, annealing),
                   [&](Index begin, Index end) {
    Chains chains(rbm, base_bias, weights, stream, begin, visible.middleRows(begin, end - begin));
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
