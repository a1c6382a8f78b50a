#pragma once

#include "ohmlab/core/fields.hpp"
#include "ohmlab/ebm/neuron_adc.hpp"
#include "ohmlab/ebm/neuron_comparator.hpp"

namespace ohmlab::ebm {

struct Neuron : core::OneOf<AdcNeuron,  //
                            ComparatorNeuron> {
  static constexpr std::string_view name = "neuron";
  static constexpr std::string_view question = "How does a unit turn its column's current into a state?";

  [[nodiscard]] bool gives_means() const {
    return visit([](const auto& neuron) { return std::remove_cvref_t<decltype(neuron)>::gives_means; });
  }
};

}  // namespace ohmlab::ebm
