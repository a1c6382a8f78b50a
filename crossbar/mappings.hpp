#pragma once

#include <string_view>
#include <tuple>

#include "ohmlab/core/fields.hpp"

/// How a weight is made of cells: weight = weight_scale × combination of states.
namespace ohmlab::crossbar {

/// One pulsed cell against a fixed reference cell at w = 0, as most papers publish.
struct ReferenceMapping {
  static constexpr std::string_view name = "reference";
  static constexpr std::string_view summary =
      "One pulsed cell against a fixed, noiseless reference cell at w = 0.";
  static constexpr std::string_view equation = "weight = weight_scale w";
  static constexpr int pulsed_cells = 1;
  static constexpr int fixed_cells = 1;
  static constexpr std::tuple<> fields{};
};

/// Two cells, both pulsed, in opposite directions.
struct PairMapping {
  static constexpr std::string_view name = "pair";
  static constexpr std::string_view summary = "Two pulsed cells, written in opposite directions.";
  static constexpr std::string_view equation = "weight = weight_scale (w_plus - w_minus)/2";
  static constexpr int pulsed_cells = 2;
  static constexpr int fixed_cells = 0;
  static constexpr std::tuple<> fields{};
};

struct Mapping : core::OneOf<ReferenceMapping,  //
                             PairMapping> {
  static constexpr std::string_view name = "mapping";
  static constexpr std::string_view question = "How is a weight made of cells?";

  [[nodiscard]] int pulsed_cells() const {
    return visit([](const auto& m) { return std::remove_cvref_t<decltype(m)>::pulsed_cells; });
  }
  [[nodiscard]] int fixed_cells() const {
    return visit([](const auto& m) { return std::remove_cvref_t<decltype(m)>::fixed_cells; });
  }
};

}  // namespace ohmlab::crossbar
