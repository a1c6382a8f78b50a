#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ohmlab/cost/prices.hpp"
#include "ohmlab/cost/tally.hpp"

namespace ohmlab::cost {

/// A figure at the median of all prices, and the 5th and 95th percentile over draws of them.
struct Band {
  double nominal = 0, p05 = 0, p95 = 0;
};

/// A figure under every draw of the prices. Draw i of one bill uses the same prices as draw i of any other
/// made from the same list, so ratios of two bills carry what they have in common.
struct Draws {
  double nominal = 0;
  std::vector<double> values;

  [[nodiscard]] Band band() const;
};
[[nodiscard]] Draws ratio(const Draws& a, const Draws& b);

/// One line of a bill: everything with the same label.
struct BillLine {
  std::string label;
  Draws joules;
  Draws seconds;  ///< on the critical path; of stages only, since parts and actions overlap
};

struct Bill {
  Draws joules, seconds;
  Band area;  ///< m2
  std::vector<BillLine> components, actions,
      stages;  ///< by part of the machine, by what it did, and when
};

struct BillOptions {
  std::int64_t draws = 2000;
  std::uint64_t seed = 1;
};

/// Prices a tally: energy = count × price + dissipation in the cells × supply; time = serial × latency +
/// physics, stage after stage; idle power for the whole time.
///
/// \param place  key of `prices.places`
/// \throws core::UserError if there is no such place, or it has no price for something in the tally
[[nodiscard]] Bill price(const std::vector<Entry>& entries, const std::vector<Holding>& holdings,
                         const Prices& prices, const std::string& place, const BillOptions& options = {});

}  // namespace ohmlab::cost
