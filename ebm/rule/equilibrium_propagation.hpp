#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "../piece.hpp"

namespace ohmlab::ebm {

/// States compared: nudged with free, free with counter-nudged, or nudged with counter-nudged.
enum class NudgeSide { positive, negative, centred };
constexpr std::array<std::string_view, 3> enum_names(NudgeSide) {
  return {"positive", "negative", "centred"};
}

/// Equilibrium propagation: the gradient of the cost from two states of rest of one network. They
/// differ by a weak pull towards the target. The error is of first order in the nudge, of second
/// order if centred.
struct EquilibriumPropagation {
  static constexpr std::string_view name = "ep";
  static constexpr std::string_view summary =
      "Equilibrium propagation: states at rest with the output nudged towards its target, less "
      "those without.";
  static constexpr std::string_view equation =
      "dw = (<s s>_nudged - <s s>_free)/nudge; centred: (<s s>_+nudge - <s s>_-nudge)/(2 nudge)";
  static constexpr std::string_view source =
      "Scellier & Bengio, Front. Comput. Neurosci. 11, 24 (2017); centred: Laborieux et al., "
      "Front. Neurosci. 15, 633674 (2021)";

  double nudge = 0.2;
  NudgeSide side = NudgeSide::centred;
  std::int64_t free_steps = 20;
  std::int64_t nudged_steps = 10;
  static constexpr auto fields = core::Fields{
      core::field("nudge", &EquilibriumPropagation::nudge, "",
                  core::Range{.low = 0, .high = 0.99, .low_open = true},
                  "pull of the output towards its target; below 1, so that a state of rest exists "
                  "on either side"),
      core::field("side", &EquilibriumPropagation::side, "sign of the nudge, or both signs"),
      core::field("free_steps", &EquilibriumPropagation::free_steps, "", core::between(1, 100000),
                  "sweeps until the network rests without a nudge"),
      core::field("nudged_steps", &EquilibriumPropagation::nudged_steps, "",
                  core::between(1, 100000), "sweeps after a nudge"),
  };

  [[nodiscard]] Recipe recipe() const {
    const auto nudged = [&](const char* stage, double strength) {
      return Phase{.stage = stage,
                   .held = {Role::input},
                   .start = Start::previous,
                   .from = 0,
                   .steps = nudged_steps,
                   .nudge = strength};
    };
    Recipe out{{{.stage = "train: free phase", .held = {Role::input}, .steps = free_steps}}, {}};
    if (side != NudgeSide::negative) out.phases.push_back(nudged("train: nudged phase", nudge));
    if (side != NudgeSide::positive)
      out.phases.push_back(nudged("train: counter-nudged phase", -nudge));
    switch (side) {
      case NudgeSide::positive:
        out.pieces = {{.phase = 1, .scale = 1 / nudge}, {.phase = 0, .scale = -1 / nudge}};
        break;
      case NudgeSide::negative:
        out.pieces = {{.phase = 0, .scale = 1 / nudge}, {.phase = 1, .scale = -1 / nudge}};
        break;
      case NudgeSide::centred:
        out.pieces = {{.phase = 1, .scale = 0.5 / nudge}, {.phase = 2, .scale = -0.5 / nudge}};
        break;
    }
    return out;
  }
};

}  // namespace ohmlab::ebm
