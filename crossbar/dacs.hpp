#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>
#include <tuple>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/cost/actions.hpp"
#include "ohmlab/crossbar/levels.hpp"

/// How a number becomes a signal on a line: by its voltage, by its length, or bit after bit.
///
/// A product takes `slices()` reads one after another; what a line at level 1 adds to it in each is its
/// `share`. With the line's voltage v in units of the read voltage and time t in units of a read, a number's
///
/// - `level` is ∫ v dt: its product, and, squared, the variance that noise which stands still adds to it;
/// - `conduction` is ∫ v² dt: the energy in the cells, and the variance of noise that is white in time;
/// - `swing` is the sum of the squared steps of v away from zero, each of which charges the line once; where
///   it is the conduction, it need not be summed again.
///
/// The last two follow from the level.
namespace ohmlab::crossbar {

/// One read is the whole product.
struct OneRead {
  static constexpr std::int64_t slices() noexcept { return 1; }
  static constexpr float share(std::int64_t) noexcept { return 1; }
};

/// One voltage is held during a whole read.
struct HeldVoltage {
  template <class T>
  static constexpr T conduction(T level) noexcept {
    return level * level;
  }
  template <class T>
  static constexpr T swing(T level) noexcept {
    return conduction(level);
  }
  static constexpr bool swings_as_it_conducts = true;
};

/// The voltage is the number.
struct ByAmplitude : OneRead, HeldVoltage {
  static constexpr cost::Action action = cost::Action::dac_drive;
  static constexpr cost::Part part = cost::Part::dac;
};

struct NoDac : ByAmplitude {
  static constexpr std::string_view name = "none";
  static constexpr std::string_view summary = "Inputs of any size reach the lines exactly; has no price.";
  static constexpr std::tuple<> fields{};
  static constexpr bool priced = false;
  static constexpr bool clips = false;
  [[nodiscard]] static constexpr float level(float value, std::int64_t) noexcept { return value; }
  [[nodiscard]] static constexpr double bits() noexcept { return 0; }
  [[nodiscard]] static constexpr double drive_bits() noexcept { return 0; }
};

struct UniformDac : ByAmplitude {
  static constexpr std::string_view name = "uniform";
  static constexpr std::string_view summary =
      "One of equidistant voltages, symmetric about zero, clipped at full scale.";
  static constexpr std::string_view equation =
      "x' = round(clip(x, 1) n)/n, n = 2^(bits-1) - 1; v = x' during the whole read";
  static constexpr std::string_view source = "Gokmen & Vlasov, Front. Neurosci. 10, 333 (2016): 7 bits";
  static constexpr bool priced = true;
  static constexpr bool clips = true;  ///< inputs beyond full scale
  std::int64_t resolution = 7;
  static constexpr auto fields = std::tuple{
      core::field("bits", &UniformDac::resolution, "", core::between(2, 16), "resolution"),
  };
  [[nodiscard]] float level(float value, std::int64_t) const noexcept {
    return quantised(value, 1.0F, levels_each_side(resolution));
  }
  [[nodiscard]] double bits() const noexcept { return static_cast<double>(resolution); }
  [[nodiscard]] double drive_bits() const noexcept { return bits(); }
};

/// Full read voltage for as long as the number is large; its sign is that of the voltage. Small inputs heat
/// cells, and gather noise that is white in time, by their size instead of its square.
struct PulseWidthDac : OneRead {
  static constexpr std::string_view name = "pulse_width";
  static constexpr std::string_view summary =
      "The read voltage for one of equidistant times, up to the time of a whole read.";
  static constexpr std::string_view equation =
      "x' = round(clip(x, 1) n)/n, n = 2^(bits-1) - 1; v = sign(x') during |x'| of the read";
  static constexpr std::string_view source =
      "Gokmen & Vlasov, Front. Neurosci. 10, 333 (2016); Le Gallo et al., Nat. Electron. 6, 680 (2023)";
  static constexpr bool priced = true;
  static constexpr bool clips = true;  ///< inputs beyond full scale
  static constexpr cost::Action action = cost::Action::pulse_width_drive;
  static constexpr cost::Part part = cost::Part::pulse_timer;
  std::int64_t resolution = 7;
  static constexpr auto fields = std::tuple{
      core::field("bits", &PulseWidthDac::resolution, "", core::between(2, 16), "resolution"),
  };
  [[nodiscard]] float level(float value, std::int64_t) const noexcept {
    return quantised(value, 1.0F, levels_each_side(resolution));
  }
  template <class T>
  static T conduction(T level) noexcept {
    return std::abs(level);
  }
  template <class T>
  static constexpr T swing(T level) noexcept {
    return level == 0 ? 0 : 1;
  }
  static constexpr bool swings_as_it_conducts = false;
  [[nodiscard]] double bits() const noexcept { return static_cast<double>(resolution); }
  [[nodiscard]] double drive_bits() const noexcept { return bits(); }
};

/// One bit of the magnitude after the other, the lowest first, each a whole read with the voltage at full
/// scale or off. Converters turn every slice into a number, and the numbers are shifted and added; for
/// comparators, slices share their charge on a capacitor each by its worth.
struct BitSerialDac : HeldVoltage {
  static constexpr std::string_view name = "bit_serial";
  static constexpr std::string_view summary =
      "A read for each bit of the magnitude, its voltage at full scale, with the input's sign, or off.";
  static constexpr std::string_view equation =
      "y = Σ_k 2^k/n read(sign(x) bit_k(round(|clip(x, 1)| n))), n = 2^(bits-1) - 1, k = 0 .. bits-2";
  static constexpr std::string_view source =
      "Shafiee et al. (ISAAC), ISCA 2016; Jia et al., IEEE JSSC 55, 2609 (2020)";
  static constexpr bool priced = true;
  static constexpr bool clips = true;  ///< inputs beyond full scale
  static constexpr cost::Action action = cost::Action::dac_drive;
  static constexpr cost::Part part = cost::Part::dac;
  std::int64_t resolution = 7;
  static constexpr auto fields = std::tuple{
      core::field("bits", &BitSerialDac::resolution, "", core::between(2, 16), "resolution, sign included"),
  };
  [[nodiscard]] std::int64_t slices() const noexcept { return resolution - 1; }
  [[nodiscard]] float share(std::int64_t slice) const noexcept {
    return static_cast<float>(std::int64_t{1} << slice) / levels_each_side(resolution);
  }
  [[nodiscard]] float level(float value, std::int64_t slice) const noexcept {
    const float n = levels_each_side(resolution);
    const auto magnitude = static_cast<std::int32_t>(std::nearbyint(std::min(1.0F, std::abs(value)) * n));
    return std::copysign(static_cast<float>((magnitude >> slice) & 1), value);
  }
  [[nodiscard]] double bits() const noexcept { return static_cast<double>(resolution); }
  /// Of the driver: one bit and a sign.
  [[nodiscard]] static constexpr double drive_bits() noexcept { return 2; }
};

struct Dac : core::OneOf<UniformDac,  //
                         PulseWidthDac, BitSerialDac, NoDac> {
  static constexpr std::string_view name = "dac";
  static constexpr std::string_view question = "How does a number become a signal on a line?";

  [[nodiscard]] std::int64_t slices() const {
    return visit([](const auto& dac) { return dac.slices(); });
  }
  /// Whether an action is one drive of a line, by any of these.
  [[nodiscard]] static bool drives(cost::Action action);
  /// Variance that inputs at full scale take from each cell, in variances of one read: slices are drawn
  /// afresh.
  [[nodiscard]] double noise_gain() const;

  /// Sums over the slices of one input, mean of normal inputs of a mean square, in full scale.
  struct Means {
    double conduction = 0, swing = 0;
  };
  [[nodiscard]] Means means(double mean_square) const;
};

}  // namespace ohmlab::crossbar
