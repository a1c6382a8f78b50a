#pragma once

#include <string_view>

#include "../../core/fields.hpp"
#include "../cell_groups.hpp"

namespace ohmlab::crossbar {

/// Cells count from w = 0. A device whose symmetry point is elsewhere, or spreads over cells,
/// learns towards it.
struct NoCalibration {
  static constexpr std::string_view name = "none";
  static constexpr std::string_view summary = "All cells count from w = 0.";
  static constexpr core::Fields<> fields{};
  static constexpr bool moves = false;
  [[nodiscard]] bool due(std::uint64_t) const noexcept { return false; }
  void calibrate(CellGroups&, std::size_t) const {}
};

}  // namespace ohmlab::crossbar
