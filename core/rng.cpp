#include "rng.hpp"

#include <numeric>
#include <utility>

namespace ohmlab::core {

namespace {

constexpr std::uint64_t group = std::uint64_t{4} * width_of<U16>;  // elements of one vector block

struct Words {
  using Lane = std::uint32_t;
  OHMLAB_INLINE static Block<U16> from(const Block<U16>& words) noexcept { return words; }
};

struct Uniforms {
  using Lane = float;
  OHMLAB_INLINE static Block<F16> from(const Block<U16>& words) noexcept {
    return {uniform(words[0]), uniform(words[1]), uniform(words[2]), uniform(words[3])};
  }
};

struct Normals {
  using Lane = float;
  OHMLAB_INLINE static Block<F16> from(const Block<U16>& words) noexcept { return normals(words); }
};

template <class Kind>
OHMLAB_INLINE void fill_group(const Stream& stream, std::uint64_t op, std::uint64_t number,
                              typename Kind::Lane* out) noexcept {
  const U16 cell = lane_index<U16>() + static_cast<std::uint32_t>(number) * width_of<U16>;
  const auto values = Kind::from(random_block(stream, cell, op, 0U));
  for (int k = 0; k < 4; ++k) store(out + k * 16, values[k]);
}

/// Fills the elements `from` … `to` - 1 of a group.
template <class Kind>
OHMLAB_INLINE void fill_part(const Stream& stream, std::uint64_t op, std::uint64_t number,
                             std::uint64_t from, std::uint64_t to,
                             typename Kind::Lane* out) noexcept {
  typename Kind::Lane whole[group];
  fill_group<Kind>(stream, op, number, whole);
  for (std::uint64_t i = from; i < to; ++i) out[i - from] = whole[i];
}

template <class Kind>
OHMLAB_INLINE void fill(const Stream& stream, std::uint64_t op, std::uint64_t first,
                        typename Kind::Lane* out, std::uint64_t size) noexcept {
  std::uint64_t number = first / group;
  const std::uint64_t skipped = first % group;
  if (skipped != 0) {
    const std::uint64_t end = skipped + size < group ? skipped + size : group;
    fill_part<Kind>(stream, op, number++, skipped, end, out);
    out += end - skipped;
    size -= end - skipped;
  }
  for (; size >= group; size -= group, out += group) fill_group<Kind>(stream, op, number++, out);
  if (size != 0) fill_part<Kind>(stream, op, number, 0, size, out);
}

}  // namespace

OHMLAB_MULTIVERSION void fill_words(const Stream& stream, std::uint64_t op, std::uint64_t first,
                                    std::span<std::uint32_t> out) noexcept {
  fill<Words>(stream, op, first, out.data(), out.size());
}

OHMLAB_MULTIVERSION void fill_uniform(const Stream& stream, std::uint64_t op, std::uint64_t first,
                                      std::span<float> out) noexcept {
  fill<Uniforms>(stream, op, first, out.data(), out.size());
}

OHMLAB_MULTIVERSION void fill_normal(const Stream& stream, std::uint64_t op, std::uint64_t first,
                                     std::span<float> out) noexcept {
  fill<Normals>(stream, op, first, out.data(), out.size());
}

std::uint32_t random_below(const Stream& stream, std::uint32_t cell, std::uint64_t op,
                           std::uint32_t bound) noexcept {
  // D. Lemire, "Fast random integer generation in an interval", 2019: the upper half of word *
  // bound, after dropping the words that would favour some values.
  const std::uint32_t uneven = (0U - bound) % bound;
  for (std::uint32_t block = 0;; ++block) {
    const Block<std::uint32_t> words = random_block(stream, cell, op, block);
    for (int k = 0; k < 4; ++k) {
      const std::uint64_t product = std::uint64_t{words[k]} * bound;
      if (static_cast<std::uint32_t>(product) >= uneven)
        return static_cast<std::uint32_t>(product >> 32);
    }
  }
}

std::vector<std::uint32_t> permutation(const Stream& stream, std::uint64_t op, std::uint32_t n) {
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0U);
  for (std::uint32_t i = n; i > 1; --i)
    std::swap(order[i - 1], order[random_below(stream, i - 1, op, i)]);
  return order;
}

}  // namespace ohmlab::core
