#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "../family.hpp"
#include "../network.hpp"
#include "../phase.hpp"

namespace ohmlab::ebm {

/// Layers in a chain, each predicted from the one before. A unit moves down the gradient of the sum
/// of squared errors: its own error, and those that it causes in the next layer. At first every
/// free layer is as predicted.
///
/// Predictions and errors of all layers are formed first, then all free layers move at once. States
/// that have values go on from them; errors are then formed anew, since weights may have changed.
struct PredictiveDynamics {
  static constexpr std::string_view name = "predictive";
  static constexpr std::string_view summary =
      "Predictive coding: units move down the gradient of the squared errors of their own "
      "prediction and of the next layer's.";
  static constexpr std::string_view equation =
      "e_l = x_l - W_l f(x_l-1) - b_l; x_l <- x_l + step (-e_l + f'(x_l) W_l+1^T e_l+1)";
  static constexpr std::string_view source =
      "Rao & Ballard, Nat. Neurosci. 2, 79 (1999); Whittington & Bogacz, Neural Comput. 29, 1229 "
      "(2017)";
  static constexpr std::array families{Family::predictive};
  static constexpr double numbers_of_unit = 2;  // what its lines carry, and its error
  double step = 0.1;
  static constexpr auto fields = core::Fields{
      core::field("step", &PredictiveDynamics::step, "",
                  core::Range{.low = 0, .high = 1, .low_open = true},
                  "share of the gradient that one sweep goes"),
  };

  /// \param free    one flag per layer
  /// \param sweeps  moves after the free layers were set to their predictions
  void run(Network& network, const std::vector<bool>& free, const std::vector<Nudge>& nudges,
           std::int64_t sweeps, States& states) const;

 private:
  static void begin(Network& network, const std::vector<bool>& free,
                    std::vector<core::Matrix>& first, States& states);
  static void predict(Network& network, std::size_t layer, const States& states, core::Matrix& to);
  static void form_errors(Network& network, const std::vector<bool>& free,
                          const std::vector<core::Matrix>& first, States& states);
  void move(Network& network, const std::vector<bool>& free, States& states) const;
};

}  // namespace ohmlab::ebm
