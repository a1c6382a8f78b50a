#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "../family.hpp"
#include "../piece.hpp"
#include "nudges.hpp"

namespace ohmlab::ebm {

/// Equilibrium propagation in a resistive circuit: the change of a conductance follows from the
/// voltage drops across it alone.
struct VoltageDropEp {
  static constexpr std::string_view name = "ep_drops";
  static constexpr std::string_view summary =
      "Equilibrium propagation from voltage drops: squares with the outputs nudged towards their "
      "targets, less those without.";
  static constexpr std::string_view equation =
      "dg = -((v_i - v_j)²_nudged - (v_i - v_j)²_free)/(2 nudge); centred: d/dnudge at 0 of the "
      "polynomial through nudges on both sides";
  static constexpr std::string_view source =
      "Kendall et al., arXiv 2006.01981 (2020); Scellier, arXiv 2402.11674 (2024)";
  static constexpr std::array families{Family::resistive};

  double nudge = 0.5;
  NudgeSide side = NudgeSide::centred;
  std::int64_t points = 2;
  std::int64_t free_steps = 4;
  std::int64_t nudged_steps = 4;
  static constexpr auto fields = core::Fields{
      core::field("nudge", &VoltageDropEp::nudge, "",
                  core::Range{.low = 0, .high = 1000, .low_open = true},
                  "conductance between the outputs and their targets, in units of weights"),
      core::field("side", &VoltageDropEp::side,
                  "sign of the nudge: one, both, or a fair coin each update"),
      core::field("points", &VoltageDropEp::points, "", core::between(2, 16),
                  "number of nudges of a centred estimate, an even number"),
      core::field("free_steps", &VoltageDropEp::free_steps, "", core::between(1, 100000),
                  "sweeps until the circuit rests without a nudge"),
      core::field("nudged_steps", &VoltageDropEp::nudged_steps, "", core::between(1, 100000),
                  "sweeps after a nudge"),
  };
  [[nodiscard]] std::string problem() const { return nudging().problem(); }

  [[nodiscard]] Recipe recipe() const {
    Recipe out = nudging().phases();
    for (const auto& [phase, scale] : nudging().shares()) add_drops(phase, scale, out.pieces);
    return out;
  }

 private:
  [[nodiscard]] Nudging nudging() const { return {nudge, side, points, free_steps, nudged_steps}; }
};

}  // namespace ohmlab::ebm
