#include "converters.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

#include "../core/parallel.hpp"
#include "../core/rng.hpp"

namespace ohmlab::crossbar {
namespace {

constexpr Index slice = 256;             // readings whose noise is drawn together
constexpr std::int64_t most_draws = 16;  // standard normals of one conversion
constexpr Index converter_slice = 64;    // fixed: results do not depend on the number of threads
constexpr std::uint32_t made_bit = 1U << 31U;  // places of arrays stay below

}  // namespace

Converters::Converters(const Adc& adc, const ArrayContext& context, const Tiling& tiling)
    : adc_(adc),
      noise_stream_(core::stream(context.seed, core::StreamId::output_noise, context.place())) {
  adc_.visit([&]<class Entry>(const Entry& entry) {
    lines_each_ = static_cast<Index>(entry.lines_each());
    if constexpr (BuiltAdc<Entry>) {
      if (entry.exact()) return;
      const core::Stream stream =
          core::stream(context.seed, core::StreamId::output_noise, context.place() | made_bit);
      const Index count = (tiling.ends() + lines_each_ - 1) / lines_each_;
      parts_ = static_cast<Index>(entry.parts());
      made_.resize(static_cast<std::size_t>(count * parts_));
      std::array<float, LineErrors::normals> common{};
      core::fill_normal(stream, ~std::uint64_t{0}, 0, common);
      const auto normals = static_cast<std::size_t>(entry.normals());
      core::for_slices(count, converter_slice, static_cast<double>(10 * normals),
                       [&](Index begin, Index end) noexcept {
        std::vector<float> xi(normals);
        for (Index k = begin; k < end; ++k) {
          core::fill_normal(stream, static_cast<std::uint64_t>(k), 0, xi);
          entry.build(xi.data(), common.data(), made_.data() + k * parts_);
        }
      });
    }
  });
}

double Converters::convert(const Readings& readings, float* values, Index width) const noexcept {
  return adc_.visit([&]<class Entry>(const Entry& adc) {
    std::int32_t clipped = 0;
    for (Index j = 0; j < width; ++j) clipped += adc.clips(values[j]) ? 1 : 0;
    if constexpr (BuiltAdc<Entry>) {
      if (!made_.empty()) {
        convert_by(adc, readings, values, width);
        return static_cast<double>(clipped);
      }
    }
    for (Index j = 0; j < width; ++j) values[j] = adc.convert(values[j]);
    return static_cast<double>(clipped);
  });
}

template <class Entry>
void Converters::convert_by(const Entry& adc, const Readings& readings, float* values,
                            Index width) const noexcept {
  const std::int64_t draws = adc.draws();
  std::array<float, slice * most_draws> noise;  // draw after draw, only as far as it is read
  std::array<float, most_draws> own{};
  for (Index from = 0; from < width; from += slice) {
    const Index count = std::min(slice, width - from);
    for (std::int64_t k = 0; k < draws; ++k) {
      core::fill_normal(
          noise_stream_,
          readings.operation * static_cast<std::uint64_t>(draws) + static_cast<std::uint64_t>(k),
          readings.first + static_cast<std::uint64_t>(from),
          {noise.data() + k * slice, static_cast<std::size_t>(count)});
    }
    for (Index j = 0; j < count; ++j) {
      for (std::int64_t k = 0; k < draws; ++k)
        own[static_cast<std::size_t>(k)] = noise[static_cast<std::size_t>(k * slice + j)];
      const Index converter = (readings.end + from + j) / lines_each_;
      float& value = values[from + j];
      value = adc.convert(value, made_.data() + converter * parts_, own.data());
    }
  }
}

}  // namespace ohmlab::crossbar
