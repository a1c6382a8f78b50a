#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "plane.hpp"

namespace ohmlab::crossbar {

/// Two cells that are pulsed upwards only, for devices whose way down is an abrupt reset. A pair
/// that fills up is refreshed: read, reset, and programmed to its weight with one cell at rest.
///
/// The published schemes refresh all pairs or those that are nearly full, after a number of
/// updates. Here every pair is read and only the nearly full ones are written.
struct OneSidedMapping {
  static constexpr std::string_view name = "one_sided";
  static constexpr std::string_view summary =
      "Two cells pulsed upwards only; pairs that fill up are read, reset and programmed again.";
  static constexpr std::string_view equation =
      "weight = weight_scale (w_plus - w_minus)/2, both at rest at w = -1; positive changes pulse "
      "w_plus up, negative ones w_minus; every `every` changes, pairs with a reading above `full` "
      "are programmed to -1 + max(0, 2v), -1 + max(0, -2v), v = half the difference of readings";
  static constexpr std::string_view source =
      "Suri et al., IEDM 2011, 4.4.1 (pair with refresh); Boybat et al., Nat. Commun. 9, 2514 "
      "(2018) (both from abstracts)";
  static constexpr std::array planes{
      MappedPlane{.coefficient = 0.5, .target = 2, .direction = 1, .rest = -1, .one_way = true},
      MappedPlane{.coefficient = -0.5, .target = -2, .direction = -1, .rest = -1, .one_way = true}};
  static constexpr int fixed_cells = 0;
  double full = 0.75;
  std::int64_t every = 100;
  static constexpr auto fields = core::Fields{
      core::field("full", &OneSidedMapping::full, "", core::between(-1, 1e6),
                  "reading, in w, above which a pair is refreshed"),
      core::field("every", &OneSidedMapping::every, "", core::between(1, 1 << 30),
                  "changes of the weights from one check of all pairs to the next"),
  };
  [[nodiscard]] Refresh refresh() const noexcept { return {full, every}; }
};

}  // namespace ohmlab::crossbar
