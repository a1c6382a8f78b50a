#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "../core/archive.hpp"
#include "../crossbar/array.hpp"
#include "network.hpp"
#include "piece.hpp"

namespace ohmlab::ebm {

/// Offsets of all units of a network, registers at the edge.
///
/// A machine whose fields are (v − offset) W is a machine of fields v W with other biases. So a
/// change ΔW of centred signals shifts the biases of each side by −ΔW times the offsets of the
/// other side (Melchior, Fischer & Wiskott, JMLR 17, 99 (2016)). The change is the requested one:
/// cells are not read for it. Offsets may move without any other change.
class Centring {
 public:
  /// \param network  outlives this object
  Centring(Network& network, const Offsets& offsets);

  /// Moves the offsets towards means of this update. Before the first move, an offset is the mean
  /// of its unit without inputs, e.g. the logistic function of its bias.
  /// \param means  one row of units per layer
  void move(const std::vector<core::Vector>& means);

  /// Shifts the biases of both sides of a coupling for a change of centred outer products.
  void shift_biases(std::size_t coupling, std::span<const crossbar::OuterProduct> products);
  /// The same for a change that digital logic has formed, rows × cols; along edges 1 × weights.
  void shift_biases(std::size_t coupling, const core::Matrix& change);

  /// Offsets of a layer.
  [[nodiscard]] const core::Vector& of(std::size_t layer) const noexcept { return offsets_[layer]; }

  /// State between updates.
  void state(core::Archive& archive);

 private:
  void begin();
  [[nodiscard]] core::Matrix sum_of(std::span<const crossbar::OuterProduct> products);
  [[nodiscard]] core::Matrix sum_along_edges(const crossbar::Crossings& at,
                                             std::span<const crossbar::OuterProduct> products);

  Network& network_;
  Offsets law_;
  cost::Tally::Component component_;
  bool begun_ = false;
  std::vector<core::Vector> offsets_;
};

}  // namespace ohmlab::ebm
