#include "dacs.hpp"

#include <cmath>
#include <type_traits>

namespace ohmlab::crossbar {
namespace {

/// Probability that a normal number of unit variance is beyond ±x.
double beyond(double x) { return std::erfc(x / std::sqrt(2.0)); }

/// Means over inputs that reach the line unrounded.
template <class D, class Law>
Dac::Means means_of(const D& dac, const Law& law, double sigma) {
  constexpr double step = 1.0 / 64, reach = 8;
  Dac::Means out;
  for (double x = 0; x < reach; x += step) {  // both signs are alike
    const double probability = beyond(x) - beyond(x + step), level = sigma * (x + step / 2);
    out.heat += probability * dac.heat(law, level);
    out.swing += probability * dac.swing(level);
  }
  return out;
}

/// Means over levels; inputs beyond full scale are at the last level.
template <class D, class Law>
  requires requires(const D& dac) { dac.resolution; }
Dac::Means means_of(const D& dac, const Law& law, double sigma) {
  const auto n = static_cast<std::int64_t>(levels_each_side(dac.resolution));
  Dac::Means out;
  for (std::int64_t k = 1; k <= n; ++k) {
    const double half = static_cast<double>(k) - 0.5, width = sigma * static_cast<double>(n);
    const double probability = beyond(half / width) - (k < n ? beyond((half + 1) / width) : 0);
    for (std::int64_t slice = 0; slice < dac.slices(); ++slice) {
      const auto level =
          static_cast<double>(dac.level(static_cast<float>(k) / static_cast<float>(n), slice));
      out.heat += probability * dac.heat(law, level);
      out.swing += probability * dac.swing(level);
    }
  }
  return out;
}

}  // namespace

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
      sum +=
          share * share *
          dac.noise(devices::OhmicConduction::Law{}, static_cast<double>(dac.level(1.0F, slice)));
    }
    return sum;
  });
}

Dac::Means Dac::means(double mean_square, const devices::Conduction& conduction,
                      double v_read) const {
  return visit([&](const auto& dac) -> Means {
    const bool by_voltage = dac.slices() == 1 && dac.heat_is_swing;
    if (by_voltage && conduction.linear()) return {mean_square, mean_square};
    return conduction.visit([&](const auto& entry) {
      return means_of(dac, entry.law(v_read), std::sqrt(mean_square));
    });
  });
}

}  // namespace ohmlab::crossbar
