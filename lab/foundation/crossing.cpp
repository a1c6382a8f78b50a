#include "crossing.hpp"

#include <cmath>
#include <limits>
#include <optional>

namespace ohmlab::foundation {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Verdict of one draw on the grid.
struct Verdict {
  std::optional<double> at;
  bool loses = false;  ///< analog takes more at the start of the grid; counts if it never crosses
};

Crossing summary(const Verdict& nominal, const std::vector<Verdict>& draws) {
  Crossing out;
  cost::Draws crossed{nominal.at.value_or(nan), {}};
  for (const Verdict& draw : draws) {
    if (draw.at) {
      crossed.values.push_back(*draw.at);
    } else {
      (draw.loses ? out.never : out.always) += 1 / static_cast<double>(draws.size());
    }
  }
  out.at = crossed.values.empty() ? cost::Band{crossed.nominal, nan, nan} : crossed.band();
  return out;
}

}  // namespace

cost::Draws Contest::ratio(double x) const {
  return (analog + analog_slope * x) / (digital + digital_slope * x);
}

Crossing crossing(const Contest& c, double from, double to) {
  const auto verdict = [&](double a, double b, double digital, double slope) {
    const auto excess = [&](double x) { return a + x * b - digital - x * slope; };
    Verdict out{std::nullopt, excess(from) > 0};
    if ((excess(from) > 0) != (excess(to) > 0)) out.at = (digital - a) / (b - slope);
    return out;
  };
  std::vector<Verdict> draws;
  for (std::size_t i = 0; i < c.analog.values.size(); ++i) {
    draws.push_back(verdict(c.analog.values[i], c.analog_slope.values[i], c.digital.values[i],
                            c.digital_slope.values[i]));
  }
  return summary(
      verdict(c.analog.nominal, c.analog_slope.nominal, c.digital.nominal, c.digital_slope.nominal),
      draws);
}

Crossing crossing(const std::vector<double>& grid, const std::vector<cost::Draws>& ratios) {
  const auto verdict = [&](const auto& ratio_at) {
    Verdict out{std::nullopt, ratio_at(0) > 1};
    for (std::size_t k = 1; k < grid.size(); ++k) {
      const double before = std::log(ratio_at(k - 1)), after = std::log(ratio_at(k));
      if ((before > 0) == (after > 0)) continue;
      out.at = grid[k - 1] + (grid[k] - grid[k - 1]) * before / (before - after);
      break;
    }
    return out;
  };
  std::vector<Verdict> draws;
  for (std::size_t i = 0; i < ratios.front().values.size(); ++i) {
    draws.push_back(verdict([&](std::size_t k) { return ratios[k].values[i]; }));
  }
  return summary(verdict([&](std::size_t k) { return ratios[k].nominal; }), draws);
}

std::vector<double> even_logarithms(double from, double to, std::size_t points) {
  std::vector<double> out;
  for (std::size_t i = 0; i < points; ++i) {
    out.push_back(from *
                  std::pow(to / from, static_cast<double>(i) / static_cast<double>(points - 1)));
  }
  return out;
}

}  // namespace ohmlab::foundation
