#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "../../core/fields.hpp"
#include "../family.hpp"
#include "../piece.hpp"
#include "nudges.hpp"

namespace ohmlab::ebm {

/// Equilibrium propagation: the gradient of the cost from states of rest of one network. They
/// differ by a weak pull towards the target. The error is of first order in a nudge to one side, of
/// order N for N nudges on both sides.
struct EquilibriumPropagation {
  static constexpr std::string_view name = "ep";
  static constexpr std::string_view summary =
      "Equilibrium propagation: states at rest with the output nudged towards its target, less "
      "those without.";
  static constexpr std::string_view equation =
      "dw = (<s s>_nudged - <s s>_free)/nudge; centred: d<s s>/dnudge at 0 of the polynomial "
      "through nudges on both sides";
  static constexpr std::string_view source =
      "Scellier & Bengio, Front. Comput. Neurosci. 11, 24 (2017); centred: Laborieux et al., "
      "Front. Neurosci. 15, 633674 (2021); several nudges: after Laborieux & Zenke, NeurIPS 2022, "
      "by real nudges";
  static constexpr std::array families{Family::hopfield};

  double nudge = 0.2;
  NudgeSide side = NudgeSide::centred;
  std::int64_t points = 2;
  std::int64_t free_steps = 20;
  std::int64_t nudged_steps = 10;
  static constexpr auto fields = core::Fields{
      core::field("nudge", &EquilibriumPropagation::nudge, "",
                  core::Range{.low = 0, .high = 0.99, .low_open = true},
                  "pull of the output towards its target; below 1, so that a state of rest exists "
                  "on either side"),
      core::field("side", &EquilibriumPropagation::side,
                  "sign of the nudge: one, both, or a fair coin each update"),
      core::field("points", &EquilibriumPropagation::points, "", core::between(2, 16),
                  "number of nudges of a centred estimate, an even number"),
      core::field("free_steps", &EquilibriumPropagation::free_steps, "", core::between(1, 100000),
                  "sweeps until the network rests without a nudge"),
      core::field("nudged_steps", &EquilibriumPropagation::nudged_steps, "",
                  core::between(1, 100000), "sweeps after a nudge"),
  };
  [[nodiscard]] std::string problem() const { return nudging().problem(); }

  [[nodiscard]] Recipe recipe() const {
    Recipe out = nudging().phases();
    for (const auto& [phase, scale] : nudging().shares())
      out.pieces.push_back({.phase = phase, .scale = scale});
    return out;
  }

 private:
  [[nodiscard]] Nudging nudging() const { return {nudge, side, points, free_steps, nudged_steps}; }
};

}  // namespace ohmlab::ebm
