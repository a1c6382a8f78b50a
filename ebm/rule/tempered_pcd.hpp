#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "../../cost/stages.hpp"
#include "../family.hpp"
#include "../piece.hpp"
#include "../tempered.hpp"

namespace ohmlab::ebm {

/// Persistent contrastive divergence whose chains have hotter replicas, which exchange states with
/// them. Where modes are so far apart that a chain never leaves its own, hot replicas bring states
/// of the others.
struct TemperedPcd {
  static constexpr std::string_view name = "tempered_pcd";
  static constexpr std::string_view summary =
      "Persistent contrastive divergence with replicas at several inverse temperatures, which "
      "exchange states.";
  static constexpr std::string_view equation =
      "dw = <v h>_data - <v h> of the replica at 1; neighbours m, n exchange with probability "
      "min(1, exp((b_m - b_n)(E_m - E_n)))";
  static constexpr std::string_view source =
      "Desjardins et al., AISTATS, PMLR 9, 145 (2010); Salakhutdinov, ICML 2010; turns: Syed et "
      "al., J. R. Stat. Soc. B 84, 321 (2022)";
  static constexpr std::array families{Family::boltzmann};

  std::int64_t steps = 1;
  std::int64_t data_steps = 1;
  std::int64_t chains = 0;
  std::vector<double> inv_temps{1, 0.8, 0.6, 0.4, 0.2};
  Scaling scaling = Scaling::drivers;
  static constexpr auto fields = core::Fields{
      core::field("steps", &TemperedPcd::steps, "", core::between(1, 100000),
                  "times per update that neighbours exchange and every replica makes a Gibbs step"),
      core::field("data_steps", &TemperedPcd::data_steps, "", core::between(1, 100000),
                  "Gibbs steps of the hidden layers while the data is held; one is exact if they "
                  "are not coupled with each other"),
      core::field("chains", &TemperedPcd::chains, "", core::between(0, 1 << 20),
                  "number of chains, each with one replica per inverse temperature; 0 takes one "
                  "per example of a batch"),
      core::field("inv_temps", &TemperedPcd::inv_temps, "", core::between(0, 1),
                  "inverse temperatures of the replicas, falling from 1; at 0 units are fair "
                  "coins"),
      core::field("scaling", &TemperedPcd::scaling, scaling_meaning),
  };

  [[nodiscard]] std::string problem() const { return std::string(ladder_problem(inv_temps)); }

  [[nodiscard]] Recipe recipe() const {
    return {
        {{.stage = "train: data phase", .held = {Role::input, Role::label}, .steps = data_steps},
         {.stage = std::string(cost::model_stage),
          .start = Start::chains,
          .steps = steps,
          .ladder = Ladder{inv_temps, scaling}}},
        {{.phase = 0, .scale = 1}, {.phase = 1, .scale = -1}},
        chains};
  }
};

}  // namespace ohmlab::ebm
