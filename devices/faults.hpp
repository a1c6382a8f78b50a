#pragma once

#include <concepts>
#include <string_view>

#include "../core/fields.hpp"
#include "faults/clusters.hpp"
#include "faults/none.hpp"
#include "faults/stuck.hpp"

namespace ohmlab::devices {

/// Faulty cells and lines. The array knows the lines and draws uniform numbers for each cell, each
/// line of a tile and each cluster (`crossbar/fault_map.hpp`).
template <class T>
concept FaultsEntry = core::Described<T> && requires(const T& t) {
  // w of a stuck cell with this draw; nothing if the cell works
  { t.stuck(0.5) } -> std::same_as<std::optional<double>>;
  // w of a cell that a cluster takes, from another such draw
  { t.state_of(0.5) } -> std::same_as<double>;
  { t.clusters() } -> std::same_as<Clusters>;
  { t.share_of_open_rows() } -> std::same_as<double>;
  { t.share_of_open_cols() } -> std::same_as<double>;
  { t.key() } -> std::same_as<std::int64_t>;  // key of the draws
  { T::any } -> std::convertible_to<bool>;    // true if faults can occur
};

struct Faults : core::OneOf<NoFaults,  //
                            StuckFaults> {
  static constexpr std::string_view name = "faults";
  static constexpr std::string_view question = "Which cells do not work?";
};
static_assert(Faults::each_is([]<class T>() { return FaultsEntry<T>; }));

}  // namespace ohmlab::devices
