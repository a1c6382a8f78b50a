#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../cost/stages.hpp"
#include "../family.hpp"
#include "../piece.hpp"

namespace ohmlab::ebm {

/// Contrastive divergence: the chain starts at the data in every update. The change is the mean
/// product with the data held, less that of the model's own states. For an endless chain it is the
/// gradient of the log-likelihood of a Boltzmann machine.
struct ContrastiveDivergence {
  static constexpr std::string_view name = "cd";
  static constexpr std::string_view summary =
      "Contrastive divergence: k Gibbs steps away from the data.";
  static constexpr std::string_view equation =
      "dw = <v h>_data - <v h> after k steps from the data";
  static constexpr std::string_view source = "Hinton, Neural Comput. 14, 1771 (2002)";
  static constexpr std::array families{Family::boltzmann};

  std::int64_t steps = 1;
  std::int64_t data_steps = 1;
  std::int64_t chains_per_example = 1;
  static constexpr auto fields = core::Fields{
      core::field("steps", &ContrastiveDivergence::steps, "", core::between(1, 100000),
                  "Gibbs steps per update"),
      core::field("data_steps", &ContrastiveDivergence::data_steps, "", core::between(1, 100000),
                  "Gibbs steps of the hidden layers while the data is held; one is exact if they "
                  "are not coupled with each other"),
      core::field("chains_per_example", &ContrastiveDivergence::chains_per_example, "",
                  core::between(1, 10000),
                  "independent chains from each example; the change is their mean"),
  };

  [[nodiscard]] Recipe recipe() const {
    return {
        {{.stage = "train: data phase", .held = {Role::input, Role::label}, .steps = data_steps},
         {.stage = std::string(cost::model_stage),
          .start = Start::previous,
          .from = 0,
          .steps = steps}},
        {{.phase = 0, .scale = 1}, {.phase = 1, .scale = -1}},
        0,
        chains_per_example};
  }
};

}  // namespace ohmlab::ebm
