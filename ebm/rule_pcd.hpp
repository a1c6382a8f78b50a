#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/ebm/boltzmann_rule.hpp"

namespace ohmlab::ebm {

/// Persistent contrastive divergence (stochastic maximum likelihood): chains go on from update to update.
struct PersistentCd : BoltzmannRule {
  static constexpr std::string_view name = "pcd";
  static constexpr std::string_view summary =
      "Persistent contrastive divergence: chains that never return to the data.";
  static constexpr std::string_view equation =
      "dw = <v h>_data - <v h> of persistent chains after k more steps";
  static constexpr std::string_view source = "Tieleman, ICML 2008; Younes, Stochastics 65, 177 (1999)";
  static constexpr bool persistent = true;

  std::int64_t steps = 1;
  std::int64_t chains = 0;
  static constexpr auto fields = std::tuple{
      core::field("steps", &PersistentCd::steps, "", core::between(1, 100000), "Gibbs steps per update"),
      core::field("chains", &PersistentCd::chains, "", core::between(0, 1 << 20),
                  "number of chains; 0 takes one per example of a batch"),
  };
};

}  // namespace ohmlab::ebm
