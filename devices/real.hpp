#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <type_traits>

#include "../core/math.hpp"
#include "../core/simd.hpp"

/// The operations of a pack, for packs and for one double alike. A pulse that integrates an
/// equation of motion is written once: it moves cells in float and tells its mean step in double.
namespace ohmlab::devices {

template <class T>
concept Real = core::FloatPack<T> || std::same_as<T, double>;

namespace detail {
template <Real V>
struct Truth {
  using type = core::MaskOf<V>;
};
template <>
struct Truth<double> {
  using type = bool;
};
}  // namespace detail

/// Type of a comparison of two values.
template <Real V>
using TruthOf = typename detail::Truth<V>::type;

/// A parameter in every lane.
template <Real V>
[[nodiscard]] OHMLAB_INLINE V constant(double parameter) noexcept {
  if constexpr (std::same_as<V, double>) {
    return parameter;
  } else {
    return core::splat<V>(static_cast<float>(parameter));
  }
}
/// A column of a cell; float columns become doubles where V is double.
template <Real V, class From>
[[nodiscard]] OHMLAB_INLINE V as(From column) noexcept {
  if constexpr (std::same_as<V, From>) {
    return column;
  } else {
    return static_cast<V>(column);
  }
}

template <Real V>
[[nodiscard]] OHMLAB_INLINE TruthOf<V> is_less(V a, V b) noexcept {
  if constexpr (std::same_as<V, double>) {
    return a < b;
  } else {
    return core::less(a, b);
  }
}
template <Real V>
[[nodiscard]] OHMLAB_INLINE V either(TruthOf<V> truth, V a, V b) noexcept {
  if constexpr (std::same_as<V, double>) {
    return truth ? a : b;
  } else {
    return core::select(truth, a, b);
  }
}
template <Real V>
[[nodiscard]] OHMLAB_INLINE V smaller(V a, V b) noexcept {
  if constexpr (std::same_as<V, double>) {
    return b < a ? b : a;
  } else {
    return core::min(a, b);
  }
}
template <Real V>
[[nodiscard]] OHMLAB_INLINE V larger(V a, V b) noexcept {
  if constexpr (std::same_as<V, double>) {
    return a < b ? b : a;
  } else {
    return core::max(a, b);
  }
}
template <Real V>
[[nodiscard]] OHMLAB_INLINE V within(V low, V x, V high) noexcept {
  return larger(low, smaller(high, x));
}
template <Real V>
[[nodiscard]] OHMLAB_INLINE V magnitude(V x) noexcept {
  return larger(x, V(-x));
}
template <Real V>
[[nodiscard]] OHMLAB_INLINE V exponential(V x) noexcept {
  if constexpr (std::same_as<V, double>) {
    return std::exp(x);
  } else {
    return core::exp(x);
  }
}
template <Real V>
[[nodiscard]] OHMLAB_INLINE V logarithm(V x) noexcept {
  if constexpr (std::same_as<V, double>) {
    return std::log(x);
  } else {
    return core::log(x);
  }
}
template <Real V>
[[nodiscard]] OHMLAB_INLINE V square_root(V x) noexcept {
  if constexpr (std::same_as<V, double>) {
    return std::sqrt(x);
  } else {
    return core::sqrt(x);
  }
}
/// True if a comparison holds in some lane. A kernel may skip a term that all lanes drop. A lane's
/// own result must not depend on it.
template <class Mask>
[[nodiscard]] OHMLAB_INLINE bool any(Mask mask) noexcept {
  if constexpr (std::same_as<Mask, bool>) {
    return mask;
  } else {
#if defined(__AVX512F__) && !defined(__clang__)
    // One instruction, which the compiler does not find.
    return __builtin_ia32_ptestmd512(mask, mask, -1) != 0;
#endif
    using Words = std::uint64_t __attribute__((vector_size(64)));
    const auto words = __builtin_bit_cast(Words, mask);
    std::uint64_t all = 0;
    for (int i = 0; i < 8; ++i) all |= words[i];
    return all != 0;
  }
}
/// x to a whole power.
template <Real V>
[[nodiscard]] OHMLAB_INLINE V power(V x, int exponent) noexcept {
  V out = x;
  for (int k = 1; k < exponent; ++k) out *= x;
  return out;
}

}  // namespace ohmlab::devices
