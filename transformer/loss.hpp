#pragma once

#include <cmath>
#include <cstdint>
#include <span>

#include "tensors.hpp"
#include "work.hpp"

namespace ohmlab::transformer {

/// Sums over the predictions of a batch.
struct Score {
  double nats = 0;     ///< Σ -ln p(target)
  double targets = 0;  ///< number of targets
  double hits = 0;     ///< number of targets that were the likeliest

  Score& operator+=(const Score& other) noexcept {
    nats += other.nats;
    targets += other.targets;
    hits += other.hits;
    return *this;
  }
  [[nodiscard]] double mean() const noexcept { return nats / targets; }
};

/// Cross entropy after a softmax: logits become probabilities in place, the largest logit
/// subtracted first.
/// \param targets  one column of `logits` per row
template <class T>
Score cross_entropy(MatrixOf<T>& logits, std::span<const std::int32_t> targets,
                    Meter& meter) noexcept {
  Score score;
  for (Index i = 0; i < logits.rows(); ++i) {
    auto row = logits.row(i).array();
    const Index target = targets[static_cast<std::size_t>(i)];
    Index likeliest = 0;
    const T most = row.maxCoeff(&likeliest);
    const T own = row[target] - most;
    row = (row - most).exp();
    const T sum = row.sum();
    row *= 1 / sum;
    score.nats += std::log(static_cast<double>(sum)) - static_cast<double>(own);
    score.hits += likeliest == target;
  }
  score.targets = static_cast<double>(logits.rows());
  const auto all = static_cast<double>(logits.size()), rows = static_cast<double>(logits.rows());
  meter.add(Pass::forward, Part::loss, OperationsEach::loss_forward * all + 2 * rows, all + rows,
            all + rows);
  return score;
}

/// Turns probabilities into the gradient of `weight` · Σ -ln p(target) by the logits, in place.
template <class T>
void cross_entropy_gradient(MatrixOf<T>& probabilities, std::span<const std::int32_t> targets,
                            T weight, Meter& meter) noexcept {
  for (Index i = 0; i < probabilities.rows(); ++i) {
    probabilities(i, targets[static_cast<std::size_t>(i)]) -= 1;
  }
  probabilities *= weight;
  const auto all = static_cast<double>(probabilities.size()),
             rows = static_cast<double>(probabilities.rows());
  meter.add(Pass::activation_gradient, Part::loss, all + rows, all + rows, all);
}

}  // namespace ohmlab::transformer
