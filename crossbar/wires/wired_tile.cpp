#include "wired_tile.hpp"

#include "merged_tile.hpp"

namespace ohmlab::crossbar {

WiredTile solve_wires(const core::MatrixD& g, const WireResistances& r) {
  Mesh mesh = merged(g, r);
  Eigen::MatrixXd& c = mesh.conductances;
  c.diagonal().setZero();
  const Eigen::VectorXd own = c.rowwise().sum();
  WiredTile out{c.topRightCorner(g.rows(), g.cols()), -c.topLeftCorner(g.rows(), g.rows()),
                -c.bottomRightCorner(g.cols(), g.cols())};
  out.from_rows.diagonal() = own.head(g.rows());
  out.from_cols.diagonal() = own.tail(g.cols());
  return out;
}

}  // namespace ohmlab::crossbar
