#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "../../core/archive.hpp"
#include "../../crossbar/array.hpp"
#include "edge_work.hpp"
#include "model.hpp"

namespace ohmlab::backprop {

constexpr double label_bits = 8;  ///< bits of a label in memory

/// Numbers of a batch that are kept from its forward pass to the update.
struct Signals {
  /// Inputs of each layer: batch × units, and a column of ones where biases are cells.
  std::vector<core::Matrix> inputs;
  core::Matrix outputs;              ///< probabilities of the classes: batch × classes
  std::vector<core::Matrix> errors;  ///< derivatives of the loss by the fields of each layer
};

/// Weights and biases in float64, for scoring: those that products count, output scales included.
struct Parameters {
  Model model;
  std::vector<core::MatrixD> weights;  ///< inputs × outputs of each layer
  std::vector<core::VectorD> biases;
};

/// Layers of neurons with an array between each and the next. A field is a read of the array
/// towards its columns, an error a read towards its rows, and learning its update. Everything else
/// is digital logic at the edge of the array, and is posted there.
class Network {
 public:
  /// Makes an array of a given size, e.g. `IdealArrayModel::make`.
  using MakeArray = std::function<std::unique_ptr<crossbar::Array>(
      core::Index rows, core::Index cols, const crossbar::ArrayContext& context)>;
  /// Key of the random draws, and the tally that receives all work, which outlives the network.
  struct Place {
    std::uint64_t seed;
    cost::Tally& tally;
  };

  Network(Model model, Shape shape, const Place& place, const MakeArray& make);

  /// Programs uniform initial weights; biases start at 0.
  void initialise();

  /// Computes all layers from the inputs.
  /// \param input_bits  bits of one input in memory
  void forward(const core::ConstRows& inputs, double input_bits, Signals& out);
  /// Computes the errors of all layers from the outputs and one-hot targets.
  void backward(const core::Matrix& targets, Signals& signals);
  /// Writes the outer products of inputs and errors, times -rate, to every array, and their sums to
  /// the biases.
  /// \param rate  learning rate of each example
  void update(const Signals& signals, double input_bits, double rate);

  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  [[nodiscard]] const Model& model() const noexcept { return model_; }
  [[nodiscard]] crossbar::Array& array(std::size_t layer) noexcept { return *arrays_[layer]; }
  [[nodiscard]] const crossbar::Array& array(std::size_t layer) const noexcept {
    return *arrays_[layer];
  }
  [[nodiscard]] Parameters parameters() const;
  /// Figures of the hardware, over all arrays.
  [[nodiscard]] std::vector<crossbar::Figure> figures() const;
  /// Biases and arrays.
  void state(core::Archive& archive);

 private:
  void read(crossbar::Direction direction, std::size_t layer, const core::ConstRows& x,
            core::Rows y);
  void drives_from_buffer(std::size_t layer, double words, double bits);
  void activate(std::size_t layer, core::Matrix& fields);
  void softmax(core::Matrix& fields);
  [[nodiscard]] cost::Tally::Component component(std::size_t layer, const char* suffix);
  [[nodiscard]] bool bias_cells() const noexcept { return model_.bias == Bias::cells; }

  Model model_;
  Shape shape_;
  std::uint64_t seed_;
  std::vector<std::unique_ptr<crossbar::Array>> arrays_;  ///< array of each layer
  std::vector<core::Vector> biases_;                      ///< registers; empty if biases are cells
};

}  // namespace ohmlab::backprop
