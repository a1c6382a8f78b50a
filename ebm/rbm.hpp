#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/core/matrix.hpp"
#include "ohmlab/crossbar/array.hpp"
#include "ohmlab/ebm/neurons.hpp"

namespace ohmlab::ebm {

/// Stage of the schedule in which a machine is set to its start.
constexpr std::string_view start_stage = "start: program";

/// Parameters of a restricted Boltzmann machine as numbers, in float64: what scoring works on.
struct RbmParameters {
  core::MatrixD weights;  ///< visible × hidden, in logits
  core::VectorD visible_bias, hidden_bias;
};

/// Entry of the model catalogue.
struct RbmModel {
  static constexpr std::string_view name = "rbm";
  static constexpr std::string_view summary = "Restricted Boltzmann machine with binary units.";
  static constexpr std::string_view equation =
      "E(v,h) = -a·v - b·h - vWh; p(h_j=1|v) = s(b_j + (vW)_j), p(v_i=1|h) = s(a_i + (Wh)_i), s logistic";
  static constexpr std::string_view source =
      "Smolensky 1986; Hinton, Neural Comput. 14, 1771 (2002); Hinton, UTML TR 2010-003";

  std::int64_t hidden = 64;
  double weight_std = 0.01;
  static constexpr auto fields = std::tuple{
      core::field("hidden", &RbmModel::hidden, "", core::between(1, 1 << 20), "number of hidden units"),
      core::field("weight_std", &RbmModel::weight_std, "", core::between(0, 10),
                  "standard deviation of the initial weights, in logits"),
  };
};

/// A restricted Boltzmann machine at work: weights in an array, biases in digital registers at its edge.
class Rbm {
 public:
  /// The array is visible × hidden and outlives the machine; its weights are programmed to a normal start
  /// here.
  Rbm(crossbar::Array& weights, const Neuron& neuron, std::uint64_t seed);

  /// Programs the initial weights, sets each visible bias to the log-odds of `frequency` (one per visible
  /// unit, in (0, 1)) and the hidden biases to zero.
  void initialise(double weight_std, const core::VectorD& frequency);

  /// p(h|v) and a draw from it. visible: batch × visible units.
  void hidden(const core::ConstRows& visible, Activity& out) {
    compute(Side::hidden, visible, hidden_bias, out);
  }
  /// p(v|h) and a draw from it. hidden: batch × hidden units.
  void visible(const core::ConstRows& hidden, Activity& out) {
    compute(Side::visible, hidden, visible_bias, out);
  }

  [[nodiscard]] crossbar::Array& weights() noexcept { return weights_; }
  [[nodiscard]] const Neuron& neuron() const noexcept { return neuron_; }
  [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }
  [[nodiscard]] RbmParameters parameters() const;
  /// State of the machine and of its array.
  void state(core::Archive& archive);

  core::Vector visible_bias, hidden_bias;

 private:
  void compute(Side side, const core::ConstRows& inputs, const core::ConstVector& bias, Activity& out);

  crossbar::Array& weights_;
  Neuron neuron_;
  std::uint64_t seed_;
  std::uint64_t operation_ = 0;
};

}  // namespace ohmlab::ebm
