#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "../../core/fields.hpp"
#include "../../core/matrix.hpp"
#include "activations.hpp"

namespace ohmlab::backprop {

/// Place of the biases.
///
/// registers: digital registers, added after the conversion.
/// cells: one more row of cells, driven by a constant input of 1.
enum class Bias { registers, cells };
constexpr std::array<std::string_view, 2> enum_names(Bias) { return {"register", "cell"}; }

/// Factor on a vector before it drives an array. The result of the read is divided by it.
///
/// maximum: the inverse of the largest magnitude in the vector, found by digital logic. Small
/// vectors then use the whole range of the drivers ("noise management": Gokmen, Onen & Haensch,
/// Front. Neurosci. 11, 538 (2017)).
enum class Scaling { none, maximum };
constexpr std::array<std::string_view, 2> enum_names(Scaling) { return {"none", "maximum"}; }

/// A multilayer network: one array per layer, softmax over the classes at its output.
struct Model {
  std::vector<std::int64_t> hidden{32};
  Activation activation;
  Bias bias = Bias::registers;
  Scaling input_scaling = Scaling::none;
  Scaling error_scaling = Scaling::maximum;
  std::vector<double> output_scale;
  double weight_span = 1;
  static constexpr auto fields = core::Fields{
      core::field("hidden", &Model::hidden, "", core::between(1, 1 << 20),
                  "units of each hidden layer, from the inputs on"),
      core::field("activation", &Model::activation, "function of the hidden neurons"),
      core::field("bias", &Model::bias,
                  "register: biases are digital; cell: a row of cells, driven by a constant 1"),
      core::field("input_scaling", &Model::input_scaling,
                  "maximum: a vector is divided by its largest magnitude before it drives the "
                  "array forward, and the result multiplied by it; none: driven as it is"),
      core::field("error_scaling", &Model::error_scaling,
                  "the same of errors, which drive the array backward"),
      core::field("output_scale", &Model::output_scale, "", core::above(0),
                  "factor on the products of each layer, applied by digital logic; cells hold the "
                  "weights divided by it. One number a layer, the output included; empty: 1"),
      core::field("weight_span", &Model::weight_span, "", core::between(0, 100),
                  "initial weights are uniform within this over the root of a layer's inputs "
                  "(Glorot & Bengio, AISTATS 2010, eq. 1); biases start at 0"),
  };
  [[nodiscard]] std::string problem() const {
    if (hidden.empty()) return "hidden is empty: expected the units of at least one hidden layer";
    if (!output_scale.empty() && output_scale.size() != hidden.size() + 1) {
      return fmt::format(
          "output_scale has {} numbers: expected {}, one for each hidden layer and the output, or "
          "none",
          output_scale.size(), hidden.size() + 1);
    }
    return "";
  }

  [[nodiscard]] double scale(std::size_t layer) const {
    return output_scale.empty() ? 1 : output_scale[layer];
  }
};

/// Sizes of a network for a task.
struct Shape {
  std::vector<core::Index> units;  ///< units of each layer: inputs, hidden layers, classes

  Shape(const Model& model, core::Index inputs, core::Index classes) : units{inputs} {
    units.insert(units.end(), model.hidden.begin(), model.hidden.end());
    units.push_back(classes);
  }
  /// Number of layers with weights.
  [[nodiscard]] std::size_t layers() const noexcept { return units.size() - 1; }
  [[nodiscard]] core::Index inputs(std::size_t layer) const noexcept { return units[layer]; }
  [[nodiscard]] core::Index outputs(std::size_t layer) const noexcept { return units[layer + 1]; }
  /// Number of weights and biases.
  [[nodiscard]] double parameters() const noexcept {
    double sum = 0;
    for (std::size_t l = 0; l < layers(); ++l)
      sum += static_cast<double>((inputs(l) + 1) * outputs(l));
    return sum;
  }
  /// Name of a layer: "hidden 1", …, "output".
  [[nodiscard]] std::string name(std::size_t layer) const {
    return layer + 1 == layers() ? "output" : fmt::format("hidden {}", layer + 1);
  }
};

}  // namespace ohmlab::backprop
