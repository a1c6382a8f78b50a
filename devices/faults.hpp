#pragma once

#include <concepts>
#include <string_view>

#include "../core/fields.hpp"
#include "faults/none.hpp"
#include "faults/stuck.hpp"

namespace ohmlab::devices {

/// Which cells do not work. The array, which knows their lines, draws a uniform number for each
/// cell and for each line of a tile (`crossbar/fault_map.hpp`).
template <class T>
concept FaultsEntry = core::Described<T> && requires(const T& t) {
  {
    t.stuck(0.5)
  } -> std::same_as<std::optional<double>>;  // w at which a cell with this draw rests
  { t.share_of_open_rows() } -> std::same_as<double>;
  { t.share_of_open_cols() } -> std::same_as<double>;
  { t.key() } -> std::same_as<std::int64_t>;  // of the draws
  { T::any } -> std::convertible_to<bool>;    // whether there can be faults
};

struct Faults : core::OneOf<NoFaults,  //
                            StuckFaults> {
  static constexpr std::string_view name = "faults";
  static constexpr std::string_view question = "Which cells do not work?";
};
static_assert(Faults::each_is([]<class T>() { return FaultsEntry<T>; }));

}  // namespace ohmlab::devices
