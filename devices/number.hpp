#pragma once

#include "../core/simd.hpp"

namespace ohmlab::devices {

/// A parameter in every lane of a pack. It is not a local lambda: kernels are compiled once per
/// instruction set, but lambdas in them are not.
template <core::FloatPack V>
[[nodiscard]] OHMLAB_INLINE V number(double parameter) noexcept {
  return core::splat<V>(static_cast<float>(parameter));
}

}  // namespace ohmlab::devices
