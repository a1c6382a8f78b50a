// Times of writes in four bytes a cell against one float64 a cell.

#include "ohmlab/crossbar/write_times.hpp"

#include <cstdint>
#include <vector>

#include "tests/catch.hpp"

using namespace ohmlab;
using core::Index;

TEST_CASE("each cell has the time of its last write, through many writes and a restart") {
  constexpr Index rows = 20, cols = 30;
  crossbar::WriteTimes times(rows, cols);
  core::MatrixD expected = core::MatrixD::Zero(rows, cols);
  std::uint32_t random = 1;
  const auto next = [&](std::uint32_t below) {
    random = random * 1664525U + 1013904223U;
    return (random >> 8) % below;
  };
  double now = 0;
  for (int write = 0; write < 5000; ++write) {
    now += 1e-7 * (1 + next(1000));
    if (write % 500 == 499) {  // a whole array, row after row
      std::vector<double> ends;
      for (Index i = 0; i < rows; ++i) ends.push_back(now += 1e-3);
      const std::uint32_t first = times.places_of(ends);
      for (Index i = 0; i < rows; ++i) {
        times.places().row(i).setConstant(first + static_cast<std::uint32_t>(i));
        expected.row(i).setConstant(ends[static_cast<std::size_t>(i)]);
      }
      continue;
    }
    const std::uint32_t place = times.place_of(now);
    for (std::uint32_t cells = next(5); cells > 0; --cells) {
      const Index i = next(rows), j = next(cols);
      times.places()(i, j) = place;
      expected(i, j) = now;
    }
    if (write != 2500) continue;
    core::Archive saved;
    times.state(saved);
    core::Archive restored(saved.items());
    times = crossbar::WriteTimes(rows, cols);
    times.state(restored);
  }
  core::MatrixD found(rows, cols);
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < cols; ++j) found(i, j) = times.at(i, j);
  }
  CHECK(found == expected);
  CHECK(expected.maxCoeff() > expected.minCoeff());
}
