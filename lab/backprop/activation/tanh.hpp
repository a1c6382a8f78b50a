#pragma once

#include <cmath>
#include <concepts>
#include <string_view>

#include "../../../core/fields.hpp"
#include "../../../core/math.hpp"
#include "../edge_work.hpp"

namespace ohmlab::backprop {

/// Billed as a logistic function and a subtraction; doubling is a shift.
struct Tanh {
  static constexpr std::string_view name = "tanh";
  static constexpr std::string_view summary = "The hyperbolic tangent, from -1 to 1.";
  static constexpr std::string_view equation = "a = tanh(z) = 2/(1 + exp(-2z)) - 1, da/dz = 1 - a²";
  static constexpr std::string_view source =
      "LeCun, Bottou, Orr & Müller, Efficient BackProp, in: Neural Networks: Tricks of the Trade "
      "(1998)";
  static constexpr core::Fields<> fields{};
  static constexpr EdgeWork value_work{.sigmoids = 1, .adds = 1};
  static constexpr EdgeWork slope_work{.adds = 1, .multiplies = 2};

  template <std::floating_point T>
  [[nodiscard]] static T value(T z) noexcept {
    if constexpr (std::same_as<T, float>) return 2 * core::logistic(2 * z) - 1;
    return std::tanh(z);
  }
  template <std::floating_point T>
  [[nodiscard]] static T slope(T a) noexcept {
    return 1 - a * a;
  }
};

}  // namespace ohmlab::backprop
