#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../cost/actions.hpp"
#include "quantizer.hpp"
#include "takes_turns.hpp"

namespace ohmlab::crossbar {

/// A comparator for each level at the taps of a ladder of resistors, whose ends are at ±bound. The
/// encoder counts the comparators that say yes, so that their order does not matter.
struct FlashAdc : Quantizer, TakesTurns {
  static constexpr std::string_view name = "flash";
  static constexpr std::string_view summary =
      "A comparator for each level at the taps of a ladder; mismatch of its resistors, offsets of "
      "comparators; one clock.";
  static constexpr std::string_view equation =
      "level = number of t_k below y, less n; t_k = -n + 2n sum_(i<=k) R_i/sum R + offset xi, R_i "
      "= "
      "1 + mismatch xi, half at both ends";
  static constexpr std::string_view source =
      "flash conversion, e.g. Kester (ed.), The Data Conversion Handbook, Newnes (2005), ch. 3; "
      "sum of yeses: Sandner et al., IEEE JSSC 40, 1499 (2005); from memory";
  static constexpr cost::Action action = cost::Action::flash_convert;
  static constexpr cost::Part part = cost::Part::flash_adc;
  static constexpr std::int64_t most_bits = 10;
  double mismatch = 0, offset = 0;
  static constexpr auto fields = core::joined(
      Quantizer::fields, TakesTurns::fields,
      core::Fields{
          core::field("mismatch", &FlashAdc::mismatch, "", core::between(0, 0.3),
                      "standard deviation of one resistor of the ladder, as a share of it"),
          core::field("offset", &FlashAdc::offset, "", core::between(0, 1),
                      "standard deviation of the offset of each comparator, in full scales"),
      });
  [[nodiscard]] std::string problem() const {
    if (resolution <= most_bits) return "";
    return "a flash converter has a comparator for each level: expected bits of at most 10";
  }

  [[nodiscard]] bool exact() const noexcept { return mismatch == 0 && offset == 0; }
  /// Resistors, one more than comparators, then comparators.
  [[nodiscard]] std::int64_t normals() const noexcept { return 4 * levels() + 1; }
  /// Levels of the comparators in steps, in ascending order.
  [[nodiscard]] std::int64_t parts() const noexcept { return 2 * levels(); }
  void build(const float* xi, const float*, float* made) const noexcept {
    const std::int64_t count = parts();
    const auto n = static_cast<double>(levels());
    const auto resistor = [&](std::int64_t i) {
      const double size = i == 0 || i == count ? 0.5 : 1;
      return size + mismatch * std::sqrt(size) * static_cast<double>(xi[i]);
    };
    double whole = 0, sum = 0;
    for (std::int64_t i = 0; i <= count; ++i) whole += resistor(i);
    for (std::int64_t k = 0; k < count; ++k) {
      sum += resistor(k);
      made[k] = static_cast<float>(2 * n * sum / whole - n +
                                   offset * n * static_cast<double>(xi[count + 1 + k]));
    }
    std::sort(made, made + count);
  }
  [[nodiscard]] static constexpr std::int64_t draws() noexcept { return 0; }
  using Quantizer::convert;
  [[nodiscard]] float convert(float value, const float* made, const float*) const noexcept {
    const float* below = std::lower_bound(made, made + parts(), steps(value));
    return number(below - made - levels());
  }
};

}  // namespace ohmlab::crossbar
