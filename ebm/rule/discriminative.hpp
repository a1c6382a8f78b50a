#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../cost/stages.hpp"
#include "../family.hpp"
#include "../piece.hpp"

namespace ohmlab::ebm {

/// Gradient of ln p(label | example), which is exact: no chain is run. Units form the difference
/// of target and probability before it is written, so that one change an example reaches the cells
/// of the example's weights, and one a label those of the label's. With `generative` above 0 the
/// gradient of ln p(example, label) is added, by persistent chains.
struct Discriminative {
  static constexpr std::string_view name = "discriminative";
  static constexpr std::string_view summary =
      "Exact gradient of ln p(label | example), for machines whose law of a label is exact; "
      "optionally with a share of the generative gradient.";
  static constexpr std::string_view equation =
      "dW = <v Σ_k e_k h_k>, dU_k = <e_k h_k>, e_k = [k = y] - p(k|v), h_k = s(b + vW + U_k); plus "
      "generative times the change by pcd";
  static constexpr std::string_view source = "Larochelle & Bengio, ICML 2008 (also the hybrid)";
  static constexpr std::array families{Family::boltzmann};

  double generative = 0;
  std::int64_t steps = 1;
  std::int64_t chains = 0;
  static constexpr auto fields = core::Fields{
      core::field("generative", &Discriminative::generative, "", core::between(0, 1000),
                  "weight of the gradient of ln p(example, label); 0: it is left out"),
      core::field("steps", &Discriminative::steps, "", core::between(1, 100000),
                  "Gibbs steps per update of the generative part"),
      core::field("chains", &Discriminative::chains, "", core::between(0, 1 << 20),
                  "persistent chains of the generative part; 0 takes one per example of a batch"),
  };

  [[nodiscard]] std::string problem() const {
    return generative == 0 && (steps != 1 || chains != 0)
               ? "steps and chains are those of the generative part: expected generative above 0"
               : "";
  }

  [[nodiscard]] Recipe recipe() const {
    Recipe out{{{.stage = "train: labels phase", .shows_labels = true}},
               {{.phase = 0, .column = weighed}}};
    if (generative == 0) return out;
    out.phases.push_back({.stage = "train: data phase", .held = {Role::input, Role::label}});
    out.phases.push_back(
        {.stage = std::string(cost::model_stage), .start = Start::chains, .steps = steps});
    out.pieces.push_back({.phase = 1, .scale = generative});
    out.pieces.push_back({.phase = 2, .scale = -generative});
    out.chains = chains;
    return out;
  }
};

}  // namespace ohmlab::ebm
