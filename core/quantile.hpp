#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <vector>

namespace ohmlab::core {

/// Value below which a share of sorted values lies, between neighbours by a straight line.
/// \pre values are sorted, not empty; share from 0 to 1
[[nodiscard]] inline double quantile(const std::vector<double>& sorted, double share) {
  assert(!sorted.empty() && share >= 0 && share <= 1);
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (place - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

}  // namespace ohmlab::core
