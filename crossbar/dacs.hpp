#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

#include "../core/fields.hpp"
#include "../devices/conductions.hpp"
#include "dac/bit_serial.hpp"
#include "dac/none.hpp"
#include "dac/pulse_width.hpp"
#include "dac/uniform.hpp"
#include "line_errors.hpp"

namespace ohmlab::crossbar {

/// A driver of lines: its waveform, with the functions of `dac/waveform.hpp`, and the action and
/// part that it posts.
template <class T>
concept DacEntry =
    core::Described<T> && requires(const T& t, const devices::OhmicConduction::Law& law) {
      { t.slices() } -> std::same_as<std::int64_t>;
      { t.share(std::int64_t{0}) } -> std::same_as<float>;
      { t.level(0.0F, std::int64_t{0}) } -> std::same_as<float>;
      { t.product(law, 0.0F) } -> std::same_as<float>;
      { t.heat(law, 0.0) } -> std::same_as<double>;
      { t.noise(law, 0.0F) } -> std::same_as<float>;
      { t.swing(0.0) } -> std::same_as<double>;
      { t.overlap(0.0, 0.0) } -> std::same_as<double>;
      { t.bits() } -> std::same_as<double>;        // bits of a number
      { t.drive_bits() } -> std::same_as<double>;  // parameter of its action and part
      { T::heat_is_swing } -> std::convertible_to<bool>;
      { T::off_at_zero } -> std::convertible_to<bool>;  // true if a line at zero has no errors
      { T::clips } -> std::convertible_to<bool>;        // true if it clips inputs beyond full scale
      { T::priced } -> std::convertible_to<bool>;
      { T::action } -> std::convertible_to<cost::Action>;
      { T::part } -> std::convertible_to<cost::Part>;
    };

struct Dac : core::OneOf<UniformDac,  //
                         PulseWidthDac, BitSerialDac, NoDac> {
  static constexpr std::string_view name = "dac";
  static constexpr std::string_view question = "How does a number become a signal on a line?";
  static_assert(each_is([]<class Entry>() { return DacEntry<Entry>; }));

  [[nodiscard]] std::int64_t slices() const {
    return visit([](const auto& dac) { return dac.slices(); });
  }
  /// Errors of drivers, in full scales of the level.
  [[nodiscard]] LineErrors errors() const {
    return visit([]<class Entry>(const Entry& dac) {
      if constexpr (requires { dac.errors; }) return dac.errors;
      return LineErrors{};
    });
  }
  /// True if an input is a voltage held for the whole of a read.
  [[nodiscard]] bool holds() const {
    return visit([]<class Entry>(const Entry&) { return std::derived_from<Entry, HeldVoltage>; });
  }
  /// True if the action is one drive of a line by any driver.
  [[nodiscard]] static bool drives(cost::Action action);
  /// Variance from each cell at full-scale input, in variances of one read. Noise is drawn afresh
  /// in each slice. Any law of conduction is 1 at full scale.
  [[nodiscard]] double noise_gain() const;

  /// Sums over the slices of one input, averaged over normal inputs of a mean square in full scale.
  struct Means {
    double heat = 0, swing = 0;
  };
  [[nodiscard]] Means means(double mean_square, const devices::Conduction& conduction,
                            double v_read) const;
};

}  // namespace ohmlab::crossbar
