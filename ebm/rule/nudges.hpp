#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../piece.hpp"

namespace ohmlab::ebm {

/// States compared: nudged with free, free with counter-nudged, nudges on both sides, or the first
/// two by a fair coin each update.
enum class NudgeSide { positive, negative, centred, random };
constexpr std::array<std::string_view, 4> enum_names(NudgeSide) {
  return {"positive", "negative", "centred", "random"};
}

/// Phases of equilibrium propagation, and the shares of their statistics in d/dnudge at 0.
struct Nudging {
  double nudge;  ///< the largest
  NudgeSide side;
  std::int64_t points;
  std::int64_t free_steps, nudged_steps;

  [[nodiscard]] std::string problem() const {
    if (points % 2 != 0) return "points: expected an even number, half of it on either side";
    if (points != 2 && side != NudgeSide::centred)
      return "points: more than two nudges need side = \"centred\"";
    return "";
  }

  /// Nudges: one, or Chebyshev's nodes of both sides, the largest first on either side.
  [[nodiscard]] std::vector<double> strengths() const {
    if (side == NudgeSide::positive || side == NudgeSide::random) return {nudge};
    if (side == NudgeSide::negative) return {-nudge};
    std::vector<double> out;
    const auto node = [&](std::int64_t k) {
      return std::cos((2 * static_cast<double>(k) + 1) * std::numbers::pi /
                      (2 * static_cast<double>(points)));
    };
    for (std::int64_t k = 0; k < points / 2; ++k) {
      out.push_back(nudge * node(k) / node(0));
      out.push_back(-out.back());
    }
    return out;
  }

  /// The free phase and the nudged ones, without pieces.
  [[nodiscard]] Recipe phases() const {
    Recipe out{{{.stage = "train: free phase", .held = {Role::input}, .steps = free_steps}}, {}};
    for (const double strength : strengths()) {
      out.phases.push_back(
          {.stage = strength > 0 ? "train: nudged phase" : "train: counter-nudged phase",
           .held = {Role::input},
           .start = Start::previous,
           .from = 0,
           .steps = nudged_steps,
           .nudge = strength});
    }
    out.random_sign = side == NudgeSide::random;
    return out;
  }

  /// Phases and the scales of their statistics. On both sides: the derivative at 0 of Lagrange's
  /// polynomial through all nudges, which are symmetric, so that the free phase has no share.
  [[nodiscard]] std::vector<std::pair<std::size_t, double>> shares() const {
    const std::vector<double> at = strengths();
    if (side != NudgeSide::centred) return {{1, 1 / at[0]}, {0, -1 / at[0]}};
    std::vector<std::pair<std::size_t, double>> out;
    for (std::size_t k = 0; k < at.size(); ++k) {
      // l_k'(0) of nodes ±a: only the factor of the node's mirror image is odd.
      double share = 1 / (2 * at[k]);
      for (std::size_t j = 0; j < at.size(); j += 2) {
        if (j / 2 != k / 2) share *= at[j] * at[j] / (at[j] * at[j] - at[k] * at[k]);
      }
      out.emplace_back(k + 1, share);
    }
    return out;
  }
};

}  // namespace ohmlab::ebm
