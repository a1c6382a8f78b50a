#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "../family.hpp"
#include "../piece.hpp"

namespace ohmlab::ebm {

/// Forward-forward learning: each layer raises its goodness on examples with their own label and
/// lowers it on the same examples with a wrong one. Its change is the gradient of ln p on the
/// former, and of ln(1 - p) on the latter, of that layer alone: nothing is passed backwards.
struct ForwardForward {
  static constexpr std::string_view name = "forward_forward";
  static constexpr std::string_view summary =
      "Forward-forward: each layer raises its goodness on examples with their own label, and "
      "lowers "
      "it on those with a wrong one.";
  static constexpr std::string_view equation =
      "dW_l = <x_l-1 2 (1 - p_l) h_l>_positive - <x_l-1 2 p_l h_l>_negative; of a mean of squares, "
      "over the layer's units";
  static constexpr std::string_view source = "Hinton, arXiv 2212.13345 (2022)";
  static constexpr std::array families{Family::forward};

  WrongLabels negatives = WrongLabels::uniform;
  static constexpr auto fields = core::Fields{
      core::field("negatives", &ForwardForward::negatives,
                  "law of the wrong labels: all alike, or by the goodness that they have now"),
  };

  [[nodiscard]] Recipe recipe() const {
    return {{{.stage = "train: positive phase", .held = {Role::input, Role::label}},
             {.stage = "train: negative phase",
              .held = {Role::input, Role::label},
              .wrong_labels = negatives}},
            {{.phase = 0, .column = more_goodness, .scale = 1},
             {.phase = 1, .column = less_goodness, .scale = -1}}};
  }
};

}  // namespace ohmlab::ebm
