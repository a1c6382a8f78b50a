#pragma once

#include <array>
#include <string_view>

#include "../../core/fields.hpp"
#include "../family.hpp"
#include "../piece.hpp"

namespace ohmlab::ebm {

/// Gradient of the pseudo-likelihood of a machine without hidden units: each unit is predicted from
/// all others, which are held at the example. No chain is run. For examples from the machine's own
/// law the maximum is at its parameters (consistent), but it is no maximum of the likelihood.
///
/// With drawn states in the place of means, the change has the same expectation.
struct PseudoLikelihood {
  static constexpr std::string_view name = "pseudo_likelihood";
  static constexpr std::string_view summary =
      "Pseudo-likelihood of fully visible machines: units less their means given all others.";
  static constexpr std::string_view equation =
      "e_i = s_i - p(s_i=1 | all others); dw_ij = <e_i s_j + s_i e_j>, db_i = <e_i>";
  static constexpr std::string_view source =
      "Besag, The Statistician 24, 179 (1975); Hyvärinen, Neural Comput. 18, 2283 (2006)";
  static constexpr std::array families{Family::boltzmann};
  static constexpr core::Fields<> fields{};

  [[nodiscard]] static Recipe recipe() {
    return {{{.stage = "train: data phase",
              .held = {Role::input, Role::label},
              .steps = 1,
              .predicts = true}},
            {{.phase = 0, .row = error, .column = activity, .biases = false},
             {.phase = 0, .row = activity, .column = error}}};
  }
};

}  // namespace ohmlab::ebm
