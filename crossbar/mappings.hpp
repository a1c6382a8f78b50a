#pragma once

#include <concepts>
#include <optional>
#include <span>
#include <string_view>

#include "../core/fields.hpp"
#include "mapping/one_sided.hpp"
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
  for (const double weight : {-1.0, 0.0, 1.0}) {
    double sum = 0;
    for (const MappedPlane& plane : T::planes) {
      if (plane.coefficient * plane.coefficient !=
          T::planes[0].coefficient * T::planes[0].coefficient)
        return false;
      sum += plane.coefficient * plane.state(weight);
    }
    if (sum != weight) return false;  // the weight read is the weight programmed
  }
  return true;
}();

struct Mapping : core::OneOf<ReferenceMapping,  //
                             PairMapping, OneSidedMapping> {
  static constexpr std::string_view name = "mapping";
  static constexpr std::string_view question = "How is a weight made of cells?";
  static_assert(each_is([]<class Entry>() { return MappingEntry<Entry>; }));

  [[nodiscard]] std::span<const MappedPlane> planes() const {
    return visit([](const auto& m) {
      return std::span<const MappedPlane>(std::remove_cvref_t<decltype(m)>::planes);
    });
  }
  /// Change of the sum by a change of 1 of the cells that a positive update moves.
  [[nodiscard]] double moved_by_one() const {
    double sum = 0;
    for (const MappedPlane& plane : planes()) {
      if (!plane.one_way || plane.direction > 0) sum += plane.coefficient * plane.direction;
    }
    return sum;
  }
  [[nodiscard]] int pulsed_cells() const { return static_cast<int>(planes().size()); }
  [[nodiscard]] int fixed_cells() const {
    return visit([](const auto& m) { return std::remove_cvref_t<decltype(m)>::fixed_cells; });
  }
  /// Refresh of cells that are pulsed one way; none where pulses go both ways.
  [[nodiscard]] std::optional<Refresh> refresh() const {
    return visit([](const auto& m) -> std::optional<Refresh> {
      if constexpr (requires { m.refresh(); }) {
        return m.refresh();
      } else {
        return {};
      }
    });
  }
};

}  // namespace ohmlab::crossbar
