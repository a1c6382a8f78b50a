#include "ohmlab/crossbar/dacs.hpp"

#include <concepts>

namespace ohmlab::crossbar {

bool Dac::drives(cost::Action action) {
  bool found = false;
  each([&]<class Entry>() { found = found || Entry::action == action; });
  return found;
}

double Dac::noise_gain() const {
  return visit([](const auto& dac) {
    double sum = 0;
    for (std::int64_t slice = 0; slice < dac.slices(); ++slice) {
      const auto share = static_cast<double>(dac.share(slice));
      sum += share * share * dac.conduction(static_cast<double>(dac.level(1.0F, slice)));
    }
    return sum;
  });
}

Dac::Means Dac::means(double mean_square) const {
  return visit([&](const auto& dac) -> Means {
    if constexpr (std::derived_from<std::remove_cvref_t<decltype(dac)>, ByAmplitude>) {
      return {mean_square, mean_square};
    } else {
      // Both signs are alike; what lies beyond full scale is at the last level.
      const auto n = static_cast<std::int64_t>(levels_each_side(dac.resolution));
      const auto beyond = [&](double level) {
        return std::erfc(level / static_cast<double>(n) / std::sqrt(2 * mean_square));
      };
      Means out;
      for (std::int64_t k = 1; k <= n; ++k) {
        const double half = static_cast<double>(k) - 0.5;
        const double probability = beyond(half) - (k < n ? beyond(half + 1) : 0);
        for (std::int64_t slice = 0; slice < dac.slices(); ++slice) {
          const auto level =
              static_cast<double>(dac.level(static_cast<float>(k) / static_cast<float>(n), slice));
          out.conduction += probability * dac.conduction(level);
          out.swing += probability * dac.swing(level);
        }
      }
      return out;
    }
  });
}

}  // namespace ohmlab::crossbar
