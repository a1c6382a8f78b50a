#pragma once

#include "../../core/matrix.hpp"
#include "wired_tile.hpp"

namespace ohmlab::crossbar {

/// A rectangle of cells with their wires, seen from its ports: conductances between each two of
/// them, S. No port is tied to anything else, so that the rows of its admittance sum to zero and
/// these conductances, none of them negative, are all of it.
///
/// Ports in order: rows on the left (beyond the wire before the first cell), columns at the bottom
/// (beyond the wire after the last cell), rows on the right (at the last cell), columns at the top
/// (at the first cell). Sides where lines end have no ports.
struct Mesh {
  core::Index rows = 0, cols = 0;
  bool right = true, top = true;  ///< true if these sides have ports
  Eigen::MatrixXd conductances;   ///< symmetric; the diagonal is not used

  [[nodiscard]] core::Index ports() const noexcept {
    return rows + cols + (right ? rows : 0) + (top ? cols : 0);
  }
};

/// Joins two meshes at the ports that they share and eliminates these.
[[nodiscard]] Mesh beside(const Mesh& left, const Mesh& right);
[[nodiscard]] Mesh above(const Mesh& upper, const Mesh& lower);

/// The mesh of a tile, by halves: time grows as rows · cols · (rows + cols), up to constants.
[[nodiscard]] Mesh merged(const core::MatrixD& conductances, const WireResistances& resistances);

}  // namespace ohmlab::crossbar
