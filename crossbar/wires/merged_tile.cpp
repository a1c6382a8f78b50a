#include "merged_tile.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <Eigen/Cholesky>

#include "../../core/parallel.hpp"

namespace ohmlab::crossbar {
namespace {

using core::Index;
using core::MatrixD;
using Dense = Eigen::MatrixXd;

// Fixed: results do not depend on the number of threads.
constexpr Index leaf = 8;     // cells of a side that are eliminated node by node
constexpr Index branch = 32;  // cells of a side that one thread merges alone
constexpr Index column_slice = 64;

/// Conductance of the wires on the outer sides of a cell, S.
struct Wiring {
  double row, col, row_end, col_end;
  Index rows;
  [[nodiscard]] double before(Index col_of_cell) const noexcept {
    return col_of_cell == 0 ? row_end : row;
  }
  [[nodiscard]] double below(Index row_of_cell) const noexcept {
    return row_of_cell == rows - 1 ? col_end : col;
  }
};

/// Cells [row, row + rows) × [col, col + cols) of a tile.
struct Part {
  Index row, rows, col, cols;
};

/// Nodes of a leaf that are not eliminated yet, with conductances between them.
class Front {
 public:
  explicit Front(Index nodes) : c_(Dense::Zero(nodes, nodes)) {}
  void join(Index a, Index b, double siemens) {
    c_(a, b) += siemens;
    c_(b, a) += siemens;
  }
  /// Star to mesh: eliminates the node of a slot. A new node at the other end of a wire takes its
  /// place; without a wire, none does.
  void eliminate(Index slot, double wire) {
    Eigen::VectorXd& star = star_;
    star = c_.col(slot);
    star[slot] = 0;
    const double sum = star.sum() + wire;
    c_.col(slot).setZero();
    c_.row(slot).setZero();
    for (Index k = 0; k < star.size(); ++k) {
      if (star[k] != 0) c_.col(k) += star[k] / sum * star;
    }
    c_.col(slot) = wire / sum * star;
    c_.row(slot) = c_.col(slot).transpose();
  }
  [[nodiscard]] Dense first(Index count) const { return c_.topLeftCorner(count, count); }
  [[nodiscard]] const Dense& all() const noexcept { return c_; }

 private:
  Dense c_;
  Eigen::VectorXd star_;
};

Mesh leaf_of(const MatrixD& g, const Wiring& wires, const Part& part, bool right, bool top) {
  const Index rows = part.rows, cols = part.cols, bottoms = rows, rights = bottoms + cols,
              tops = rights + rows;
  Front front(tops + cols);
  for (Index j = 0; j < cols; ++j) {
    for (Index i = rows - 1; i >= 0; --i) {
      const double before = wires.before(part.col + j), below = wires.below(part.row + i);
      // The slot of a row holds its node at the present column; that of a column at the present
      // row.
      if (j == 0) {
        front.join(i, rights + i, before);
      } else {
        front.eliminate(rights + i, before);
      }
      if (i == rows - 1) {
        front.join(bottoms + j, tops + j, below);
      } else {
        front.eliminate(tops + j, below);
      }
      front.join(rights + i, tops + j, g(part.row + i, part.col + j));
    }
  }
  for (Index i = 0; !right && i < rows; ++i) front.eliminate(rights + i, 0);
  for (Index j = 0; !top && j < cols; ++j) front.eliminate(tops + j, 0);
  Mesh out{rows, cols, right, top, {}};
  if (right == top) {
    out.conductances = front.first(out.ports());
  } else if (right) {
    out.conductances = front.first(tops);
  } else {
    const Dense& c = front.all();
    out.conductances.resize(out.ports(), out.ports());
    out.conductances << c.topLeftCorner(rights, rights), c.topRightCorner(rights, cols),
        c.bottomLeftCorner(cols, rights), c.bottomRightCorner(cols, cols);
  }
  return out;
}

/// A run of ports of a mesh and its place in a merged one.
struct Run {
  Index from, to, count;
};

/// Conductances between runs of two lots of ports.
void gather(const Dense& from, const std::vector<Run>& rows, const std::vector<Run>& cols,
            Dense& to) {
  for (const Run& row : rows) {
    for (const Run& col : cols)
      to.block(row.to, col.to, row.count, col.count) +=
          from.block(row.from, col.from, row.count, col.count);
  }
}

/// The ports that stay, and those that are shared, of one of two meshes.
struct Side {
  const Mesh& mesh;
  std::vector<Run> stay, shared;
};

/// c_pp + c_ps S⁻¹ c_sp, S the admittance of the shared ports. Its diagonal is the sum of what else
/// its rows hold, not a difference that was carried along (Grassmann, Taksar and Heyman, Oper. Res.
/// 33, 1107 (1985)).
Dense eliminated(const Side& a, const Side& b, Index shared, Index ports) {
  Dense nodes = Dense::Zero(shared, shared), to_ports = Dense::Zero(shared, ports),
        out = Dense::Zero(ports, ports);
  for (const Side* side : {&a, &b}) {
    gather(side->mesh.conductances, side->shared, side->shared, nodes);
    gather(side->mesh.conductances, side->shared, side->stay, to_ports);
    gather(side->mesh.conductances, side->stay, side->stay, out);
  }
  nodes.diagonal().setZero();
  const Eigen::VectorXd sums = nodes.rowwise().sum() + to_ports.rowwise().sum();
  nodes = -nodes;
  nodes.diagonal() = sums;
  const Eigen::LLT<Dense> solver(nodes);
  const Index slices = (ports + column_slice - 1) / column_slice;
  const auto width = [&](Index slice) {
    return std::min(column_slice, ports - slice * column_slice);
  };
  core::for_slices(slices, 1, static_cast<double>(shared * shared * column_slice / 8),
                   [&](Index slice, Index) noexcept {
    auto columns = to_ports.middleCols(slice * column_slice, width(slice));
    solver.matrixL().solveInPlace(columns);
  });
  // The part below the diagonal; a long and a short slice go together.
  core::for_slices((slices + 1) / 2, 1, static_cast<double>(shared * ports * column_slice / 8),
                   [&](Index pair, Index) noexcept {
    for (const Index slice : {pair, slices - 1 - pair}) {
      if (slice < pair) break;
      const Index first = slice * column_slice;
      out.block(first, first, ports - first, width(slice)).noalias() +=
          to_ports.rightCols(ports - first).transpose() * to_ports.middleCols(first, width(slice));
      if (slice == slices - 1 - pair) break;
    }
  });
  out.triangularView<Eigen::StrictlyUpper>() = out.transpose();
  return out;
}

/// Halves of a number of lines; the first one is whole leaves.
Index half(Index lines) { return (lines / 2 + leaf - 1) / leaf * leaf; }

/// Calls a function on the two halves of a part, and joins them.
template <class Of>
Mesh joined(const Part& part, const Of& of) {
  if (part.cols >= part.rows) {
    const Index first = half(part.cols);
    const Mesh left = of(Part{part.row, part.rows, part.col, first});
    return beside(left, of(Part{part.row, part.rows, part.col + first, part.cols - first}));
  }
  const Index first = half(part.rows);
  const Mesh upper = of(Part{part.row, first, part.col, part.cols});
  return above(upper, of(Part{part.row + first, part.rows - first, part.col, part.cols}));
}

class Merger {
 public:
  Merger(const MatrixD& g, const WireResistances& r)
      : g_(g), wires_{1 / r.row, 1 / r.col, 1 / r.row_end, 1 / r.col_end, g.rows()} {}

