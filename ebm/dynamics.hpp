#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>

#include "../core/fields.hpp"
#include "dynamics/gibbs.hpp"
#include "dynamics/relaxation.hpp"

namespace ohmlab::ebm {

/// Contract of dynamics: one sweep over the free layers; `draws` is true if units must draw their
/// states.
template <class T>
concept DynamicsEntry = requires(const T& dynamics, Network& network, const std::vector<bool>& free,
                                 const std::vector<Nudge>& nudges, States& states) {
  dynamics.sweep(network, free, nudges, states);
  { T::draws } -> std::convertible_to<bool>;
};

struct Dynamics : core::OneOf<GibbsDynamics,  //
                              RelaxationDynamics> {
  static constexpr std::string_view name = "dynamics";
  static constexpr std::string_view question = "How do the states of a phase come about?";
  static_assert(each_is([]<class Entry>() { return DynamicsEntry<Entry>; }));

  [[nodiscard]] bool draws() const {
    return visit(
        [](const auto& dynamics) { return std::remove_cvref_t<decltype(dynamics)>::draws; });
  }
};

}  // namespace ohmlab::ebm
