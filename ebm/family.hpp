#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include <fmt/format.h>

namespace ohmlab::ebm {

/// Kind of machine. A model is of one family; neurons, dynamics and rules serve some of them.
enum class Family {
  boltzmann,   ///< units draw their states
  hopfield,    ///< units settle to the least energy
  resistive,   ///< nodes of a resistive circuit settle by Kirchhoff's laws
  predictive,  ///< units settle to the least error of prediction
  forward,     ///< layers learn to tell right examples from wrong ones, in forward passes alone
};
constexpr std::array<std::string_view, 5> enum_names(Family) {
  return {"Boltzmann machine", "Hopfield network", "resistive network", "predictive coding network",
          "forward-forward network"};
}

[[nodiscard]] constexpr std::string_view title_of(Family family) {
  return enum_names(family)[static_cast<std::size_t>(family)];
}

/// Contract of an entry that serves families.
template <class T>
concept ServesFamilies = requires {
  { T::families[0] } -> std::convertible_to<Family>;
};

template <ServesFamilies Entry>
[[nodiscard]] constexpr bool serves(Family family) {
  return std::find(Entry::families.begin(), Entry::families.end(), family) != Entry::families.end();
}

/// Reason why the chosen entry of a catalogue does not serve a family, with those that do; or "".
template <class Catalogue>
[[nodiscard]] std::string misfit(Family family, const Catalogue& chosen) {
  const bool fits = chosen.visit(
      [&](const auto& entry) { return serves<std::remove_cvref_t<decltype(entry)>>(family); });
  if (fits) return "";
  std::string others;
  Catalogue::each([&]<class Entry>() {
    if (!serves<Entry>(family)) return;
    others += fmt::format("{}\"{}\"", others.empty() ? "" : " or ", Entry::name);
  });
  return fmt::format("{} \"{}\" does not go with a {}: expected {}", Catalogue::name, chosen.kind(),
                     title_of(family), others);
}

}  // namespace ohmlab::ebm
