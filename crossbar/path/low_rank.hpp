#pragma once

#include <string_view>

#include "../../core/fields.hpp"
#include "../low_rank_factors.hpp"
#include "transfer.hpp"

namespace ohmlab::crossbar {

/// A change is approximated by few outer products, which are then written like any. The factors of
/// the last change start the power iteration of the next.
struct LowRankPath : OneGroup {
  static constexpr std::string_view name = "low_rank";
  static constexpr std::string_view summary =
      "Each change is approximated by few outer products in digital logic, which are written by "
      "pulse trains.";
  static constexpr std::string_view equation =
      "Q (rows x rank) orthonormal; `sweeps` times: P = orth(changeᵀ Q), Q' = change P, Q = "
      "orth(Q'); w <- w + Q' Pᵀ, by the pulser";
  static constexpr std::string_view source =
      "streaming principal components of updates: Hoskins et al., Front. Neurosci. 13, 793 (2019); "
      "the iteration that starts from the last factors: Vogels, Karimireddy & Jaggi, arXiv "
      "1905.13727";
  std::int64_t rank = 1;
  std::int64_t sweeps = 1;
  static constexpr auto fields = core::Fields{
      core::field("rank", &LowRankPath::rank, "", core::between(1, 64),
                  "outer products that a change is approximated by"),
      core::field("sweeps", &LowRankPath::sweeps, "", core::between(1, 100),
                  "power iterations of each change"),
  };

  struct Memory {
    core::Matrix left;  ///< orthonormal, rows × rank
    void state(core::Archive& archive) { archive.item("left", left); }
  };
  static constexpr bool reads_rows = false;
  [[nodiscard]] Memory start(const core::Matrix& programmed) const {
    const Index most = std::min({static_cast<Index>(rank), programmed.rows(), programmed.cols()});
    return {first_factors(programmed.rows(), most)};
  }
  [[nodiscard]] double memory_bits(double rows, double cols) const {
    return (rows + cols) * static_cast<double>(rank) * path_bits;
  }

  void write(const Change& change, CellGroups& cells, Memory& memory) const {
    core::Matrix right, left;
    for (std::int64_t sweep = 0; sweep < sweeps; ++sweep) {
      right = orthonormal(times(change, memory.left, true));
      left = times(change, right, false);
      memory.left = orthonormal(left);
    }
    post(change, cells, memory.left.cols());
    const core::Matrix x = left.transpose(), d = right.transpose();
    const OuterProduct factors{x, d, 1};
    cells.pulse(0, {.products = {&factors, 1}}, 1);
  }

 private:
  void post(const Change& change, CellGroups& cells, Index most) const {
    const auto r = static_cast<double>(most);
    const auto lines = static_cast<double>(cells.rows() + cells.cols());
    double vectors = 0;
    for (const OuterProduct& product : change.products)
      vectors += static_cast<double>(product.x.rows());
    const double all = static_cast<double>(cells.rows()) * static_cast<double>(cells.cols());
    // Each sweep multiplies with the change twice, and makes both factors orthonormal.
    const double sweep = 2 * (change.matrix ? all * r : vectors * lines * r) + 2 * lines * r * r;
    const double work = static_cast<double>(sweeps) * sweep;
    cells.post({.multiplied = work, .added = work, .read = work, .written = lines * r});
  }
};

}  // namespace ohmlab::crossbar
