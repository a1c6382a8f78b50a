#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "../core/archive.hpp"
#include "../core/matrix.hpp"
#include "../cost/edge.hpp"
#include "network_plan.hpp"

namespace ohmlab::ebm {

/// Signals of two sides in one phase, one example or chain per row, and the scale of their outer
/// product.
struct Product {
  const core::Matrix& rows;  ///< batch × units of the row side
  const core::Matrix& cols;  ///< batch × units of the column side
  double scale;
  bool binary_rows;                         ///< true if all of `rows` are 0 or 1
  bool all_rows = false, all_cols = false;  ///< true if all signals of the side are 1
};

/// Signals of one layer in one phase, with the scale of their mean.
struct Sum {
  const core::Matrix* units;  ///< batch × units; null if biases do not see the piece
  double scale;
};

/// Change of a network, summed over all pieces of a rule by digital logic at the edge:
///
///     change = momentum · change + Σ over pieces of scale · <row signal · column signal>.
///
/// Rows of a matrix are formed one at a time from the activities of all phases, which are kept
/// anyway. Only momentum needs a memory of whole matrices, which is held, read and written.
class Difference {
 public:
  /// \param edge  logic that the work is posted to; outlives this object
  Difference(cost::Edge& edge, const NetworkPlan& plan, double momentum);

  /// \param products  outer products by coupling, one for each piece
  /// \param sums  activity sums by layer, one for each piece
  void form(const std::vector<std::vector<Product>>& products,
            const std::vector<std::vector<Sum>>& sums);

  /// State between updates; empty without momentum.
  void state(core::Archive& archive);

  /// The change of a coupling's weights times a rate; holds until the next call. Rows × cols; along
  /// edges 1 × weights.
  [[nodiscard]] const core::Matrix& scaled(std::size_t coupling, double rate);
  [[nodiscard]] const core::Vector& bias(std::size_t layer) const noexcept {
    return biases_[layer];
  }

 private:
  /// All products of a coupling as one: factors × lines, scaled.
  struct Stacked {
    core::Matrix rows, cols;
  };
  [[nodiscard]] static Stacked stacked(const std::vector<Product>& products);
  [[nodiscard]] double sums_where_on(std::size_t coupling, const Product& product) const;
  void form_along_edges(std::size_t coupling, const std::vector<Product>& products);
  void post(std::size_t piece, const std::vector<std::vector<Product>>& products,
            const std::vector<std::vector<Sum>>& sums);

  cost::Edge& edge_;
  cost::Tally::Component component_;
  double momentum_;
  /// Of each coupling; null where it is kept whole.
  std::vector<std::shared_ptr<const crossbar::Crossings>> crossings_;
  std::vector<core::Matrix> weights_;  ///< rows × cols; along edges 1 × weights
  core::Matrix scaled_;
  std::vector<core::Vector> biases_;
};

}  // namespace ohmlab::ebm
