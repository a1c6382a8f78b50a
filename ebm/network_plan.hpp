#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../core/matrix.hpp"
#include "../crossbar/crossings.hpp"
#include "activation.hpp"
#include "goodness.hpp"
#include "noise_level.hpp"
#include "units.hpp"

namespace ohmlab::ebm {

/// Meaning of a layer, which decides the values that a phase may hold it at.
enum class Role {
  input,    ///< values of an example
  context,  ///< the same, held in every phase: the machine learns the law of the others given it
  label,    ///< the one-hot label
  hidden,
};

/// Ideal diodes on the nodes of a layer: none, or one from ground to each of the first half of the
/// nodes, which stay above it, and one to ground from each of the others.
enum class Diodes { none, half };

/// Law of initial weights: normal, or uniform around 0 with negative ones set to 0.
enum class Initial { normal, rectified_uniform };

/// One layer: units that are not coupled with each other.
struct LayerPlan {
  std::string name;  ///< e.g. "visible": its neurons are "visible neurons" in the tally
  core::Index units = 0;
  Role role = Role::hidden;
  /// Columns of an example that its units hold; empty: all, in order.
  std::vector<core::Index> columns;
  Units law;  ///< values that units take, and their law given their fields
  /// Units hold the columns times this.
  double gain = 1;
  bool mirrored = false;  ///< true if as many further units hold the negative values
  /// Largest value, which the layer's drivers turn into their full scale.
  double full_scale = 1;
  Activation activation = Activation::identity;
  Diodes diodes = Diodes::none;
  std::optional<Goodness> goodness;  ///< empty unless the layer learns by its own goodness
  std::optional<NoiseLevel> noise;   ///< empty unless the layer is of a chain of noisy examples
};

/// One matrix of weights between two layers.
struct CouplingPlan {
  std::string name;                ///< name of its component in the tally
  std::size_t rows = 0, cols = 0;  ///< numbers of the layers on its row and column lines
  double weight_std = 0;           ///< standard deviation of the initial weights, in logits
  core::Matrix edges;  ///< rows × cols, 1 where there is a cell, else 0; empty: cells everywhere
  /// For rectified_uniform, `weight_std` is the bound of the uniform law.
  Initial initial = Initial::normal;
  /// Places of the weights where at most a quarter of a matrix has any; null otherwise. `edges` is
  /// empty then.
  std::shared_ptr<const crossbar::Crossings> crossings;
};

/// Shape of a network, made by a model: layers and the couplings between them.
struct NetworkPlan {
  std::vector<LayerPlan> layers;
  std::vector<CouplingPlan> couplings;
  /// True if biases of inputs start at the means of examples (binary: log-odds), else at 0.
  bool bias_at_log_odds = true;
  /// True if weights are conductances, which cannot be negative, between nodes of a circuit.
  bool resistive = false;
};

/// Groups of layers in the order of a sweep. No two layers of a group are coupled, so that a group
/// can be computed at once. Greedy in the order of the layers: a chain gives the even and the odd
/// ones.
[[nodiscard]] std::vector<std::vector<std::size_t>> groups_of(const NetworkPlan& plan);

/// Values of examples that an input layer holds: examples × units of the layer.
[[nodiscard]] core::Matrix inputs_of(const LayerPlan& layer, const core::ConstRows& examples);

/// Number of weights of a coupling.
[[nodiscard]] double weights_of(const NetworkPlan& plan, const CouplingPlan& coupling);

/// Restricts a coupling to these places, in the form that takes less memory. An exact array keeps a
/// matrix three times, as it is and rearranged for products in both directions; along edges, each
/// of these weights comes with a place, and padding. So the second form takes over where at least
/// three quarters of a matrix are zeros.
/// \param at  row and column of each weight, each pair once, in ascending order
/// \param listed  true if places follow from no rule
void restrict_to(const std::vector<std::pair<core::Index, core::Index>>& at, bool listed,
                 const NetworkPlan& plan, CouplingPlan& coupling);

/// The same with a cell at every crossing, and with a matrix that says where weights are allowed.
/// \throws core::UserError if the matrix has more than `most_cells` cells
void widen(const NetworkPlan& plan, CouplingPlan& coupling);
/// Cells of a matrix that is held whole, 256 MiB of float32.
constexpr double most_cells = 1 << 26;

/// Number of weights and biases.
[[nodiscard]] double parameters_of(const NetworkPlan& plan);

/// Weights and biases in float64, for scoring.
struct Parameters {
  NetworkPlan plan;
  std::vector<core::MatrixD> weights;  ///< weights of each coupling, rows × cols, in logits
  std::vector<core::VectorD> biases;   ///< biases of each layer
};

}  // namespace ohmlab::ebm
