#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <vector>

#include "../core/fields.hpp"
#include "dynamics/circuit.hpp"
#include "dynamics/forward.hpp"
#include "dynamics/gibbs.hpp"
#include "dynamics/langevin.hpp"
#include "dynamics/predictive.hpp"
#include "dynamics/relaxation.hpp"
#include "family.hpp"

namespace ohmlab::ebm {

/// Contract of dynamics: so many sweeps over the free layers, the families they serve, and the
/// numbers of a unit that an update needs.
template <class T>
concept DynamicsEntry =
    ServesFamilies<T> &&
    requires(const T& dynamics, Network& network, const std::vector<bool>& free,
             const std::vector<Nudge>& nudges, std::int64_t sweeps, States& states) {
      dynamics.run(network, free, nudges, sweeps, states);
      { T::numbers_of_unit } -> std::convertible_to<double>;
    };

struct Dynamics : core::OneOf<GibbsDynamics,  //
                              RelaxationDynamics, CircuitDynamics, PredictiveDynamics,
                              ForwardDynamics, LangevinDynamics> {
  static constexpr std::string_view name = "dynamics";
  static constexpr std::string_view question = "How do the states of a phase come about?";
  static_assert(each_is([]<class Entry>() { return DynamicsEntry<Entry>; }));

  [[nodiscard]] double numbers_of_unit() const {
    return visit([](const auto& dynamics) {
      return std::remove_cvref_t<decltype(dynamics)>::numbers_of_unit;
    });
  }
};

}  // namespace ohmlab::ebm
