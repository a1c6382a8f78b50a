#pragma once

#include <concepts>
#include <string_view>

#include "../core/fields.hpp"
#include "../cost/actions.hpp"
#include "adc/none.hpp"
#include "adc/ramp.hpp"
#include "adc/uniform.hpp"

namespace ohmlab::crossbar {

/// A converter: its characteristic, and the action and part that it posts.
template <class T>
concept AdcEntry = core::Described<T> && requires(const T& t) {
  { t.convert(0.0F) } -> std::same_as<float>;
  { t.clips(0.0F) } -> std::same_as<bool>;
  { t.full_scale() } -> std::same_as<double>;      // value that line voltages at full scale have
  { t.enob(0.0) } -> std::same_as<double>;         // effective bits with this noise at the input
  { t.priced_bits(0.0) } -> std::same_as<double>;  // parameter of its action and part
  { t.lines_each() } -> std::same_as<double>;      // lines that share one converter
  { T::priced } -> std::convertible_to<bool>;
  { T::action } -> std::convertible_to<cost::Action>;
  { T::part } -> std::convertible_to<cost::Part>;
};

struct Adc : core::OneOf<UniformAdc,  //
                         RampAdc, NoAdc> {
  static constexpr std::string_view name = "adc";
  static constexpr std::string_view question = "How does a line's current become a number?";
  static_assert(each_is([]<class Entry>() { return AdcEntry<Entry>; }));

  /// True if the action is one conversion by any converter.
  [[nodiscard]] static bool converts(cost::Action action) {
    bool found = false;
    each([&]<class Entry>() { found = found || Entry::action == action; });
    return found;
  }
};

}  // namespace ohmlab::crossbar
