#include "low_rank_factors.hpp"

#include <cmath>
#include <utility>

#include <Eigen/QR>

namespace ohmlab::crossbar {

core::Matrix times(const Change& change, const core::Matrix& factors, bool transposed) {
  core::Matrix out;
  const auto add = [&](core::Matrix part) {
    if (out.size() == 0) {
      out = std::move(part);
    } else {
      out += part;
    }
  };
  for (const OuterProduct& p : change.products) {
    const auto rate = static_cast<float>(p.rate);
    const core::Matrix inner =
        transposed ? core::Matrix(p.x * factors) : core::Matrix(p.d * factors);
    add(rate * (transposed ? p.d.transpose() * inner : p.x.transpose() * inner));
  }
  if (change.matrix) {
    const auto rate = static_cast<float>(change.rate);
    add(rate * (transposed ? core::Matrix(change.matrix->transpose() * factors)
                           : core::Matrix(*change.matrix * factors)));
  }
  return out;
}

core::Matrix orthonormal(const core::Matrix& columns) {
  const Eigen::HouseholderQR<core::Matrix> qr(columns);
  return qr.householderQ() * core::Matrix::Identity(columns.rows(), columns.cols());
}

core::Matrix first_factors(core::Index rows, core::Index rank) {
  core::Matrix out(rows, rank);
  for (core::Index k = 0; k < out.size(); ++k)
    out.data()[k] = std::cos(static_cast<float>(k) * 2.399963F) + 0.5F;
  return orthonormal(out);
}

}  // namespace ohmlab::crossbar
