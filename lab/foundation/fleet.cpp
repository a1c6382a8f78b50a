#include "fleet.hpp"

#include <algorithm>
#include <cmath>

namespace ohmlab::foundation {

double bits_between_hosts(const results::System& arrays, double tiles_per_host) {
  double bits = 0;
  for (const cost::Entry& entry : arrays.tally) {
    if (entry.action == cost::Action::network_hop || entry.action == cost::Action::chip_link)
      bits += entry.count;
  }
  return bits / std::sqrt(std::max(1.0, tiles_per_host));
}

MachineCost with_losses(MachineCost cost, const Fleet& fleet, double bits, cost::Outlook& outlook) {
  const cost::Draws one = outlook.exact(1);
  const cost::Draws full = cost::at_most(outlook.factor("array utilisation", fleet.utilisation), 1),
                    useful = cost::at_most(outlook.factor("array goodput", fleet.goodput), 1),
                    work = one / (full * useful);
  const cost::Draws links = outlook.factor("links of arrays", fleet.link) * bits * (one / useful);
  const cost::Draws beyond = one + links / (cost.node * work);  // of the node's joules
  cost.core = cost.core * work;
  cost.node = cost.node * work * beyond;
  cost.facility = cost.facility * work * beyond;
  cost.co2 = cost.co2 * work * beyond;
  cost.dollars = cost.dollars * work * outlook.factor("spares of arrays", fleet.spares);
  cost.seconds = cost.seconds * (one / useful);
  for (cost::BillLine& line : cost.actions) line.joules = line.joules * work;
  return cost;
}

}  // namespace ohmlab::foundation
