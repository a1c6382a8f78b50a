#pragma once

#include "../cost/prices.hpp"
#include "../lab/sweep_costs.hpp"

namespace ohmlab::cli {

/// Prints the machine that ran, one row a point: joules at core and node, seconds, area. As JSON:
/// every machine at every boundary.
void print_sweep_costs(const lab::SweepCosts& costs, const cost::Prices& prices, bool json);

}  // namespace ohmlab::cli
