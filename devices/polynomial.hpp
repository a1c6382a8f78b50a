#pragma once

#include <concepts>
#include <cstddef>

#include "number.hpp"

namespace ohmlab::devices {

/// Σ c[k] x^k, on doubles or packs of floats.
template <class V, std::size_t n>
[[nodiscard]] OHMLAB_INLINE V polynomial(const double (&c)[n], V x) noexcept {
  if constexpr (std::same_as<V, double>) {
    double sum = c[n - 1];
    for (std::size_t k = n - 1; k-- > 0;) sum = sum * x + c[k];
    return sum;
  } else {
    V sum = number<V>(c[n - 1]);
    for (std::size_t k = n - 1; k-- > 0;) sum = sum * x + number<V>(c[k]);
    return sum;
  }
}

/// x held between two limits.
template <core::FloatPack V>
[[nodiscard]] OHMLAB_INLINE V held_between(V x, double low, double high) noexcept {
  return core::max(number<V>(low), core::min(number<V>(high), x));
}

}  // namespace ohmlab::devices
