#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "../../core/fields.hpp"

namespace ohmlab::devices {

/// Cells that no pulse moves, and open lines. A stuck cell conducts and has read noise like any
/// other cell in its state. No current flows through the cells of an open line.
struct StuckFaults {
  static constexpr std::string_view name = "stuck";
  static constexpr std::string_view summary =
      "A share of the cells is stuck at the low end, the high end, a state or random states; a "
      "share "
      "of the lines is open.";
  static constexpr std::string_view equation =
      "P(stuck) = 1 - yield, divided among low, high, at and random; an open line takes all cells "
      "of "
      "one tile on it";
  static constexpr std::string_view source = "definition";
  static constexpr bool any = true;
  double yield = 0.99;
  double low = 1, high = 0, at = 0, random = 0;
  double state = 0, range = 0.1;
  double open_rows = 0, open_cols = 0;
  std::int64_t seed = 1;
  static constexpr auto fields = std::tuple{
      core::field("yield", &StuckFaults::yield, "", core::fraction, "share of the cells that work"),
      core::field("low", &StuckFaults::low, "", core::at_least(0),
                  "relative share of the stuck cells at w = -1, beside `high`, `at` and `random`"),
      core::field("high", &StuckFaults::high, "", core::at_least(0),
                  "relative share of the stuck cells at w = +1"),
      core::field("at", &StuckFaults::at, "", core::at_least(0),
                  "relative share of the stuck cells at `state`"),
      core::field("state", &StuckFaults::state, "", core::between(-2, 2),
                  "w of the stuck cells that `at` counts"),
      core::field("random", &StuckFaults::random, "", core::at_least(0),
                  "relative share of the stuck cells that each have a state of their own, uniform "
                  "from -`range` to `range`"),
      core::field("range", &StuckFaults::range, "", core::between(0, 2),
                  "farthest state from w = 0 of the stuck cells that `random` counts"),
      core::field("open_rows", &StuckFaults::open_rows, "", core::fraction,
                  "share of the row lines of a tile that are open"),
      core::field("open_cols", &StuckFaults::open_cols, "", core::fraction,
                  "share of the column lines of a tile that are open"),
      core::field("seed", &StuckFaults::seed, "", core::at_least(0),
                  "seed that selects cells and lines together with the array's name; the run's "
                  "seed does not"),
  };
  [[nodiscard]] std::optional<double> stuck(double draw) const noexcept {
    if (draw >= 1 - yield) return std::nullopt;
    const double kind = draw / (1 - yield) * (low + high + at + random);
    if (kind < low) return -1;
    if (kind < low + high) return 1;
    if (kind < low + high + at || random == 0) return state;
    return range * (2 * (kind - low - high - at) / random - 1);  // the rest of the draw is uniform
  }
  [[nodiscard]] double share_of_open_rows() const noexcept { return open_rows; }
  [[nodiscard]] double share_of_open_cols() const noexcept { return open_cols; }
  [[nodiscard]] std::int64_t key() const noexcept { return seed; }
  [[nodiscard]] std::string problem() const {
    return yield < 1 && low + high + at + random == 0
               ? "expected one of low, high, at and random above 0, or yield = 1"
               : "";
  }
};

}  // namespace ohmlab::devices
