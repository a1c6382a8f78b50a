#pragma once

#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../cost/stages.hpp"
#include "../piece.hpp"

namespace ohmlab::ebm {

/// Contrastive divergence whose model phase counts less. An example of docs/adding.md: at share 0
/// it is plain Hebbian learning, which has no end.
struct Hebb {
  static constexpr std::string_view name = "hebb";
  static constexpr std::string_view summary = "Hebbian learning, less a share of the model's own.";
  static constexpr std::string_view equation = "dw = <v h>_data - share <v h> after a step";
  static constexpr std::string_view source = "Hebb, The Organization of Behavior, Wiley (1949)";
  double share = 0.8;
  static constexpr auto fields = core::Fields{core::field(
      "share", &Hebb::share, "", core::between(0, 1), "weight of what the model does by itself")};

  [[nodiscard]] Recipe recipe() const {
    return {{{.stage = "train: data phase", .held = {Role::input, Role::label}},
             {.stage = std::string(cost::model_stage), .start = Start::previous, .from = 0}},
            {{.phase = 0, .scale = 1}, {.phase = 1, .scale = -share}}};
  }
};

}  // namespace ohmlab::ebm
