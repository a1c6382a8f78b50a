#pragma once

#include <concepts>
#include <string_view>

#include "../core/fields.hpp"
#include "conduction/cubic.hpp"
#include "conduction/ohmic.hpp"
#include "conduction/sinh.hpp"

namespace ohmlab::devices {

/// A law of conduction in which state and voltage are two factors: i = g · f(v).
template <class T>
concept ConductionEntry = core::Described<T> && requires(const T& t) {
  { t.law(1.0).current(1.0) } -> std::same_as<double>;
  { t.law(1.0).current(1.0F) } -> std::same_as<float>;
  { t.law(1.0).power(1.0) } -> std::same_as<double>;
  { t.highest() } -> std::same_as<double>;  // voltage up to which current rises
  { T::linear } -> std::convertible_to<bool>;
};

struct Conduction : core::OneOf<OhmicConduction,  //
                                SinhConduction, CubicConduction> {
  static constexpr std::string_view name = "conduction";
  static constexpr std::string_view question = "How does a cell's current depend on its voltage?";

  [[nodiscard]] bool linear() const {
    return visit([](const auto& entry) { return std::remove_cvref_t<decltype(entry)>::linear; });
  }
  /// Voltage up to which current rises with voltage, V.
  [[nodiscard]] double highest() const {
    return visit([](const auto& entry) { return entry.highest(); });
  }
  /// v i / g at a voltage, V². Times conductance and time it is heat.
  [[nodiscard]] double power(double volts, double v_read) const {
    return visit([&](const auto& entry) { return entry.law(v_read).power(volts); });
  }
};
static_assert(Conduction::each_is([]<class T>() { return ConductionEntry<T>; }));

}  // namespace ohmlab::devices
