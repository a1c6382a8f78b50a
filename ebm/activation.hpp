#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace ohmlab::ebm {

/// Function of a unit's value that the lines of its layer carry.
enum class Activation { identity, relu, tanh };
constexpr std::array<std::string_view, 3> enum_names(Activation) {
  return {"identity", "relu", "tanh"};
}

template <class Real>
[[nodiscard]] Real activated(Activation activation, Real value) noexcept {
  switch (activation) {
    case Activation::relu:
      return std::max(Real{0}, value);
    case Activation::tanh:
      return std::tanh(value);
    case Activation::identity:
      break;
  }
  return value;
}

/// Derivative of the function; 0 at the kink of `relu`.
template <class Real>
[[nodiscard]] Real slope(Activation activation, Real value) noexcept {
  switch (activation) {
    case Activation::relu:
      return value > 0 ? Real{1} : Real{0};
    case Activation::tanh: {
      const Real at = std::tanh(value);
      return 1 - at * at;
    }
    case Activation::identity:
      break;
  }
  return 1;
}

}  // namespace ohmlab::ebm
