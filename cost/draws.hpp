#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ohmlab::cost {

/// A figure at the median of all prices, and the 5th and 95th percentile over draws of them.
struct Band {
  double nominal = 0, p05 = 0, p95 = 0;
};

/// A figure under every draw of what is uncertain. Draw i of one figure uses the same prices as
/// draw i of any other made from the same list, so ratios of two carry what they have in common.
struct Draws {
  double nominal = 0;
  std::vector<double> values;

  [[nodiscard]] Band band() const;
};

/// Draw by draw; both sides have as many.
[[nodiscard]] Draws operator*(const Draws& a, const Draws& b);
[[nodiscard]] Draws operator/(const Draws& a, const Draws& b);
[[nodiscard]] Draws operator+(const Draws& a, const Draws& b);
[[nodiscard]] Draws operator-(const Draws& a, const Draws& b);
[[nodiscard]] Draws operator*(const Draws& a, double b);
Draws& operator+=(Draws& a, const Draws& b);
Draws& operator+=(Draws& a, double b);
/// The larger of two, draw by draw.
[[nodiscard]] Draws larger(const Draws& a, const Draws& b);
/// Each draw limited from above.
[[nodiscard]] Draws at_most(const Draws& a, double most);

struct DrawOptions {
  std::int64_t draws = 2000;
  std::uint64_t seed = 1;
};

/// The standard normal that moves what has this name in every draw, whatever else is drawn.
[[nodiscard]] std::vector<double> deviates_of(const std::string& name, const DrawOptions& options);

}  // namespace ohmlab::cost
