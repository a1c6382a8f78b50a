#include "task.hpp"

#include <algorithm>
#include <cmath>

namespace ohmlab::ebm {

core::Matrix one_hot(std::span<const std::uint8_t> labels, core::Index classes) {
  core::Matrix out = core::Matrix::Zero(static_cast<core::Index>(labels.size()), classes);
  for (std::size_t row = 0; row < labels.size(); ++row)
    out(static_cast<core::Index>(row), labels[row]) = 1;
  return out;
}

core::VectorD frequencies(const core::Matrix& examples) {
  const auto n = static_cast<double>(examples.rows());
  return (examples.cast<double>().colwise().sum().array() + 0.5) / (n + 1);
}

Estimate independent_units(const core::VectorD& frequency, const core::Matrix& examples) {
  const core::VectorD log_odds = (frequency.array() / (1 - frequency.array())).log();
  const double all_off = (1 - frequency.array()).log().sum();
  const core::VectorD values =
      ((examples.cast<double>() * log_odds.transpose()).array() + all_off).transpose();
  return mean_of(values);
}

}  // namespace ohmlab::ebm
