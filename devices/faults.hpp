#pragma once

#include <concepts>
#include <string_view>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/devices/faults/none.hpp"
#include "ohmlab/devices/faults/stuck.hpp"

namespace ohmlab::devices {

/// Which cells do not work is drawn by the array, which knows their lines (`crossbar/fault_map.hpp`).
template <class T>
concept FaultsEntry = core::Described<T> && requires {
  { T::any } -> std::convertible_to<bool>;
};

struct Faults : core::OneOf<NoFaults,  //
                            StuckFaults> {
  static constexpr std::string_view name = "faults";
  static constexpr std::string_view question = "Which cells do not work?";
};
static_assert(Faults::each_is([]<class T>() { return FaultsEntry<T>; }));

}  // namespace ohmlab::devices
