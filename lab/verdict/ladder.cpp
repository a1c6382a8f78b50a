#include "ladder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ohmlab::verdict {

double best(const Curve& curve) {
  double out = -std::numeric_limits<double>::infinity();
  for (const double value : curve.quality) {
    if (value > out) out = value;  // false for NaN
  }
  return out;
}

std::optional<std::size_t> arrival(const Curve& curve, double level) {
  for (std::size_t i = 0; i < curve.quality.size(); ++i) {
    if (curve.quality[i] >= level) return i;
  }
  return std::nullopt;
}

double middle(std::vector<double> values) {
  const auto place = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

bool most_reach(std::span<const Curve> curves, double level) {
  const auto reached = std::count_if(curves.begin(), curves.end(), [&](const Curve& curve) {
    return arrival(curve, level).has_value();
  });
  return 2 * static_cast<std::size_t>(reached) > curves.size();
}

std::optional<double> highest(std::span<const Curve> curves, std::span<const double> levels) {
  std::optional<double> out;
  for (const double level : levels) {
    if (most_reach(curves, level) && (!out || level > *out)) out = level;
  }
  return out;
}

std::vector<std::size_t> finalists(std::span<const Curve> curves, double slack) {
  std::size_t top = 0;
  for (std::size_t i = 1; i < curves.size(); ++i) {
    if (best(curves[i]) > best(curves[top])) top = i;
  }
  const double level = best(curves[top]) - slack;
  const auto time = [&](std::size_t i) {
    const auto there = arrival(curves[i], level);
    return there ? curves[i].at[*there] : std::numeric_limits<double>::infinity();
  };
  std::size_t quick = top;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const bool better = time(i) == time(quick) && best(curves[i]) > best(curves[quick]);
    if (time(i) < time(quick) || better) quick = i;
  }
  return quick == top ? std::vector{top} : std::vector{top, quick};
}

}  // namespace ohmlab::verdict
