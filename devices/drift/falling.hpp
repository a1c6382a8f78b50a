#pragma once

#include "../../core/math.hpp"
#include "../number.hpp"

namespace ohmlab::devices {

/// What is left of g after an age that counts from a first read t0 after the write, as a power of
/// the time since the write. Nothing changes before age 0.
template <core::FloatPack V>
[[nodiscard]] OHMLAB_INLINE V fallen(V g, V age, V exponent, double t0) noexcept {
  const V lapse = core::max(V(age + number<V>(t0)), number<V>(t0)) / number<V>(t0);
  return g * core::exp(V(-exponent * core::log(lapse)));
}

}  // namespace ohmlab::devices
