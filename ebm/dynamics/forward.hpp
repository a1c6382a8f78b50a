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

/// One pass from the held layers on. Each layer forms its activities and its goodness; the next one
/// gets the activities divided by their length, so that it sees their direction alone.
///
/// Two scalars of a layer are declared to all of its units by its periphery: the probability p that
/// its goodness is that of a positive example, and 2|h|, the slope of a sum of squares.
struct ForwardDynamics {
  static constexpr std::string_view name = "forward";
  static constexpr std::string_view summary =
      "One forward pass: each layer forms its goodness, and passes its activities on at length 1.";
  static constexpr std::string_view equation =
      "h_l = f(W_l x_l-1 + b_l), g_l = Σ h_l² or its mean, p_l = 1/(1 + exp(threshold - g_l)), x_l "
      "= h_l/|h_l|";
  static constexpr std::string_view source = "Hinton, arXiv 2212.13345 (2022)";
  static constexpr std::array families{Family::forward};
  static constexpr double numbers_of_unit = 1;
  static constexpr core::Fields<> fields{};

  /// \param free  one flag per layer
  void run(Network& network, const std::vector<bool>& free, const std::vector<Nudge>& nudges,
           std::int64_t sweeps, States& states) const;

  /// Fields of a layer from all that feed it, biases included. fields: batch × units.
  static void feed(Network& network, std::size_t layer, const States& states, core::Matrix& fields);
  /// Makes `state` of a layer of its fields in `value`: its activities at length 1.
  /// \returns the lengths |h| of the activities, one per example
  static core::Vector pass(Network& network, std::size_t layer, Activity& units);
};

}  // namespace ohmlab::ebm
