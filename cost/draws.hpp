#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ohmlab::cost {

/// A figure at the median of all prices, and its 5th and 95th percentile over their draws.
struct Band {
  double nominal = 0, p05 = 0, p95 = 0;
};

/// A figure under every draw of its uncertain inputs. Draw i of all figures from one list uses the
/// same prices, so shared uncertainty cancels in ratios.
struct Draws {
  double nominal = 0;
  std::vector<double> values;

  [[nodiscard]] Band band() const;
};

/// Arithmetic draw by draw.
/// \pre both sides have the same number of draws
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

/// Standard normals of a named quantity, one per draw. They do not depend on other quantities.
[[nodiscard]] std::vector<double> deviates_of(const std::string& name, const DrawOptions& options);

}  // namespace ohmlab::cost
