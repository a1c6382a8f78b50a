#pragma once

#include <algorithm>
#include <cmath>
#include <span>

#include "../core/matrix.hpp"

/// Logarithms of sums, without overflow.
namespace ohmlab::ebm {

/// ln(1 + e^x)
[[nodiscard]] inline double softplus(double x) {
  return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
}

/// Σ softplus(x_i), with one logarithm per few hundred factors of 1 + exp(−|x_i|), each at most 2.
[[nodiscard]] inline double softplus_sum(const Eigen::Ref<const core::VectorD>& x) {
  constexpr core::Index together = 512;
  double sum = x.array().max(0.0).sum();
  for (core::Index begin = 0; begin < x.size(); begin += together) {
    const auto part = x.segment(begin, std::min(together, x.size() - begin)).array();
    sum += std::log((1 + (-part.abs()).exp()).prod());
  }
  return sum;
}

/// ln Σ e^(x_i). \pre there is a term
[[nodiscard]] inline double log_sum_exp(std::span<const double> terms) {
  const double largest = *std::max_element(terms.begin(), terms.end());
  double sum = 0;
  for (const double term : terms) sum += std::exp(term - largest);
  return largest + std::log(sum);
}

}  // namespace ohmlab::ebm
