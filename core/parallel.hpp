#pragma once

#include <algorithm>

#include <omp.h>

#include "matrix.hpp"

namespace ohmlab::core {

/// Sets the number of threads of parallel loops; a number below 1 changes nothing.
inline void set_threads(int count) {
  if (count > 0) omp_set_num_threads(count);
}
[[nodiscard]] inline int threads() { return omp_get_max_threads(); }

/// Must be called before every parallel loop. False in a process forked after the first call: there
/// a parallel loop would wait for ever.
[[nodiscard]] bool wake_threads() noexcept;

/// For entry points of long work.
/// \throws std::runtime_error in a process forked after a parallel loop
void require_threads();

/// Calls body(begin, end) for the slices [0, size), [size, 2·size), … of [0, count), on all
/// threads.
///
/// Slice sizes are constants of the caller, never derived from the number of threads: results do
/// not depend on it. The body must not throw and may write only to its own slice.
/// \param work_each  elementary operations per item; short loops run on this thread alone, as all
/// loops do in a forked process
template <class Body>
void for_slices(Index count, Index size, double work_each, const Body& body) {
  constexpr double worth_threads =
      2e5;  // some ten microseconds, the cost of waking and joining a thread
  const Index slices = (count + size - 1) / size;
  const bool parallel =
      static_cast<double>(count) * work_each > worth_threads && threads() > 1 && wake_threads();
#pragma omp parallel for schedule(static) if (parallel)
  for (Index slice = 0; slice < slices; ++slice) {
    body(slice * size, std::min(count, (slice + 1) * size));
  }
}

}  // namespace ohmlab::core
