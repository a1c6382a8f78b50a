#include "drivers.hpp"

#include <algorithm>
#include <array>

#include "../core/rng.hpp"

namespace ohmlab::crossbar {
namespace {

constexpr std::uint32_t made_bit = 1U << 30U,  // places of arrays and bits of converters are others
    noise_bits = 3U << 30U;
constexpr Index slice = 256;

}  // namespace

Drivers::Drivers(const Dac& dac, const ArrayContext& context, const Tiling& tiling)
    : errors_(dac.errors()),
      ends_(tiling.ends()),
      noise_stream_(
          core::stream(context.seed, core::StreamId::output_noise, context.place() | noise_bits)) {
  if (exact()) return;
  constexpr Index each = LineErrors::normals;
  const core::Stream stream =
      core::stream(context.seed, core::StreamId::output_noise, context.place() | made_bit);
  made_.resize(static_cast<std::size_t>(ends_ * each));
  std::array<float, LineErrors::normals> xi{};
  for (Index end = 0; end < ends_; ++end) {
    core::fill_normal(stream, static_cast<std::uint64_t>(end), 0, xi);
    errors_.draw(xi.data(), made_.data() + end * each);
  }
}

void Drivers::bend(Index end, bool off_at_zero, float* levels, Index count) const noexcept {
  const float* made = made_.data() + end * LineErrors::normals;
  for (Index k = 0; k < count; ++k) {
    if (off_at_zero && levels[k] == 0) continue;
    levels[k] = LineErrors::bent(levels[k], made + k * LineErrors::normals);
  }
}

void Drivers::disturb(const Levels& at, bool off_at_zero, float* levels,
                      Index count) const noexcept {
  std::array<float, slice> noise{};
  const auto size = static_cast<float>(errors_.noise);
  for (Index from = 0; from < count; from += slice) {
    const Index part = std::min(slice, count - from);
    if (size > 0) {
      core::fill_normal(noise_stream_, at.operation,
                        static_cast<std::uint64_t>(at.vector * ends_ + at.end + from),
                        {noise.data(), static_cast<std::size_t>(part)});
    }
    for (Index k = 0; k < part; ++k) {
      float& level = levels[from + k];
      if (off_at_zero && level == 0) continue;
      level = LineErrors::bent(level, made_.data() + (at.end + from + k) * LineErrors::normals) +
              size * noise[static_cast<std::size_t>(k)];
    }
  }
}

}  // namespace ohmlab::crossbar
