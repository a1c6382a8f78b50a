#include "cell_symmetry.hpp"

#include <algorithm>
#include <cmath>

#include "cell_statistics.hpp"

namespace ohmlab::experiments {
namespace {

using core::Index;
using core::Vector;

constexpr Index fewest_averaged = 32;  // pairs

/// A pulse up and one down; the mean of the states after each.
Vector pair(CellBench& bench) {
  bench.pulse(true);
  const Vector high = bench.states();
  bench.pulse(false);
  return (high + bench.states()) / 2;
}

double mean_of(const Vector& states, const std::vector<Index>& cells) {
  double sum = 0;
  for (const Index cell : cells) sum += static_cast<double>(states[cell]);
  return sum / static_cast<double>(cells.size());
}

}  // namespace

Symmetry find_symmetry(const BothEnds& benches, const std::vector<Index>& cells, Index most,
                       double tolerance, const Tick& tick) {
  Symmetry out;
  Vector above, below;
  const auto next = [&] {
    tick();
    above = pair(benches.above);
    below = pair(benches.below);
    out.above.push_back(mean_of(above, cells));
    out.below.push_back(mean_of(below, cells));
  };
  std::vector<Index> met(cells.size(), 0);  // the first pair since which the states are the same
  Index pairs = 0;
  for (bool apart = true; apart && pairs < most;) {
    ++pairs;
    next();
    apart = false;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const double gap =
          std::abs(static_cast<double>(above[cells[c]]) - static_cast<double>(below[cells[c]]));
      if (gap > tolerance) {
        met[c] = 0;
        apart = true;
      } else if (met[c] == 0) {
        met[c] = pairs;
      }
    }
  }
  out.point.resize(cells.size());
  if (std::all_of(met.begin(), met.end(), [](Index at) { return at == 0; })) return out;

  std::vector<Moments> states(cells.size());
  for (Index more = std::max(fewest_averaged, pairs); more > 0; --more) {
    next();
    for (std::size_t c = 0; c < cells.size(); ++c) {
      states[c].add((static_cast<double>(above[cells[c]]) + static_cast<double>(below[cells[c]])) /
                    2);
    }
  }
  for (std::size_t c = 0; c < cells.size(); ++c) {
    if (met[c] == 0) continue;
    out.point[c] = states[c].mean();
    out.wander.push_back(states[c].deviation());
    out.pairs.push_back(static_cast<double>(met[c]));
  }
  return out;
}

}  // namespace ohmlab::experiments
