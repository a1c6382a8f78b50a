#include "ohmlab/ebm/rbm.hpp"

#include <cassert>
#include <cmath>

namespace ohmlab::ebm {

Rbm::Rbm(crossbar::Array& weights, const Neuron& neuron, std::uint64_t seed)
    : visible_bias(core::Vector::Zero(weights.rows())),
      hidden_bias(core::Vector::Zero(weights.cols())),
      weights_(weights),
      neuron_(neuron),
      seed_(seed) {}

void Rbm::initialise(double weight_std, const core::VectorD& frequency) {
  assert(frequency.size() == weights_.rows());
  const cost::Tally::Stage stage(weights_.edge().tally(), start_stage);
  core::Matrix start(weights_.rows(), weights_.cols());
  core::fill_normal(core::stream(seed_, core::StreamId::weight_init), 0, 0,
                    {start.data(), static_cast<std::size_t>(start.size())});
  start *= static_cast<float>(weight_std);
  weights_.program(start);
  visible_bias = (frequency.array() / (1 - frequency.array())).log().cast<float>().matrix();
  hidden_bias.setZero();
}

void Rbm::compute(Side side, const core::ConstRows& inputs, const core::ConstVector& bias, Activity& out) {
  const auto id = side == Side::hidden ? core::StreamId::neuron_hidden : core::StreamId::neuron_visible;
  const Reading reading{weights_, side, inputs, bias, core::stream(seed_, id), operation_++};
  neuron_.visit([&](const auto& neuron) { neuron.compute(reading, out); });
}

void Rbm::state(core::Archive& archive) {
  archive.item("visible_bias", visible_bias);
  archive.item("hidden_bias", hidden_bias);
  archive.item("operation", operation_);
  const core::Archive::Part part(archive, "weights");
  weights_.state(archive);
}

RbmParameters Rbm::parameters() const {
  return {weights_.weights(), visible_bias.cast<double>(), hidden_bias.cast<double>()};
}

}  // namespace ohmlab::ebm
