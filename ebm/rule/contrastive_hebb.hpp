#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "../family.hpp"
#include "../piece.hpp"

namespace ohmlab::ebm {

/// Contrastive Hebbian learning: the state of rest with the outputs held at their targets, less
/// that of the free network.
struct ContrastiveHebb {
  static constexpr std::string_view name = "chl";
  static constexpr std::string_view summary =
      "Contrastive Hebbian learning: states at rest with the outputs held at their targets, less "
      "those of the free network.";
  static constexpr std::string_view equation = "dw = <s s>_clamped - <s s>_free";
  static constexpr std::string_view source =
      "Movellan, Connectionist Models Summer School, 10 (1990); Xie & Seung, Neural Comput. 15, "
      "441 "
      "(2003)";
  static constexpr std::array families{Family::hopfield};

  std::int64_t free_steps = 20;
  std::int64_t clamped_steps = 10;
  static constexpr auto fields = core::Fields{
      core::field("free_steps", &ContrastiveHebb::free_steps, "", core::between(1, 100000),
                  "sweeps until the free network rests"),
      core::field("clamped_steps", &ContrastiveHebb::clamped_steps, "", core::between(1, 100000),
                  "sweeps after the outputs are held"),
  };

  [[nodiscard]] Recipe recipe() const {
    return {{{.stage = "train: free phase", .held = {Role::input}, .steps = free_steps},
             {.stage = "train: clamped phase",
              .held = {Role::input},
              .start = Start::previous,
              .from = 0,
              .steps = clamped_steps,
              .clamp = 1}},
            {{.phase = 1, .scale = 1}, {.phase = 0, .scale = -1}}};
  }
};

}  // namespace ohmlab::ebm
