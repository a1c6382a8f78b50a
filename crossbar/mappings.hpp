#pragma once

#include <concepts>
#include <span>
#include <string_view>

#include "../core/fields.hpp"
#include "mapping/pair.hpp"
#include "mapping/reference.hpp"

namespace ohmlab::crossbar {

/// A weight as a sum of cells: weight = weight_scale × Σ coefficient · state. Coefficients have one
/// size, so that the current of a cell counts alike in every plane.
template <class T>
concept MappingEntry = core::Described<T> && requires {
  { std::span<const MappedPlane>(T::planes) };
  { T::fixed_cells } -> std::convertible_to<int>;
} && [] {
  double sum = 0;
  for (const MappedPlane& plane : T::planes) {
    if (plane.coefficient * plane.coefficient !=
        T::planes[0].coefficient * T::planes[0].coefficient)
      return false;
    sum += plane.coefficient * plane.target;
  }
  return sum == 1;  // the weight read is the weight programmed
}();

struct Mapping : core::OneOf<ReferenceMapping,  //
                             PairMapping> {
  static constexpr std::string_view name = "mapping";
  static constexpr std::string_view question = "How is a weight made of cells?";
  static_assert(each_is([]<class Entry>() { return MappingEntry<Entry>; }));

  [[nodiscard]] std::span<const MappedPlane> planes() const {
    return visit([](const auto& m) {
      return std::span<const MappedPlane>(std::remove_cvref_t<decltype(m)>::planes);
    });
  }
  [[nodiscard]] int pulsed_cells() const { return static_cast<int>(planes().size()); }
  [[nodiscard]] int fixed_cells() const {
    return visit([](const auto& m) { return std::remove_cvref_t<decltype(m)>::fixed_cells; });
  }
};

}  // namespace ohmlab::crossbar
