#include "noise_trace.hpp"

#include <algorithm>
#include <bit>
#include <type_traits>

#include <fmt/format.h>

#include "../core/parallel.hpp"

namespace ohmlab::crossbar {
namespace {

using core::F16;
using core::Index;
using core::Matrix;

constexpr Index lanes = 16;
constexpr Index row_slice = 4;  // fixed: results do not depend on the number of threads

/// Sixteen cells of a row.
struct Place {
  Index row, col;
};

OHMLAB_INLINE void load_all(const std::vector<Matrix>& from, const Place& place,
                            F16* numbers) noexcept {
  for (std::size_t k = 0; k < from.size(); ++k)
    numbers[k] = core::load<F16>(&from[k](place.row, place.col));
}
OHMLAB_INLINE void store_all(std::vector<Matrix>& to, const Place& place,
                             const F16* numbers) noexcept {
  for (std::size_t k = 0; k < to.size(); ++k) core::store(&to[k](place.row, place.col), numbers[k]);
}

/// Calls work(entry, row) for some rows if the noise has a trace.
template <class Work>
void each_row(const devices::ReadNoise& noise, Index count, double work_each, const Work& work) {
  noise.visit([&]<class T>(const T& entry) {
    if constexpr (devices::NoiseTraceEntry<T>) {
      core::for_slices(count, row_slice, work_each, [&](Index begin, Index end) noexcept {
        for (Index i = begin; i < end; ++i) work(entry, i);
      });
    }
  });
}

}  // namespace

NoiseTrace::NoiseTrace(const devices::Device& device, Index rows, Index cols,
                       const core::Stream& stream, std::uint32_t first_cell)
    : noise_(device.read_noise),
      range_{device.lowest(), device.highest()},
      speed_(device.acceleration(device.activation.noise)),
      stream_(stream),
      first_cell_(first_cell),
      cols_(cols) {
  const Index width = (cols + lanes - 1) / lanes * lanes;
  noise_.visit([&]<class T>(const T& entry) {
    if constexpr (devices::NoiseTraceEntry<T>) {
      own_.assign(T::own, Matrix::Zero(rows, width));
      kept_.assign(static_cast<std::size_t>(entry.kept()), Matrix::Zero(rows, width));
      times_.assign(static_cast<std::size_t>(rows), 0.0);
    }
  });
  each_row(noise_, rows, static_cast<double>(100 * width),
           [&]<class T>(const T& entry, Index i) noexcept {
    for (Index j = 0; j < width; j += lanes) {
      const auto cell = static_cast<std::uint32_t>(i * cols_ + j) + first_cell_;
      const devices::TraceDraws<F16> draws{stream_, core::lane_index<core::U16>() + cell, 0};
      F16 own[T::own], kept[T::most_kept];
      entry.template draw<F16>(draws, own);
      entry.template start<F16>(draws, own, kept);
      store_all(own_, {i, j}, own);
      store_all(kept_, {i, j}, kept);
    }
  });
}

void NoiseTrace::advance(Index first, Index count, double now) {
  const Index width = own_.empty() ? 0 : own_[0].cols();
  const auto key = std::bit_cast<std::uint64_t>(now);  // not 0: no time before the first is reached
  each_row(noise_, count, static_cast<double>(20 * width) * static_cast<double>(kept_.size()),
           [&]<class T>(const T& entry, Index row) noexcept {
    const Index i = first + row;
    double& time = times_[static_cast<std::size_t>(i)];
    if (now <= time) return;
    const auto lapse = entry.lapse(speed_ * (now - time));
    time = now;
    for (Index j = 0; j < width; j += lanes) {
      const auto cell = static_cast<std::uint32_t>(i * cols_ + j) + first_cell_;
      const devices::TraceDraws<F16> draws{stream_, core::lane_index<core::U16>() + cell, key};
      F16 own[T::own], kept[T::most_kept];
      load_all(own_, {i, j}, own);
      load_all(kept_, {i, j}, kept);
      entry.template advance<F16>(draws, lapse, own, kept);
      store_all(kept_, {i, j}, kept);
    }
  });
}

void NoiseTrace::add_to(Matrix& states, Index first) const {
  const auto low = static_cast<float>(range_.g_min),
             half = static_cast<float>((range_.g_max - range_.g_min) / 2);
  each_row(noise_, states.rows(),
           static_cast<double>(4 * cols_) * static_cast<double>(kept_.size()),
           [&]<class T>(const T& entry, Index i) noexcept {
    for (Index j = 0; j < cols_; j += lanes) {
      const Index here = std::min(lanes, cols_ - j);
      F16 own[T::own], kept[T::most_kept], w{};
      load_all(own_, {first + i, j}, own);
      load_all(kept_, {first + i, j}, kept);
      for (Index l = 0; l < here; ++l) w[l] = states(i, j + l);
      const F16 g = core::max(F16(low + (w + 1.0F) * half), F16{});
      w += entry.template offset<F16>(own, kept, g, range_) / half;
      for (Index l = 0; l < here; ++l) states(i, j + l) = w[l];
    }
  });
}

void NoiseTrace::state(core::Archive& archive) {
  if (own_.empty()) return;
  archive.item("trace_times", times_);
  for (std::size_t k = 0; k < kept_.size(); ++k) archive.item(fmt::format("trace{}", k), kept_[k]);
}

double NoiseTrace::bytes() const {
  double numbers = 0;
  for (const std::vector<Matrix>* all : {&own_, &kept_})
    for (const Matrix& one : *all) numbers += static_cast<double>(one.size());
  return numbers * sizeof(float);
}

}  // namespace ohmlab::crossbar
