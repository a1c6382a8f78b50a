#include "distance.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "../../core/rng.hpp"

namespace ohmlab::ebm {

using core::Index;

std::optional<Distance> distance(const core::VectorD& counts, const core::VectorD& law,
                                 double effective, std::uint64_t seed) {
  if (!(effective >= 1) || std::sqrt(static_cast<double>(law.size()) / effective) / 2 >= 1)
    return std::nullopt;
  // States in the order of their numbers; a guide per part of [0, 1) starts the search.
  const auto states = static_cast<std::size_t>(law.size());
  std::vector<double> upto(states);
  double sum = 0;
  for (std::size_t s = 0; s < states; ++s) upto[s] = sum += law[static_cast<Index>(s)];
  std::vector<std::size_t> guide(states + 1);
  for (std::size_t g = 0, s = 0; g <= states; ++g) {
    while (s + 1 < states && upto[s] <= sum * static_cast<double>(g) / static_cast<double>(states))
      ++s;
    guide[g] = s;
  }
  const auto size = static_cast<std::size_t>(std::min(effective, floor_size));
  const double shrink = std::sqrt(static_cast<double>(size) / effective);
  // Samplers read no data: the stream of synthetic data is free here.
  const core::Stream stream = core::stream(seed, core::StreamId::exact_samples);
  std::vector<std::uint32_t> words(2 * size);
  core::VectorD seen(law.size());
  double mean = 0, squares = 0;
  for (int repeat = 0; repeat < floor_draws; ++repeat) {
    core::fill_words(stream, static_cast<std::uint64_t>(repeat), 0, words);
    seen.setZero();
    for (std::size_t k = 0; k < size; ++k) {
      const double u = core::uniform_double(words[2 * k], words[2 * k + 1]);
      std::size_t s = guide[static_cast<std::size_t>(u * static_cast<double>(states))];
      while (s + 1 < states && upto[s] <= sum * u) ++s;
      seen[static_cast<Index>(s)] += 1;
    }
    const double far = shrink * (seen / static_cast<double>(size) - law).cwiseAbs().sum() / 2;
    mean += far / floor_draws;
    squares += far * far / floor_draws;
  }
  const double spread = std::sqrt(std::max(squares - mean * mean, 0.0));
  return Distance{(counts / counts.sum() - law).cwiseAbs().sum() / 2, mean,
                  std::max(spread, 1e-12)};
}

}  // namespace ohmlab::ebm
