#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

#include "../core/fields.hpp"
#include "../cost/actions.hpp"
#include "adc/cyclic.hpp"
#include "adc/flash.hpp"
#include "adc/none.hpp"
#include "adc/oscillator.hpp"
#include "adc/pipeline.hpp"
#include "adc/ramp.hpp"
#include "adc/sar.hpp"
#include "adc/uniform.hpp"

namespace ohmlab::crossbar {

/// A converter: its characteristic without errors, and the action and part that it posts.
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

/// A converter of which each one made is different: `build` turns `normals()` standard normals of
/// its own, and two which all of an array have in common, into `parts()` numbers that describe it.
/// A conversion by these takes `draws()` standard normals, at most 16, for its noise.
template <class T>
concept BuiltAdc = AdcEntry<T> && requires(const T& t, const float* from, float* made) {
  { t.exact() } -> std::same_as<bool>;  // true if its settings leave no errors
  { t.normals() } -> std::same_as<std::int64_t>;
  { t.parts() } -> std::same_as<std::int64_t>;
  { t.build(from, from, made) } -> std::same_as<void>;
  { t.draws() } -> std::same_as<std::int64_t>;
  { t.convert(0.0F, from, from) } -> std::same_as<float>;
};

struct Adc : core::OneOf<UniformAdc,  //
                         SarAdc, FlashAdc, PipelineAdc, CyclicAdc, OscillatorAdc, RampAdc, NoAdc> {
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
