#pragma once

#include <array>

namespace ohmlab::ebm {

/// Everything a cell can see: the activity on its row and its column in each learning phase, and its own
/// weight.
struct CellView {
  float row_data, col_data;    ///< data phase
  float row_model, col_model;  ///< model phase
  float weight;
};

/// A factor of a rule: `sign` times the outer product of row and column activity in one phase.
struct RankOnePiece {
  bool of_data;
  float sign;
};

/// The gradient of the log-likelihood of a Boltzmann machine, as a local rule:
/// Δw = <row·col> with the data clamped − <row·col> in the model's own chain.
struct BoltzmannRule {
  /// What one cell does; a pure function of what it sees.
  [[nodiscard]] static constexpr float change(const CellView& cell) noexcept {
    return cell.row_data * cell.col_data - cell.row_model * cell.col_model;
  }
  /// The same in the pieces a pulser writes: first Hebbian, then anti-Hebbian.
  static constexpr std::array<RankOnePiece, 2> pieces{{{true, 1.0F}, {false, -1.0F}}};
};

}  // namespace ohmlab::ebm
