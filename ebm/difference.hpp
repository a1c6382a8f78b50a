#pragma once

#include "ohmlab/core/archive.hpp"
#include "ohmlab/core/matrix.hpp"
#include "ohmlab/cost/edge.hpp"

namespace ohmlab::ebm {

/// The activities of both sides in one learning phase, one example or chain per row.
struct Phase {
  core::ConstRows visible, hidden;
};

/// The difference of two phases' mean correlations, formed by digital logic at the edge:
///
///     change = momentum · change + <v h>_data − <v h>_model, and <v>, <h> likewise for the biases.
///
/// A row of the matrix at a time is formed from the activities of both phases, which are kept anyway; only
/// with momentum does the whole matrix need a memory, which is held, read and written.
class Difference {
 public:
  /// \param edge  where the work is posted; outlives this
  Difference(cost::Edge& edge, core::Index visible, core::Index hidden, double momentum);

  void form(const Phase& data, const Phase& model);

  /// What goes on from update to update: nothing without momentum.
  void state(core::Archive& archive);

  [[nodiscard]] const core::Matrix& weights() const noexcept { return weights_; }  ///< visible × hidden
  [[nodiscard]] const core::Vector& visible() const noexcept { return visible_; }
  [[nodiscard]] const core::Vector& hidden() const noexcept { return hidden_; }

 private:
  void post(const Phase& phase);

  cost::Edge& edge_;
  cost::Tally::Component component_;
  double momentum_;
  core::Matrix weights_;
  core::Vector visible_, hidden_;
};

}  // namespace ohmlab::ebm
