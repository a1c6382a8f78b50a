#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "../cost/bill.hpp"
#include "sweep_index.hpp"

namespace ohmlab::lab {

/// One machine at one place of prices, e.g. "simulated" at "array".
struct SweepMachine {
  std::string system, place, title;
};

/// Cost of one machine at one point.
struct SweepCost {
  std::string unpriced;  ///< reason why there is no bill, or ""
  /// Joules at each of `cost::boundaries`, seconds, and area in m2; NaN without a bill or a price
  std::array<cost::Band, cost::boundaries.size()> joules;
  cost::Band seconds, area;
};

/// Costs of all points of a finished sweep under one price list.
struct SweepCosts {
  SweepIndex index;
  std::vector<SweepMachine> machines;        ///< machines of any point, in order of appearance
  std::vector<std::vector<SweepCost>> rows;  ///< a row for each point: a cost for each machine
  /// For each point the number of the machine that ran; that of no machine if the point did not run
  std::vector<std::size_t> ran;
};

/// Prices every point of a finished sweep. Points that failed or were left out have no bill.
/// \throws core::UserError if the folder holds no index of a sweep, or a point's file is missing
[[nodiscard]] SweepCosts price_sweep(const std::filesystem::path& folder, cost::Pricer& pricer);

}  // namespace ohmlab::lab
