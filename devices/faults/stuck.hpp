#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "clusters.hpp"

namespace ohmlab::devices {

/// Cells that no pulse moves, and open lines. A stuck cell conducts and has read noise like any
/// other cell in its state. No current flows through the cells of an open line.
struct StuckFaults {
  static constexpr std::string_view name = "stuck";
  static constexpr std::string_view summary =
      "A share of the cells, alone or in clusters, is stuck at the low end, the high end, a state "
      "or "
      "random states; a share of the lines is open.";
  static constexpr std::string_view equation =
      "P(stuck) = 1 - yield (1 - clustered), divided among low, high, at and random; discs of "
      "cluster_radius lie about cells by a law of Poisson, each of their cells is stuck with "
      "chance "
      "cluster_density; an open line takes all cells of one tile on it";
  static constexpr std::string_view source =
      "definition; clusters: Neyman & Scott, J. R. Stat. Soc. B 20, 1 (1958), on the lattice of "
      "cells; defects of chips cluster: Stapper, IBM J. Res. Dev. 27, 549 (1983)";
  static constexpr bool any = true;
  double yield = 0.99;
  double low = 1, high = 0, at = 0, random = 0;
  double state = 0, range = 0.1;
  double clustered = 0, cluster_radius = 2, cluster_density = 1;
  double open_rows = 0, open_cols = 0;
  std::int64_t seed = 1;
  static constexpr auto fields = core::Fields{
      core::field("yield", &StuckFaults::yield, "", core::fraction,
                  "share of the cells that work, before clusters and open lines take theirs"),
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
      core::field("clustered", &StuckFaults::clustered, "", core::between(0, 0.99),
                  "share of the cells that clusters take"),
      core::field("cluster_radius", &StuckFaults::cluster_radius, "", core::between(0, 100),
                  "radius of a cluster, in cells; 0 takes its own cell alone"),
      core::field("cluster_density", &StuckFaults::cluster_density, "", core::above(0),
                  "share of the cells within a cluster that are stuck, up to 1"),
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
    return state_of(draw / (1 - yield));
  }
  [[nodiscard]] double state_of(double draw) const noexcept {
    const double kind = draw * (low + high + at + random);
    if (kind < low) return -1;
    if (kind < low + high) return 1;
    if (kind < low + high + at || random == 0) return state;
    return range * (2 * (kind - low - high - at) / random - 1);  // the rest of the draw is uniform
  }
  [[nodiscard]] Clusters clusters() const noexcept {
    return {clustered, cluster_radius, cluster_density};
  }
  [[nodiscard]] double share_of_open_rows() const noexcept { return open_rows; }
  [[nodiscard]] double share_of_open_cols() const noexcept { return open_cols; }
  [[nodiscard]] std::int64_t key() const noexcept { return seed; }
  [[nodiscard]] std::string problem() const {
    if (cluster_density > 1) return "expected cluster_density up to 1";
    return (yield < 1 || clustered > 0) && low + high + at + random == 0
               ? "expected one of low, high, at and random above 0, or yield = 1 and clustered = 0"
               : "";
  }
};

}  // namespace ohmlab::devices
