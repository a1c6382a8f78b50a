#pragma once

#include <array>
#include <string_view>

#include "../../core/fields.hpp"
#include "../family.hpp"
#include "../field.hpp"

namespace ohmlab::ebm {

/// A converter per column; digital logic adds the bias and applies the function of the layer.
struct FunctionNeuron {
  static constexpr std::string_view name = "function";
  static constexpr std::string_view summary =
      "Each column is converted to a number, of which digital logic takes the layer's function; "
      "nothing is random.";
  static constexpr std::string_view equation = "s_j = f(x·w_j + b_j)";
  static constexpr std::string_view source = "definition";
  static constexpr bool gives_means = true;
  static constexpr bool draws_bits = false;
  static constexpr bool draws_one_of = false;
  static constexpr std::array families{Family::predictive, Family::forward};
  static constexpr core::Fields<> fields{};

  /// A layer as predicted from those that feed it.
  void compute(const Field& field, Activity& out) const;
  /// Makes `state` of `value` by the layer's function.
  static void show(const LayerPlan& layer, cost::Edge& edge, cost::Tally::Component component,
                   Activity& units);
};

}  // namespace ohmlab::ebm
