#pragma once

#include <cmath>
#include <concepts>
#include <string_view>

#include "../../../core/fields.hpp"
#include "../../../core/math.hpp"
#include "../edge_work.hpp"

namespace ohmlab::backprop {

struct Sigmoid {
  static constexpr std::string_view name = "sigmoid";
  static constexpr std::string_view summary = "The logistic function, from 0 to 1.";
  static constexpr std::string_view equation = "a = 1/(1 + exp(-z)), da/dz = a (1 - a)";
  static constexpr std::string_view source = "Rumelhart, Hinton & Williams, Nature 323, 533 (1986)";
  static constexpr core::Fields<> fields{};
  static constexpr EdgeWork value_work{.sigmoids = 1};
  static constexpr EdgeWork slope_work{.adds = 1, .multiplies = 2};

  template <std::floating_point T>
  [[nodiscard]] static T value(T z) noexcept {
    if constexpr (std::same_as<T, float>) return core::logistic(z);
    return 1 / (1 + std::exp(-z));
  }
  template <std::floating_point T>
  [[nodiscard]] static T slope(T a) noexcept {
    return a * (1 - a);
  }
};

}  // namespace ohmlab::backprop
