#pragma once

#include <concepts>
#include <optional>
#include <string_view>

#include "../core/fields.hpp"
#include "wires/estimate.hpp"
#include "wires/exact.hpp"

namespace ohmlab::crossbar {

/// The lines of a tile. `resistances` are nothing if lines do not resist.
template <class T>
concept WiresEntry = core::Described<T> && requires(const T& t) {
  { t.resistances() } -> std::same_as<std::optional<WireResistances>>;
  // mean conductance, longest line, share lost
  { t.figure(0.0, 0.0, 0.0) } -> std::same_as<Figure>;
};

struct Wires : core::OneOf<EstimatedWires,  //
                           ExactWires> {
  static constexpr std::string_view name = "wires";
  static constexpr std::string_view question = "What do the lines of a tile do to its voltages?";
  static_assert(each_is([]<class Entry>() { return WiresEntry<Entry>; }));

  [[nodiscard]] std::optional<WireResistances> resistances() const {
    return visit([](const auto& entry) { return entry.resistances(); });
  }
  [[nodiscard]] bool resist() const { return resistances().has_value(); }
};

}  // namespace ohmlab::crossbar
