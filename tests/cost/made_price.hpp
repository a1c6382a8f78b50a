#pragma once

#include "ohmlab/cost/price.hpp"

namespace ohmlab {

/// A price with the 5th and 95th percentile a factor of `spread` below and above its median.
template <class P>
P around(double median, double spread = 1) {
  P price;
  price.median = median;
  price.p05 = median / spread;
  price.p95 = median * spread;
  price.source = "made for a test";
  return price;
}
template <class P>
P around(double median, double spread, const auto& law) {
  P price = around<P>(median, spread);
  price.law.choice = law;
  return price;
}

}  // namespace ohmlab
