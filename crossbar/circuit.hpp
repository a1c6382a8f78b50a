#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "../core/matrix.hpp"
#include "resistor_grid.hpp"  // IWYU pragma: export

namespace ohmlab::crossbar {

/// Arrays joined at their lines, which settle by Kirchhoff's laws: layers of nodes, ohmic cells
/// between two layers, voltage sources, current sources and ideal diodes.
///
/// Nodes float to the voltages of least co-content ½ Σ g (v_i - v_j)² - Σ I v within the bounds of
/// their diodes. A layer has no cells within itself. Given all other layers, the best voltage of a
/// node is therefore a mean, clipped to its bounds: v = clip((Σ g v_j + I)/Σ g). Layers take turns
/// until no voltage moves (exact block coordinate descent, Scellier, arXiv 2402.11674). The first
/// turn of a layer beside a driven one is the floating line of `VoltageSensing`.
class Circuit {
 public:
  /// Bounds that ideal diodes set on the voltages of a layer, V.
  struct Bounds {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
  };
  using Layer = std::size_t;
  using Coupling = std::size_t;

  /// Adds a layer of nodes.
  Layer add_layer(core::Index nodes, const Bounds& bounds);
  Layer add_layer(core::Index nodes) { return add_layer(nodes, Bounds{}); }
  /// Joins every node of one layer with every node of another by a cell. conductances: S, from 0,
  /// rows' nodes × columns' nodes, e.g. a plane of `Array::conductances`.
  /// \throws core::UserError for sizes that do not fit, a negative conductance, or a layer joined
  /// with itself
  Coupling join(Layer rows, Layer cols, core::MatrixD conductances);

  /// Sources that drive some vectors, by layer.
  struct Drive {
    /// V, vectors × nodes: layers held by voltage sources; all others float.
    std::vector<std::optional<core::MatrixD>> volts;
    /// A, vectors × nodes: currents into nodes that float; empty where there is none.
    std::vector<core::MatrixD> currents;
  };
  struct Settling {
    double tolerance = 1e-12;  ///< share of the largest voltage; smaller moves are ignored
    std::int64_t most_turns = 100'000;
  };
  struct Settled {
    std::vector<core::MatrixD> volts;  ///< V, by layer, vectors × nodes
    std::int64_t turns = 0;            ///< number of turns of all layers
    double watts = 0;                  ///< Σ g (v_i - v_j)² over cells and vectors
  };
  /// \throws core::UserError if a floating node has no conductance, no layer is held, or the
  /// circuit does not settle within `most_turns`
  [[nodiscard]] Settled settle(const Drive& drive, const Settling& settling) const;
  [[nodiscard]] Settled settle(const Drive& drive) const { return settle(drive, Settling{}); }

  /// Voltages across the cells of a coupling for one vector, v_row - v_col, V, rows' nodes ×
  /// columns' nodes.
  [[nodiscard]] core::MatrixD drops(Coupling coupling, const Settled& settled,
                                    core::Index vector) const;
  /// Currents that cells take out of the nodes of a layer, A, vectors × nodes. Zero at nodes that
  /// float freely without a source; elsewhere the current of the source or the diode.
  [[nodiscard]] core::MatrixD currents(Layer layer, const Settled& settled) const;

 private:
  struct Nodes {
    core::Index count;
    Bounds bounds;
  };
  struct Cells {
    Layer rows, cols;
    core::MatrixD conductances;
  };
  [[nodiscard]] core::MatrixD inflow(Layer layer, const std::vector<core::MatrixD>& volts) const;
  [[nodiscard]] core::VectorD sums(Layer layer) const;
  void check(const Drive& drive, core::Index vectors) const;

  std::vector<Nodes> layers_;
  std::vector<Cells> cells_;
};

}  // namespace ohmlab::crossbar
