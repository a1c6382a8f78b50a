#pragma once

#include <optional>
#include <string>

#include "../../core/fields.hpp"

namespace ohmlab::devices {

/// The state that a worn cell keeps.
struct WornState {
  double low = 1, high = 0, here = 0;
  static constexpr auto fields = core::Fields{
      core::field("low", &WornState::low, "", core::at_least(0),
                  "relative share of the worn cells that stay at w = -1, beside `high` and `here`"),
      core::field("high", &WornState::high, "", core::at_least(0),
                  "relative share of the worn cells that stay at w = +1"),
      core::field("here", &WornState::here, "", core::at_least(0),
                  "relative share of the worn cells that stay where they are"),
  };
  /// w of a worn cell with this draw, uniform in [0, 1); nothing: its own.
  [[nodiscard]] std::optional<double> of(double draw) const noexcept {
    const double kind = draw * (low + high + here);
    if (kind < low) return -1;
    if (kind < low + high) return 1;
    return std::nullopt;
  }
  [[nodiscard]] std::string problem() const {
    return low + high + here == 0 ? "expected one of low, high and here above 0" : "";
  }
};

}  // namespace ohmlab::devices
