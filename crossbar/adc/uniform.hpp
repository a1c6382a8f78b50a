#pragma once

#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../cost/actions.hpp"
#include "quantizer.hpp"

namespace ohmlab::crossbar {

/// A converter that several lines may share in turn. It works by successive approximation (as in
/// the default prices), by an oscillator or by flash.
struct UniformAdc : Quantizer {
  static constexpr std::string_view name = "uniform";
  static constexpr std::string_view summary =
      "Equidistant levels, symmetric about zero, clipped at a bound.";
  static constexpr std::string_view equation =
      "y' = bound round(clip(y, bound)/bound n)/n, n = 2^(bits-1) - 1";
  static constexpr std::string_view source =
      "Gokmen & Vlasov, Front. Neurosci. 10, 333 (2016): 9 bits, bound 12";
  static constexpr cost::Action action = cost::Action::adc_convert;
  static constexpr cost::Part part = cost::Part::adc;
  std::int64_t columns_per_adc = 1;
  static constexpr auto fields = core::joined(
      Quantizer::fields,
      core::Fields{core::field("columns_per_adc", &UniformAdc::columns_per_adc, "",
                               core::between(1, 4096), "lines that take turns at one converter")});
  [[nodiscard]] double lines_each() const noexcept { return static_cast<double>(columns_per_adc); }
};

}  // namespace ohmlab::crossbar
