#pragma once

#include <concepts>
#include <string_view>

#include "../core/fields.hpp"
#include "wear/lognormal.hpp"
#include "wear/none.hpp"
#include "wear/weibull.hpp"

namespace ohmlab::devices {

/// The number of pulses after which a cell no longer moves.
template <class T>
concept WearEntry = core::Described<T> && requires(const T& t) {
  // life of a cell in units of `endurance`, from a uniform number in [0, 1) and a standard normal
  { t.life(0.5, 0.0) } -> std::same_as<double>;
  { t.worn } -> std::convertible_to<WornState>;
  { T::any } -> std::convertible_to<bool>;  // true if cells wear out
};

struct Wear : core::OneOf<NoWear,  //
                          WeibullWear, LognormalWear> {
  static constexpr std::string_view name = "wear";
  static constexpr std::string_view question = "Which cells do pulses wear out?";

  [[nodiscard]] bool any() const {
    return visit([]<class T>(const T&) { return T::any; });
  }
};
static_assert(Wear::each_is([]<class T>() { return WearEntry<T>; }));

}  // namespace ohmlab::devices
