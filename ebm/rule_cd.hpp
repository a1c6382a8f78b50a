#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/ebm/boltzmann_rule.hpp"

namespace ohmlab::ebm {

/// Contrastive divergence: the chain starts at the data in every update.
struct ContrastiveDivergence : BoltzmannRule {
  static constexpr std::string_view name = "cd";
  static constexpr std::string_view summary = "Contrastive divergence: k Gibbs steps away from the data.";
  static constexpr std::string_view equation = "dw = <v h>_data - <v h> after k steps from the data";
  static constexpr std::string_view source = "Hinton, Neural Comput. 14, 1771 (2002)";
  static constexpr bool persistent = false;

  std::int64_t steps = 1;
  static constexpr auto fields = std::tuple{
      core::field("steps", &ContrastiveDivergence::steps, "", core::between(1, 100000),
                  "Gibbs steps per update"),
  };
};

}  // namespace ohmlab::ebm
