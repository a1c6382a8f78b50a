#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

/// Marks a function that a vector kernel calls. It must be inlined to be compiled for the kernel's
/// instruction set.
#define OHMLAB_INLINE [[gnu::always_inline]] inline

/// Marks a kernel that is compiled once per instruction set; the loader picks the best copy for
/// this CPU. CAUTION: lambdas inside it, and functions that are called but not inlined, get the
/// baseline set only.
#ifdef OHMLAB_CLONES
#define OHMLAB_MULTIVERSION \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define OHMLAB_MULTIVERSION
#endif

/// Physics and random numbers are templates over a *pack*: `float` is the readable reference, `F16`
/// computes the same sixteen times at once. Both support + - * / and, for words, + - & | ^ ~ << >>;
/// operations that differ between a number and a vector are here. Every operation is a single IEEE
/// operation on each lane: the two agree bit for bit on any instruction set, provided that nothing
/// is contracted to FMA.
///
/// Where a vector of 64 bytes is wider than a register, g++ 12 turns the operators < and ?: into
/// scalar code. Use `less`, `select`, `min` and `max` instead: their loops over lanes and masks of
/// bits vectorise everywhere.
namespace ohmlab::core {

using F16 = float __attribute__((vector_size(64)));
using U16 = std::uint32_t __attribute__((vector_size(64)));
using I16 = std::int32_t __attribute__((vector_size(64)));

/// Types that belong to a pack.
template <class T>
struct PackTypes;
template <>
struct PackTypes<float> {
  using Float = float;
  using Word = std::uint32_t;
  using Int = std::int32_t;
  using Mask = bool;
  static constexpr std::uint32_t width = 1;
};
template <>
struct PackTypes<F16> {
  using Float = F16;
  using Word = U16;
  using Int = I16;
  using Mask = I16;  ///< all bits of a lane are ones or zeros
  static constexpr std::uint32_t width = 16;
};
template <>
struct PackTypes<std::uint32_t> : PackTypes<float> {};
template <>
struct PackTypes<std::int32_t> : PackTypes<float> {};
template <>
struct PackTypes<U16> : PackTypes<F16> {};
template <>
struct PackTypes<I16> : PackTypes<F16> {};

template <class T>
using FloatOf = typename PackTypes<T>::Float;
template <class T>
using WordOf = typename PackTypes<T>::Word;
template <class T>
using IntOf = typename PackTypes<T>::Int;
template <class T>
using MaskOf = typename PackTypes<T>::Mask;
template <class T>
inline constexpr std::uint32_t width_of = PackTypes<T>::width;

template <class T>
concept FloatPack = std::same_as<T, float> || std::same_as<T, F16>;
template <class T>
concept WordPack = std::same_as<T, std::uint32_t> || std::same_as<T, U16>;
template <class T>
concept IntPack = std::same_as<T, std::int32_t> || std::same_as<T, I16>;
template <class T>
concept Pack = FloatPack<T> || WordPack<T> || IntPack<T>;

/// The type of one lane.
template <Pack T>
using LaneOf = std::conditional_t<FloatPack<T>, float,
                                  std::conditional_t<WordPack<T>, std::uint32_t, std::int32_t>>;

/// The same bits read as another type of the same size.
template <Pack To, Pack From>
[[nodiscard]] OHMLAB_INLINE To bits_as(From x) noexcept {
  return __builtin_bit_cast(To, x);
}

/// The lanes of a vector as an array, the form in which the compiler vectorises a loop over them.
template <Pack T>
struct Lanes {
  LaneOf<T> lane[16];

