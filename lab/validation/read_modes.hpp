#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"

/// Read modes of published macros. An array of this project reads currents of amplitude-coded
/// inputs once; these modes count the products of macros that read otherwise.
namespace ohmlab::validation {

/// Counts of one product of a macro, for each line or column.
struct ReadCounts {
  double drives = 1;       ///< drives of each row
  double line_cycles = 1;  ///< full charges and discharges of each row's line
  double conversion = 1;   ///< cycles of each column's converter
  /// Equal steps of time one after another; 0 if their length is no constant of the chip
  double steps = 0;
};

/// Constant voltages on the rows while currents are integrated: static power times time.
struct CurrentRead {
  static constexpr std::string_view name = "current";
  static constexpr std::string_view summary =
      "Currents are integrated while the rows are held: energy is power times time, phase after "
      "phase.";
  static constexpr std::string_view equation = "E = P phases t_phase";
  static constexpr bool static_power = true;
  std::int64_t phases = 1;
  static constexpr auto fields = core::Fields{
      core::field("phases", &CurrentRead::phases, "", core::at_least(1),
                  "integrations one after another"),
  };
  [[nodiscard]] ReadCounts counts(double, double) const {
    const auto n = static_cast<double>(phases);
    return {n, n, n, n};
  }
};

/// Capacitors in the cells are charged by the rows and share their charge on the columns.
struct ChargeRead {
  static constexpr std::string_view name = "charge";
  static constexpr std::string_view summary =
      "Capacitors of the cells share their charge on the columns, one bit of the inputs at a time.";
  static constexpr std::string_view equation = "E = C V^2 for each line and converter";
  static constexpr bool static_power = false;
  static constexpr core::Fields<> fields{};
  [[nodiscard]] ReadCounts counts(double, double) const { return {}; }
};

/// Each input is as many pulses as its value; half of full scale on average.
struct PulseCountRead {
  static constexpr std::string_view name = "pulse_count";
  static constexpr std::string_view summary =
      "An input of b bits is up to 2^b - 1 pulses that discharge the columns.";
  static constexpr std::string_view equation =
      "pulses = (2^b - 1)/2 on average, E = C V^2 for each";
  static constexpr bool static_power = false;
  static constexpr core::Fields<> fields{};
  [[nodiscard]] ReadCounts counts(double input_bits, double) const {
    const double pulses = (std::exp2(input_bits) - 1) / 2;
    return {pulses, pulses, 1};
  }
};

/// Columns settle to the weighted mean of the row voltages. A neuron samples them, once for each
/// unit of the weight of a bit, and converts by taking charge away.
///
/// Signed inputs of n bits have M = max(1, n-1) bits of magnitude, one ternary pulse each. Above 3
/// they are read in two segments, the lower the larger by one if M is odd. Conversion of the lower
/// one has fewer bits, by the bits of the upper one.
struct VoltageRead {
  static constexpr std::string_view name = "voltage";
  static constexpr std::string_view summary =
      "Columns settle to mean voltages, sampled bit after bit of the inputs as often as the bit is "
      "worth.";
  static constexpr std::string_view equation =
      "pulses P = M, samples S = sum over segments of 2^m - 1, converted bits A; rows driven P "
      "times, selected P + A times, neurons busy for S + A + 1 cycles";
  static constexpr std::string_view source = "Wan et al., Nature 608, 504 (2022)";
  static constexpr bool static_power = false;
  static constexpr core::Fields<> fields{};
  [[nodiscard]] ReadCounts counts(double input_bits, double output_bits) const {
    const double magnitude = std::max(1.0, input_bits - 1);
    const double lower = magnitude <= 3 ? magnitude : std::ceil(magnitude / 2);
    const double upper = magnitude - lower;
    const double samples = std::exp2(lower) - 1 + std::exp2(upper) - 1;
    const double converted = output_bits + (upper > 0 ? output_bits - upper : 0);
    const double cycles = samples + converted + 1;
    return {magnitude, magnitude + converted, cycles, cycles};
  }
};

template <class T>
concept ReadModeEntry = core::Described<T> && requires(const T& t) {
  { t.counts(4.0, 4.0) } -> std::same_as<ReadCounts>;
  // True if a macro that is known by its total alone has a price of power.
  { T::static_power } -> std::convertible_to<bool>;
};

struct ReadMode : core::OneOf<CurrentRead,  //
                              ChargeRead, PulseCountRead, VoltageRead> {
  static constexpr std::string_view name = "read_mode";
  static constexpr std::string_view question = "How does a macro read its cells?";
  static_assert(each_is([]<class Entry>() { return ReadModeEntry<Entry>; }));

  [[nodiscard]] ReadCounts counts(double input_bits, double output_bits) const {
    return visit([&](const auto& mode) { return mode.counts(input_bits, output_bits); });
  }
  /// True if a macro that is known by its total alone has a price of power, not of charge.
  [[nodiscard]] bool static_power() const {
    return visit(
        [](const auto& mode) { return std::remove_cvref_t<decltype(mode)>::static_power; });
  }
};

}  // namespace ohmlab::validation
