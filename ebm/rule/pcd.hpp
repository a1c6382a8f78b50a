#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../cost/stages.hpp"
#include "../family.hpp"
#include "../piece.hpp"

namespace ohmlab::ebm {

/// Persistent contrastive divergence (stochastic maximum likelihood): chains continue from update
/// to update.
struct PersistentCd {
  static constexpr std::string_view name = "pcd";
  static constexpr std::string_view summary =
      "Persistent contrastive divergence: chains that never return to the data.";
  static constexpr std::string_view equation =
      "dw = <v h>_data - <v h> of persistent chains after k more steps";
  static constexpr std::string_view source =
      "Tieleman, ICML 2008; Younes, Stochastics 65, 177 (1999)";
  static constexpr std::array families{Family::boltzmann};

  std::int64_t steps = 1;
  std::int64_t data_steps = 1;
  std::int64_t chains = 0;
  static constexpr auto fields = core::Fields{
      core::field("steps", &PersistentCd::steps, "", core::between(1, 100000),
                  "Gibbs steps per update"),
      core::field("data_steps", &PersistentCd::data_steps, "", core::between(1, 100000),
                  "Gibbs steps of the hidden layers while the data is held; one is exact if they "
                  "are not coupled with each other"),
      core::field("chains", &PersistentCd::chains, "", core::between(0, 1 << 20),
                  "number of chains; 0 takes one per example of a batch"),
  };

  [[nodiscard]] Recipe recipe() const {
    return {
        {{.stage = "train: data phase", .held = {Role::input, Role::label}, .steps = data_steps},
         {.stage = std::string(cost::model_stage), .start = Start::chains, .steps = steps}},
        {{.phase = 0, .scale = 1}, {.phase = 1, .scale = -1}},
        chains};
  }
};

}  // namespace ohmlab::ebm
