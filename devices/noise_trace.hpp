#pragma once

#include <concepts>
#include <cstdint>

#include "../core/rng.hpp"

namespace ohmlab::devices {

/// Random words of cells at one time of their traces.
template <core::FloatPack V>
struct TraceDraws {
  core::Stream stream;
  core::WordOf<V> cell;
  std::uint64_t time;  ///< bits of the time, s; 0 for the draws that a cell keeps and starts with

  [[nodiscard]] OHMLAB_INLINE core::Block<core::WordOf<V>> block(
      std::uint32_t number) const noexcept {
    return core::random_block(stream, cell, time, core::splat<core::WordOf<V>>(number));
  }
};

/// Conductances of a device at w = -1 and w = +1, S.
struct ConductanceRange {
  double g_min, g_max;
};

/// Read noise that goes on from read to read: a trace of each cell along the experiment's clock. A
/// cell keeps `own` numbers of its own and `kept()` numbers that the trace changes.
template <class T>
concept NoiseTraceEntry =
    requires(const T& t, const TraceDraws<float>& draws, float* numbers, ConductanceRange range) {
      { T::own } -> std::convertible_to<int>;
      { t.kept() } -> std::same_as<int>;  // at most T::most_kept
      { T::most_kept } -> std::convertible_to<int>;
      t.template draw<float>(draws, numbers);            // the numbers of the cell's own
      t.template start<float>(draws, numbers, numbers);  // a start from the stationary law
      // what a time since the last read, s, does to any cell; then to a cell
      t.template advance<float>(draws, t.lapse(1.0), numbers, numbers);
      // S, of a cell that holds a conductance
      { t.template offset<float>(numbers, numbers, 1.0F, range) } -> std::same_as<float>;
      // standard deviation of what each read adds afresh, S
      { t.fresh(1.0, 0.0, 1.0) } -> std::same_as<double>;
      { t.white } -> std::convertible_to<double>;
    };

}  // namespace ohmlab::devices
