#pragma once

#include <array>
#include <string_view>

#include "../../core/fields.hpp"
#include "plane.hpp"

namespace ohmlab::crossbar {

/// Two cells, both pulsed, in opposite directions.
struct PairMapping {
  static constexpr std::string_view name = "pair";
  static constexpr std::string_view summary = "Two pulsed cells, written in opposite directions.";
  static constexpr std::string_view equation = "weight = weight_scale (w_plus - w_minus)/2";
  static constexpr std::array planes{
      MappedPlane{.coefficient = 0.5, .target = 1, .direction = 1},
      MappedPlane{.coefficient = -0.5, .target = -1, .direction = -1}};
  static constexpr int fixed_cells = 0;
  static constexpr core::Fields<> fields{};
};

}  // namespace ohmlab::crossbar
