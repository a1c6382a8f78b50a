#include "torus_gibbs.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "../core/parallel.hpp"
#include "../core/rng.hpp"
#include "../core/simd.hpp"

namespace ohmlab::ebm {
namespace {

using core::Index;
using core::U16;

constexpr Index row_slice = 16;  // fixed; so many rows are whole packs of 16 words

/// Neighbours of the spins of successive words, and their new values.
struct Slice {
  std::vector<std::uint32_t> above, below, same, other;
  std::vector<std::uint32_t> spins;  ///< 1 where a bit is a spin; then the new spins

  explicit Slice(Index words) {
    for (auto* one : {&above, &below, &same, &other, &spins})
      one->resize(static_cast<std::size_t>((words + 15) / 16 * 16));
  }
};

/// All bits of a word that are equal to bit `from_top` of a threshold.
OHMLAB_INLINE std::uint32_t spread(std::uint32_t threshold, int from_top) noexcept {
  return 0U - (threshold >> (31 - from_top) & 1U);
}

OHMLAB_INLINE bool any(U16 x) noexcept {
  const auto lanes = core::Lanes<U16>::of(x);
  std::uint32_t all = 0;
  for (int i = 0; i < 16; ++i) all |= lanes.lane[i];
  return all != 0;
}

/// Draws the spins of so many packs of words. `first` is the number of the first word.
OHMLAB_MULTIVERSION void draw_packs(const core::Stream& stream, std::uint64_t operation,
                                    std::uint32_t first, Index packs,
                                    const std::uint32_t* thresholds, const std::uint32_t* above,
                                    const std::uint32_t* below, const std::uint32_t* same,
                                    const std::uint32_t* other, std::uint32_t* spins) noexcept {
  for (Index p = 0; p < packs; ++p) {
    const U16 a = core::load<U16>(above + 16 * p), b = core::load<U16>(below + 16 * p),
              c = core::load<U16>(same + 16 * p), d = core::load<U16>(other + 16 * p);
    // Number of neighbours that are up, in binary: two half adders and their sum.
    const U16 odd1 = a ^ b, two1 = a & b, odd2 = c ^ d, two2 = c & d;
    const U16 ones = odd1 ^ odd2, carry = odd1 & odd2;
    const U16 four = two1 & two2, twos = two1 ^ two2 ^ carry;
    const U16 one = ones & ~twos, two = twos & ~ones, three = ones & twos;
    const U16 none = ~(ones | twos | four);

    U16 up = {}, open = core::load<U16>(spins + 16 * p);
    const U16 cell = core::lane_index<U16>() + (first + 16U * static_cast<std::uint32_t>(p));
    for (int block = 0; block < 8; ++block) {
      const core::Block<U16> random =
          core::random_block(stream, cell, operation, static_cast<std::uint32_t>(block));
#pragma GCC unroll 4
      for (int word = 0; word < 4; ++word) {
        const int bit = 4 * block + word;
        const U16 threshold =
            (none & spread(thresholds[0], bit)) | (one & spread(thresholds[1], bit)) |
            (two & spread(thresholds[2], bit)) | (three & spread(thresholds[3], bit)) |
            (four & spread(thresholds[4], bit));
        up |= open & threshold & ~random[word];
        open &= ~(threshold ^ random[word]);
      }
      if (!any(open)) break;
    }
    core::store<U16>(spins + 16 * p, up);
  }
}

}  // namespace

std::array<std::uint32_t, 5> TorusLaw::thresholds(double inv_temp) const {
  std::array<std::uint32_t, 5> out{};
  for (int up = 0; up <= 4; ++up) {
    const double pull = inv_temp * (K * (2 * up - 4) + field);
    const double p = 1 / (1 + std::exp(-2 * pull));
    out[static_cast<std::size_t>(up)] =
        static_cast<std::uint32_t>(std::min(std::round(p * 0x1p32), 0x1p32 - 1));
  }
  return out;
}

TorusGibbs::TorusGibbs(TorusLaw law, Index chains, std::uint64_t seed)
    : law_(std::move(law)), chains_(chains), words_((law_.width / 2 + 31) / 32), seed_(seed) {
  assert(law_.height >= 4 && law_.width >= 4 && law_.height % 2 == 0 && law_.width % 2 == 0);
  const auto rest = static_cast<std::uint32_t>(law_.width / 2 % 32);
  last_ = rest == 0 ? ~0U : (1U << rest) - 1;
  for (std::size_t colour = 0; colour < 2; ++colour) {
    spins_[colour].resize(static_cast<std::size_t>(chains * law_.height * words_));
    core::fill_words(
        core::stream(seed, core::StreamId::chain_init, static_cast<std::uint32_t>(colour)), 0, 0,
        spins_[colour]);
    for (auto at = spins_[colour].begin() + words_ - 1; at < spins_[colour].end(); at += words_)
      *at &= last_;
  }
  if (!law_.minus_right.empty()) find_signs();
}

/// Sorts the signs of the couplings by colour and neighbour.
void TorusGibbs::find_signs() {
  const Index height = law_.height, width = law_.width;
  const auto right_of = [&](Index row, Index col) {
    return law_.minus_right[static_cast<std::size_t>(row * width + (col + width) % width)];
  };
  const auto below_of = [&](Index row, Index col) {
    return law_.minus_below[static_cast<std::size_t>((row + height) % height * width + col)];
  };
  for (std::size_t colour = 0; colour < 2; ++colour) {
    for (Words& of : minus_[colour]) of.resize(static_cast<std::size_t>(height * words_));
    for (Index row = 0; row < height; ++row) {
      const bool first = even(row, colour);
      for (Index q = 0; q < width / 2; ++q) {
        const Index col = 2 * q + (first ? 0 : 1);
        const std::uint8_t left = right_of(row, col - 1), right = right_of(row, col);
        const std::array<std::uint8_t, 4> minus{below_of(row - 1, col), below_of(row, col),
                                                first ? right : left, first ? left : right};
        for (std::size_t n = 0; n < 4; ++n)
          minus_[colour][n][static_cast<std::size_t>(row * words_ + q / 32)] |=
              std::uint32_t{minus[n]} << (q % 32);
      }
    }
  }
}

void TorusGibbs::sweep(double inv_temp) {
  const std::array<std::uint32_t, 5> thresholds = law_.thresholds(inv_temp);
  for (std::size_t colour = 0; colour < 2; ++colour) draw(colour, thresholds);
  ++sweeps_;
}

void TorusGibbs::draw(std::size_t colour, const std::array<std::uint32_t, 5>& thresholds) {
  const core::Stream stream =
      core::stream(seed_, core::StreamId::neuron_visible, static_cast<std::uint32_t>(colour));
  const Words& around = spins_[1 - colour];
  Words& own = spins_[colour];
  const Index height = law_.height, words = words_;
  const auto last_bit = static_cast<unsigned>((law_.width / 2 - 1) % 32);
  const auto& minus = minus_[colour];
  core::for_slices(chains_ * height, row_slice, static_cast<double>(60 * words),
                   [&](Index begin, Index end) noexcept {
    static thread_local std::vector<Slice> kept;
    const Index count = (end - begin) * words;
    if (kept.empty() || static_cast<Index>(kept[0].spins.size()) < count) {
      kept.clear();
      kept.emplace_back(row_slice * words);
    }
    Slice& to = kept[0];
    for (Index line = begin; line < end; ++line) {
      const Index row = line % height, first = line - row;  // of the chain
      const std::uint32_t* const x = around.data() + line * words;
      const std::uint32_t* const up =
          around.data() + (first + (row == 0 ? height - 1 : row - 1)) * words;
      const std::uint32_t* const down =
          around.data() + (first + (row == height - 1 ? 0 : row + 1)) * words;
      const Index at = (line - begin) * words;
      std::copy_n(up, words, to.above.data() + at);
      std::copy_n(down, words, to.below.data() + at);
      std::copy_n(x, words, to.same.data() + at);
      std::uint32_t* const other = to.other.data() + at;
      if (even(row, colour)) {  // the other neighbour in the row has the place before
        std::uint32_t carry = x[words - 1] >> last_bit & 1U;
        for (Index k = 0; k < words; ++k) {
          other[k] = x[k] << 1 | carry;
          carry = x[k] >> 31;
        }
      } else {
        for (Index k = 0; k + 1 < words; ++k) other[k] = x[k] >> 1 | x[k + 1] << 31;
        other[words - 1] = x[words - 1] >> 1 | (x[0] & 1U) << last_bit;
      }
      std::fill_n(to.spins.data() + at, words, ~0U);
      to.spins[static_cast<std::size_t>(at + words - 1)] = last_;
      if (minus[0].empty()) continue;
      std::uint32_t* const neighbours[4] = {to.above.data(), to.below.data(), to.same.data(),
                                            to.other.data()};
      for (std::size_t n = 0; n < 4; ++n) {
        for (Index k = 0; k < words; ++k)
          neighbours[n][at + k] ^= minus[n][static_cast<std::size_t>(row * words + k)];
      }
    }
    const Index packs = (count + 15) / 16;
    std::fill(to.spins.begin() + count, to.spins.begin() + packs * 16, 0U);
    draw_packs(stream, sweeps_, static_cast<std::uint32_t>(begin * words), packs, thresholds.data(),
               to.above.data(), to.below.data(), to.same.data(), to.other.data(), to.spins.data());
    std::copy_n(to.spins.data(), count, own.data() + begin * words);
  });
}

void TorusGibbs::spins(std::span<std::uint8_t> out) const {
  const Index height = law_.height, width = law_.width;
  assert(static_cast<Index>(out.size()) == chains_ * height * width);
  core::for_slices(chains_ * height, row_slice, static_cast<double>(width),
                   [&](Index begin, Index end) noexcept {
    for (Index line = begin; line < end; ++line) {
      for (Index col = 0; col < width; ++col) {
        const auto colour = static_cast<std::size_t>((line % height + col) % 2);
        const Index q = col / 2;
        out[static_cast<std::size_t>(line * width + col)] = static_cast<std::uint8_t>(
            spins_[colour][static_cast<std::size_t>(line * words_ + q / 32)] >> (q % 32) & 1U);
      }
    }
  });
}

void TorusGibbs::state(core::Archive& archive) {
  archive.item("sweeps", sweeps_);
  archive.item("even", spins_[0]);
  archive.item("odd", spins_[1]);
}

}  // namespace ohmlab::ebm
