#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "../family.hpp"
#include "../piece.hpp"

namespace ohmlab::ebm {

/// Learning of predictive coding: with inputs and outputs held, the network settles to the least
/// error of prediction; each weight then goes down the gradient of that error. One outer product an
/// example: the difference is formed by the units before it is written. Incremental predictive
/// coding does not wait for rest: one outer product an example and move.
struct PredictionError {
  static constexpr std::string_view name = "prediction_error";
  static constexpr std::string_view summary =
      "Predictive coding: activity of the predicting unit times the error of the predicted one, at "
      "rest with the outputs held.";
  static constexpr std::string_view equation = "dW_l = <f(x_l-1) e_l>, db_l = <e_l>";
  static constexpr std::string_view source =
      "Whittington & Bogacz, Neural Comput. 29, 1229 (2017); incremental: Salvatori et al., ICLR "
      "2024, arXiv 2212.00720";
  static constexpr std::array families{Family::predictive};

  std::int64_t steps = 20;
  bool incremental = false;
  static constexpr auto fields = core::Fields{
      core::field("steps", &PredictionError::steps, "", core::between(1, 100000),
                  "moves of the units after the forward pass"),
      core::field("incremental", &PredictionError::incremental,
                  "weights change after every move of the units (incremental predictive coding); "
                  "else once, after the last"),
  };

  [[nodiscard]] Recipe recipe() const {
    return {{{.stage = "train: inference",
              .held = {Role::input, Role::label},
              .start = Start::rest,
              .steps = incremental ? 1 : steps}},
            {{.phase = 0, .column = error, .scale = 1}},
            0,
            1,
            false,
            {},
            incremental ? steps : 1};
  }
};

}  // namespace ohmlab::ebm
