#include "ohmlab/crossbar/pulse_trains.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "ohmlab/core/parallel.hpp"

namespace ohmlab::crossbar {
namespace {

constexpr std::uint32_t blocks_per_vector = 16;  // 64 slots of one word each, four words a block

/// The mask of one line: each slot is on with this probability.
std::uint64_t draw_line(double probability, std::int64_t slots, std::uint32_t line, core::Index vector,
                        const core::Stream& stream, std::uint64_t operation) noexcept {
  if (probability <= 0) return 0;
  const std::uint64_t all = slots == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << slots) - 1;
  if (probability >= 1) return all;
  const double threshold = probability * 0x1p32;
  std::uint64_t bits = 0;
  for (std::int64_t s = 0; s < slots; s += 4) {
    const auto block =
        static_cast<std::uint32_t>(vector) * blocks_per_vector + static_cast<std::uint32_t>(s / 4);
    const auto words = core::random_block(stream, line, operation, block);
    for (int k = 0; k < 4; ++k) {
      bits |= std::uint64_t{static_cast<double>(words[k]) < threshold} << (s + k);
    }
  }
  return bits & all;
}

}  // namespace

PulseTrains draw_trains(const core::ConstRows& x, const core::ConstRows& d, double rate, double dw_min,
                        const StochasticPulser& pulser, const core::Stream& stream, std::uint64_t operation) {
  PulseTrains out;
  out.vectors = x.rows();
  out.rows = x.cols();
  out.cols = d.cols();
  out.row_bits.resize(static_cast<std::size_t>(out.vectors * out.rows));
  out.col_bits.resize(static_cast<std::size_t>(out.vectors * out.cols));
  out.slots.resize(static_cast<std::size_t>(out.vectors));
  std::vector<double> row_counts(out.slots.size()), col_counts(out.slots.size());

  core::for_slices(out.vectors, 1, static_cast<double>(8 * (out.rows + out.cols)),
                   [&](core::Index b, core::Index) noexcept {
    const double x_max = static_cast<double>(x.row(b).cwiseAbs().maxCoeff());
    const double d_max = static_cast<double>(d.row(b).cwiseAbs().maxCoeff());
    const double steps = std::abs(rate) * x_max * d_max / dw_min;
    if (!(steps > 0)) return;
    const std::int64_t slots = pulser.bl_management ? std::clamp(static_cast<std::int64_t>(std::ceil(steps)),
                                                                 std::int64_t{1}, pulser.desired_bl)
                                                    : pulser.desired_bl;
    const double gain = std::sqrt(std::abs(rate) / (dw_min * static_cast<double>(slots)));
    const double balance = pulser.update_management ? std::sqrt(d_max / x_max) : 1;
    const auto at = static_cast<std::size_t>(b);
    out.slots[at] = slots;
    for (core::Index i = 0; i < out.rows; ++i) {
      const std::uint64_t bits = draw_line(gain * balance * std::abs(static_cast<double>(x(b, i))), slots,
                                           static_cast<std::uint32_t>(i), b, stream, operation);
      out.row_bits[static_cast<std::size_t>(b * out.rows + i)] = bits;
      row_counts[at] += std::popcount(bits);
    }
    for (core::Index j = 0; j < out.cols; ++j) {
      const std::uint64_t bits = draw_line(gain / balance * std::abs(static_cast<double>(d(b, j))), slots,
                                           static_cast<std::uint32_t>(out.rows + j), b, stream, operation);
      out.col_bits[static_cast<std::size_t>(b * out.cols + j)] = bits;
      col_counts[at] += std::popcount(bits);
    }
  });
  for (std::size_t b = 0; b < out.slots.size(); ++b) {
    out.total_slots += static_cast<double>(out.slots[b]);
    out.row_pulses += row_counts[b];
    out.col_pulses += col_counts[b];
  }
  return out;
}

}  // namespace ohmlab::crossbar
