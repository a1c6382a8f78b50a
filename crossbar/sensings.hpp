#pragma once

#include <concepts>
#include <string_view>

#include "../core/fields.hpp"
#include "sensing/current.hpp"
#include "sensing/voltage.hpp"

namespace ohmlab::crossbar {

/// A measurement of a line while the lines of the other side are driven. Lines are held at zero
/// volts, or float.
template <class T>
concept SensingEntry = core::Described<T> && requires(const T& t) {
  { t.seconds(1.0) } -> std::same_as<double>;
  { T::floats } -> std::convertible_to<bool>;
};

struct Sensing : core::OneOf<CurrentSensing,  //
                             VoltageSensing> {
  static constexpr std::string_view name = "sensing";
  static constexpr std::string_view question = "What is measured at the end of a line?";
  static_assert(each_is([]<class Entry>() { return SensingEntry<Entry>; }));

  /// True if lines float while they are read.
  [[nodiscard]] bool floats() const {
    return visit(
        [](const auto& sensing) { return std::remove_cvref_t<decltype(sensing)>::floats; });
  }
  /// Time for which inputs are driven in one read, s.
  [[nodiscard]] double seconds(double t_read) const {
    return visit([&](const auto& sensing) { return sensing.seconds(t_read); });
  }
};

}  // namespace ohmlab::crossbar
