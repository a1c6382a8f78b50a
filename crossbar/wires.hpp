#pragma once

#include <concepts>
#include <optional>
#include <string_view>

#include "../core/fields.hpp"
#include "wires/estimate.hpp"
#include "wires/exact.hpp"

namespace ohmlab::crossbar {

/// The lines of a tile. `tile` is their network with cells of these conductances, or nothing if
/// lines do not resist.
template <class T>
concept WiresEntry = core::Described<T> && requires(const T& t, const core::MatrixD& conductances) {
  { t.tile(conductances) } -> std::same_as<std::optional<WiredTile>>;
  // mean conductance, longest line, share lost
  { t.figure(0.0, 0.0, 0.0) } -> std::same_as<Figure>;
  { T::resist } -> std::convertible_to<bool>;
};

struct Wires : core::OneOf<EstimatedWires,  //
                           ExactWires> {
  static constexpr std::string_view name = "wires";
  static constexpr std::string_view question = "What do the lines of a tile do to its voltages?";
  static_assert(each_is([]<class Entry>() { return WiresEntry<Entry>; }));

  [[nodiscard]] bool resist() const {
    return visit([](const auto& entry) { return std::remove_cvref_t<decltype(entry)>::resist; });
  }
};

}  // namespace ohmlab::crossbar
