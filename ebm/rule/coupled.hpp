#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "../family.hpp"
#include "../piece.hpp"

namespace ohmlab::ebm {

/// Coupled learning: outputs are held a little nearer to their targets than the free circuit brings
/// them. Conductances change by the difference of the powers that they dissipate.
struct CoupledLearning {
  static constexpr std::string_view name = "coupled";
  static constexpr std::string_view summary =
      "Coupled learning: squared voltage drops of the free circuit, less those with the outputs "
      "held a little nearer to their targets.";
  static constexpr std::string_view equation =
      "v_out,clamped = v_out,free + share (target - v_out,free); dg = ((v_i - v_j)²_free - (v_i - "
      "v_j)²_clamped)/(2 share)";
  static constexpr std::string_view source =
      "Stern, Hexner, Rocks & Liu, Phys. Rev. X 11, 021045 (2021); Dillavou et al., Phys. Rev. "
      "Appl. 18, 014040 (2022)";
  static constexpr std::array families{Family::resistive};

  double share = 0.1;
  std::int64_t free_steps = 4;
  std::int64_t clamped_steps = 4;
  static constexpr auto fields = core::Fields{
      core::field("share", &CoupledLearning::share, "",
                  core::Range{.low = 0, .high = 1, .low_open = true},
                  "share of the way to the target at which outputs are held"),
      core::field("free_steps", &CoupledLearning::free_steps, "", core::between(1, 100000),
                  "sweeps until the free circuit rests"),
      core::field("clamped_steps", &CoupledLearning::clamped_steps, "", core::between(1, 100000),
                  "sweeps after the outputs are held"),
  };

  [[nodiscard]] Recipe recipe() const {
    Recipe out{{{.stage = "train: free phase", .held = {Role::input}, .steps = free_steps},
                {.stage = "train: clamped phase",
                 .held = {Role::input},
                 .start = Start::previous,
                 .from = 0,
                 .steps = clamped_steps,
                 .clamp = share}},
               {}};
    add_drops(1, 1 / share, out.pieces);
    add_drops(0, -1 / share, out.pieces);
    return out;
  }
};

}  // namespace ohmlab::ebm