  [[nodiscard]] Mesh whole() {
    const Part all{0, g_.rows(), 0, g_.cols()};
    list(all);
    meshes_.resize(branches_.size());
    core::for_slices(static_cast<Index>(branches_.size()), 1, 1e5, [&](Index k, Index) noexcept {
      meshes_[static_cast<std::size_t>(k)] = alone(branches_[static_cast<std::size_t>(k)]);
    });
    return top(all);
  }

 private:
  [[nodiscard]] static bool fits(const Part& part, Index side) {
    return part.rows <= side && part.cols <= side;
  }
  void list(const Part& part) {
    if (fits(part, branch)) {
      branches_.push_back(part);
    } else if (part.cols >= part.rows) {
      const Index first = half(part.cols);
      list({part.row, part.rows, part.col, first});
      list({part.row, part.rows, part.col + first, part.cols - first});
    } else {
      const Index first = half(part.rows);
      list({part.row, first, part.col, part.cols});
      list({part.row + first, part.rows - first, part.col, part.cols});
    }
  }
  /// Branches are taken in the order in which they were listed.
  [[nodiscard]] Mesh top(const Part& part) {
    if (fits(part, branch)) return std::move(meshes_[taken_++]);
    return joined(part, [&](const Part& of) { return top(of); });
  }
  [[nodiscard]] Mesh alone(const Part& part) const {
    if (fits(part, leaf)) {
      return leaf_of(g_, wires_, part, part.col + part.cols < g_.cols(), part.row > 0);
    }
    return joined(part, [&](const Part& of) { return alone(of); });
  }

  const MatrixD& g_;
  Wiring wires_;
  std::vector<Part> branches_;
  std::vector<Mesh> meshes_;
  std::size_t taken_ = 0;
};

}  // namespace

Mesh beside(const Mesh& left, const Mesh& right) {
  const Index rows = left.rows, cols = left.cols + right.cols;
  Mesh out{rows, cols, right.right, left.top, {}};
  const Index rights = rows + cols, tops = rights + (out.right ? rows : 0);
  Side a{left, {{0, 0, rows}, {rows, rows, left.cols}}, {{rows + left.cols, 0, rows}}};
  Side b{right, {{rows, rows + left.cols, right.cols}}, {{0, 0, rows}}};
  if (out.right) b.stay.push_back({rows + right.cols, rights, rows});
  if (out.top) {
    a.stay.push_back({2 * rows + left.cols, tops, left.cols});
    b.stay.push_back({rows + right.cols + (out.right ? rows : 0), tops + left.cols, right.cols});
  }
  out.conductances = eliminated(a, b, rows, out.ports());
  return out;
}

Mesh above(const Mesh& upper, const Mesh& lower) {
  const Index rows = upper.rows + lower.rows, cols = upper.cols;
  Mesh out{rows, cols, upper.right, upper.top, {}};
  const Index rights = rows + cols, tops = rights + (out.right ? rows : 0);
  Side a{upper, {{0, 0, upper.rows}}, {{upper.rows, 0, cols}}};
  Side b{lower,
         {{0, upper.rows, lower.rows}, {lower.rows, rows, cols}},
         {{lower.rows + cols + (lower.right ? lower.rows : 0), 0, cols}}};
  if (out.right) {
    a.stay.push_back({upper.rows + cols, rights, upper.rows});
    b.stay.push_back({lower.rows + cols, rights + upper.rows, lower.rows});
  }
  if (out.top) a.stay.push_back({upper.rows + cols + (out.right ? upper.rows : 0), tops, cols});
  out.conductances = eliminated(a, b, cols, out.ports());
  return out;
}

Mesh merged(const MatrixD& conductances, const WireResistances& resistances) {
  return Merger(conductances, resistances).whole();
}

}  // namespace ohmlab::crossbar
