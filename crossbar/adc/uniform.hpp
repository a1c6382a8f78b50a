#pragma once

#include <cmath>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../cost/actions.hpp"
#include "../line_errors.hpp"
#include "quantizer.hpp"
#include "takes_turns.hpp"

namespace ohmlab::crossbar {

/// Equidistant levels behind errors that are stated, whatever their origin in a circuit. It is
/// priced as a converter of successive approximation.
struct UniformAdc : Quantizer, TakesTurns {
  static constexpr std::string_view name = "uniform";
  static constexpr std::string_view summary =
      "Equidistant levels, symmetric about zero, clipped at a bound; errors by figures of merit.";
  static constexpr std::string_view equation =
      "y' = bound round(clip(e(y)/bound, 1) n)/n, n = 2^(bits-1) - 1, e the errors of the line";
  static constexpr std::string_view source =
      "Gokmen & Vlasov, Front. Neurosci. 10, 333 (2016): 9 bits, bound 12";
  static constexpr cost::Action action = cost::Action::adc_convert;
  static constexpr cost::Part part = cost::Part::adc;
  LineErrors errors;
  static constexpr auto fields = core::joined(
      Quantizer::fields, TakesTurns::fields,
      core::Fields{core::field("errors", &UniformAdc::errors, "errors of the converters")});

  [[nodiscard]] double enob(double noise) const noexcept {
    return Quantizer::enob(std::hypot(noise, bound * errors.noise));
  }
  [[nodiscard]] double priced_bits(double noise) const noexcept {
    return Quantizer::priced_bits(std::hypot(noise, bound * errors.noise));
  }

  [[nodiscard]] bool exact() const noexcept { return errors.none(); }
  [[nodiscard]] static constexpr std::int64_t normals() noexcept { return LineErrors::normals; }
  [[nodiscard]] static constexpr std::int64_t parts() noexcept { return LineErrors::normals; }
  void build(const float* xi, const float*, float* made) const noexcept { errors.draw(xi, made); }
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
