#pragma once

#include <concepts>
#include <string_view>

#include "../../../core/fields.hpp"
#include "../edge_work.hpp"

namespace ohmlab::backprop {

/// Has no upper bound: `model.input_scaling = "maximum"` keeps drivers from cutting numbers
/// above 1.
struct Relu {
  static constexpr std::string_view name = "relu";
  static constexpr std::string_view summary = "The field if it is positive, else 0.";
  static constexpr std::string_view equation = "a = max(z, 0), da/dz = 1 if a > 0, else 0";
  static constexpr std::string_view source = "Nair & Hinton, ICML 2010";
  static constexpr core::Fields<> fields{};
  static constexpr EdgeWork value_work{.adds = 1};
  static constexpr EdgeWork slope_work{.adds = 1};

  template <std::floating_point T>
  [[nodiscard]] static T value(T z) noexcept {
    return z > 0 ? z : T{0};
  }
  template <std::floating_point T>
  [[nodiscard]] static T slope(T a) noexcept {
    return a > 0 ? T{1} : T{0};
  }
};

}  // namespace ohmlab::backprop
