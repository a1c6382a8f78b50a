#pragma once

#include <cmath>
#include <string_view>

#include "../../cost/actions.hpp"
#include "../line_errors.hpp"
#include "quantizer.hpp"

namespace ohmlab::crossbar {

/// One ramp and one counter serve all lines of an array. A comparator at each line keeps the count
/// at which the ramp passes the signal of the line. Lines do not wait for each other. A conversion
/// takes one clock per level. Offset and gain are a line's own, by its comparator and sampling; the
/// nonlinearity is that of the ramp, the same for all lines.
struct RampAdc : Quantizer {
  static constexpr std::string_view name = "ramp";
  static constexpr std::string_view summary =
      "A comparator at every line keeps the count at which a shared ramp passes it: 2^bits clocks "
      "for any number of lines.";
  static constexpr std::string_view equation =
      "y' = bound round(clip(e(y)/bound, 1) n)/n, n = 2^(bits-1) - 1; offset and gain in e are the "
      "line's, inl the ramp's; time 2^bits/f_clock";
  static constexpr std::string_view source =
      "single-slope conversion, e.g. Kester (ed.), The Data Conversion Handbook, Newnes (2005), "
      "ch. 3, from memory";
  static constexpr cost::Action action = cost::Action::ramp_convert;
  static constexpr cost::Part part = cost::Part::ramp_adc;
  LineErrors errors;
  static constexpr auto fields = core::joined(
      Quantizer::fields, core::Fields{core::field("errors", &RampAdc::errors,
                                                  "errors of the lines; inl is that of the ramp, "
                                                  "which all lines of an array share")});
  [[nodiscard]] static constexpr double lines_each() noexcept { return 1; }

  [[nodiscard]] double enob(double noise) const noexcept {
    return Quantizer::enob(std::hypot(noise, bound * errors.noise));
  }
  [[nodiscard]] double priced_bits(double noise) const noexcept {
    return Quantizer::priced_bits(std::hypot(noise, bound * errors.noise));
  }

  [[nodiscard]] bool exact() const noexcept { return errors.none(); }
  [[nodiscard]] static constexpr std::int64_t normals() noexcept { return LineErrors::normals; }
  [[nodiscard]] static constexpr std::int64_t parts() noexcept { return LineErrors::normals; }
  void build(const float* xi, const float* common, float* made) const noexcept {
    const float both[] = {xi[0], xi[1], common[2], common[3]};
    errors.draw(both, made);
  }
  [[nodiscard]] std::int64_t draws() const noexcept { return errors.noise > 0 ? 1 : 0; }
  using Quantizer::convert;
  [[nodiscard]] float convert(float value, const float* made, const float* xi) const noexcept {
    const auto full = static_cast<float>(bound);
    float u = LineErrors::bent(value / full, made);
    if (errors.noise > 0) u += static_cast<float>(errors.noise) * xi[0];
    return Quantizer::convert(u * full);
  }
};

}  // namespace ohmlab::crossbar
