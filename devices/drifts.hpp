#pragma once

#include <concepts>
#include <string_view>

#include "../core/fields.hpp"
#include "drift/cmo_hfox.hpp"
#include "drift/hermes.hpp"
#include "drift/none.hpp"
#include "drift/pcm.hpp"
#include "drift/power_law.hpp"
#include "drift/retention.hpp"
#include "drift/rram_wan.hpp"
#include "drift/sonos.hpp"
#include "drift/state_independent.hpp"
#include "drift/state_power_law.hpp"

namespace ohmlab::devices {

/// The conductance that remains of g at an age, S.
template <class T>
concept DriftEntry = core::Described<T> && requires(const T& t) {
  { t.template conductance<float>(1.0F, 0.0F, 0.0F, 1.0F) } -> std::same_as<float>;
  { T::keeps } -> std::convertible_to<bool>;        // true if conductances do not change
  { T::needs_range } -> std::convertible_to<bool>;  // true if it needs g_min and g_max
  // true if the normal of a cell is drawn anew at each write, false if a cell keeps its own
  { T::each_write } -> std::convertible_to<bool>;
};

struct Drift : core::OneOf<NoDrift,  //
                           PowerLawDrift, StatePowerLawDrift, StateIndependentDrift, PcmDrift,
                           HermesDrift, RramWanDrift, CmoHfoxDrift, SonosDrift, RetentionDrift> {
  static constexpr std::string_view name = "drift";
  static constexpr std::string_view question = "What does time do to a conductance?";

  [[nodiscard]] bool keeps() const {
    return visit([](const auto& entry) { return std::remove_cvref_t<decltype(entry)>::keeps; });
  }
};
static_assert(Drift::each_is([]<class T>() { return DriftEntry<T>; }));

}  // namespace ohmlab::devices
