#pragma once

#include <array>
#include <string_view>

#include "../../core/fields.hpp"
#include "plane.hpp"

namespace ohmlab::crossbar {

/// One pulsed cell against a fixed reference cell at w = 0, as most papers publish.
struct ReferenceMapping {
  static constexpr std::string_view name = "reference";
  static constexpr std::string_view summary =
      "One pulsed cell against a fixed, noiseless reference cell at w = 0.";
  static constexpr std::string_view equation = "weight = weight_scale w";
  static constexpr std::array planes{MappedPlane{.coefficient = 1, .target = 1, .direction = 1}};
  static constexpr int fixed_cells = 1;
  static constexpr core::Fields<> fields{};
};

}  // namespace ohmlab::crossbar