  [[nodiscard]] OHMLAB_INLINE static Lanes of(T x) noexcept { return __builtin_bit_cast(Lanes, x); }
  [[nodiscard]] OHMLAB_INLINE T pack() const noexcept { return __builtin_bit_cast(T, *this); }
};

/// Every lane equal to `x`.
template <Pack T>
[[nodiscard]] OHMLAB_INLINE T splat(LaneOf<T> x) noexcept {
  if constexpr (width_of<T> == 1) {
    return x;
  } else {
    return x - T{};
  }
}

/// Lane i holds i.
template <WordPack U>
[[nodiscard]] OHMLAB_INLINE U lane_index() noexcept {
  if constexpr (width_of<U> == 1) {
    return 0;
  } else {
    return U16{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  }
}

/// Reads `width_of<T>` consecutive values; no alignment beyond a value's own is needed.
template <Pack T>
[[nodiscard]] OHMLAB_INLINE T load(const LaneOf<T>* from) noexcept {
  if constexpr (width_of<T> == 1) {
    return *from;
  } else {
    Lanes<T> x;
    for (int i = 0; i < 16; ++i) x.lane[i] = from[i];
    return x.pack();
  }
}

/// Writes `width_of<T>` consecutive values; no alignment beyond a value's own is needed.
template <Pack T>
OHMLAB_INLINE void store(LaneOf<T>* to, T pack) noexcept {
  if constexpr (width_of<T> == 1) {
    *to = pack;
  } else {
    for (int i = 0; i < 16; ++i) to[i] = pack[i];
  }
}

/// a < b; false where either is a NaN.
template <Pack T>
[[nodiscard]] OHMLAB_INLINE MaskOf<T> less(T a, T b) noexcept {
  if constexpr (width_of<T> == 1) {
    return a < b;
  } else {
    const auto x = Lanes<T>::of(a);
    const auto y = Lanes<T>::of(b);
    Lanes<I16> mask;
    for (int i = 0; i < 16; ++i) mask.lane[i] = x.lane[i] < y.lane[i] ? -1 : 0;
    return mask.pack();
  }
}

/// `a` where the mask holds, else `b`.
template <Pack T>
[[nodiscard]] OHMLAB_INLINE T select(MaskOf<T> mask, T a, T b) noexcept {
  if constexpr (width_of<T> == 1) {
    return mask ? a : b;
  } else {
    return bits_as<T>((bits_as<I16>(a) & mask) | (bits_as<I16>(b) & ~mask));
  }
}

/// The smaller of two; `a` where either is a NaN.
template <Pack T>
[[nodiscard]] OHMLAB_INLINE T min(T a, T b) noexcept {
#if defined(__AVX512F__) && !defined(__clang__)
  // One instruction, which the compiler does not find: the second operand unless the first is less.
  if constexpr (std::same_as<T, F16>) return __builtin_ia32_minps512_mask(b, a, a, -1, 4);
#endif
  return select(less(b, a), b, a);
}

/// The larger of two; `a` where either is a NaN.
template <Pack T>
[[nodiscard]] OHMLAB_INLINE T max(T a, T b) noexcept {
#if defined(__AVX512F__) && !defined(__clang__)
  if constexpr (std::same_as<T, F16>) return __builtin_ia32_maxps512_mask(b, a, a, -1, 4);
#endif
  return select(less(a, b), b, a);
}

template <FloatPack V>
[[nodiscard]] OHMLAB_INLINE V abs(V x) noexcept {
  return bits_as<V>(bits_as<WordOf<V>>(x) & 0x7fffffffU);
}

/// Correctly rounded, as IEEE demands.
template <FloatPack V>
[[nodiscard]] OHMLAB_INLINE V sqrt(V x) noexcept {
  if constexpr (width_of<V> == 1) {
    return __builtin_sqrtf(x);
  } else {
    auto root = Lanes<V>::of(x);
    for (int i = 0; i < 16; ++i) root.lane[i] = __builtin_sqrtf(root.lane[i]);
    return root.pack();
  }
}

/// Rounded to nearest even.
template <IntPack I>
[[nodiscard]] OHMLAB_INLINE FloatOf<I> to_float(I x) noexcept {
  if constexpr (width_of<I> == 1) {
    return static_cast<float>(x);
  } else {
    return __builtin_convertvector(x, F16);
  }
}

/// Rounded towards zero; |x| must be below 2^31.
template <FloatPack V>
[[nodiscard]] OHMLAB_INLINE IntOf<V> to_int(V x) noexcept {
  if constexpr (width_of<V> == 1) {
    return static_cast<std::int32_t>(x);
  } else {
    return __builtin_convertvector(x, I16);
  }
}

/// Rotates the bits left by 1 to 31 places.
template <int places, WordPack U>
[[nodiscard]] OHMLAB_INLINE U rotl(U x) noexcept {
  static_assert(0 < places && places < 32);
  return (x << places) | (x >> (32 - places));
}

}  // namespace ohmlab::core
