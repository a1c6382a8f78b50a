#pragma once

#include <concepts>
#include <string_view>

#include "../core/fields.hpp"
#include "../cost/actions.hpp"
#include "pulser/deterministic.hpp"
#include "pulser/exact.hpp"
#include "pulser/stochastic.hpp"

namespace ohmlab::crossbar {

/// A pulser that puts trains on lines.
template <class T>
concept TrainPulser = std::derived_from<T, PulseTrainLength> && requires(const T& t) {
  { T::slot_action } -> std::convertible_to<cost::Action>;
  { T::slot_bits } -> std::convertible_to<double>;
  { t.aggregates() } -> std::same_as<bool>;
};

/// A pulser makes trains or moves cells exactly; an array has an update for each.
template <class T>
concept PulserEntry =
    core::Described<T> && (TrainPulser<T> || std::same_as<T, ExactPulser>) && requires {
      { T::priced } -> std::convertible_to<bool>;
    };

struct Pulser : core::OneOf<StochasticPulser,  //
                            DeterministicPulser, ExactPulser> {
  static constexpr std::string_view name = "pulser";
  static constexpr std::string_view question = "How does an outer product become pulses?";
  static_assert(each_is([]<class Entry>() { return PulserEntry<Entry>; }));
};

}  // namespace ohmlab::crossbar
