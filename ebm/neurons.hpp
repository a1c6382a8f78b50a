#pragma once

#include <concepts>
#include <type_traits>

#include "../core/fields.hpp"
#include "family.hpp"
#include "neuron/adc.hpp"
#include "neuron/clipped.hpp"
#include "neuron/comparator.hpp"
#include "neuron/diodes.hpp"
#include "neuron/function.hpp"

namespace ohmlab::ebm {

/// Contract of a neuron: it computes the activity of a layer from its field, for the families that
/// it serves. Three flags are true if it gives means, draws states of 0 or 1, and draws one of
/// several units.
template <class T>
concept NeuronEntry =
    ServesFamilies<T> && requires(const T& neuron, const Field& field, Activity& out) {
      neuron.compute(field, out);
      { T::gives_means } -> std::convertible_to<bool>;
      { T::draws_bits } -> std::convertible_to<bool>;
      { T::draws_one_of } -> std::convertible_to<bool>;
    };

struct Neuron : core::OneOf<AdcNeuron,  //
                            ComparatorNeuron, ClippedNeuron, DiodeNeuron, FunctionNeuron> {
  static constexpr std::string_view name = "neuron";
  static constexpr std::string_view question =
      "How does a unit turn its column's current into a state?";
  static_assert(each_is([]<class Entry>() { return NeuronEntry<Entry>; }));

  [[nodiscard]] bool gives_means() const {
    return visit(
        [](const auto& neuron) { return std::remove_cvref_t<decltype(neuron)>::gives_means; });
  }
  [[nodiscard]] bool draws_bits() const {
    return visit(
        [](const auto& neuron) { return std::remove_cvref_t<decltype(neuron)>::draws_bits; });
  }
  [[nodiscard]] bool draws_one_of() const {
    return visit(
        [](const auto& neuron) { return std::remove_cvref_t<decltype(neuron)>::draws_one_of; });
  }
};

}  // namespace ohmlab::ebm
