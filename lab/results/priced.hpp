#pragma once

#include <string>
#include <vector>

#include "../../cost/bill.hpp"
#include "result.hpp"

namespace ohmlab::results {

/// One row of the comparison: a system at the prices of one place.
struct PricedSystem {
  std::string system, title, place, place_title;
  std::string unpriced;  ///< why there is no bill, or ""
  double parameters = 0, examples = 0, tokens = 0, flops = 0;
  cost::Bill bill;
};

/// All systems of a result under a price list: the simulated one first; digital ones once for each
/// accelerator.
[[nodiscard]] std::vector<PricedSystem> price(const Result& result, const cost::Prices& prices,
                                              const cost::DrawOptions& options = {});
/// The same for many results under one list, whose draws are made once.
[[nodiscard]] std::vector<PricedSystem> price(const std::vector<System>& systems,
                                              cost::Pricer& pricer);

/// What moves the energy of a system most, and where that is metered.
struct Tornado {
  cost::Boundary boundary =
      cost::Boundary::core;         ///< the node, where the list says what a node adds
  double nominal = 0;               ///< J
  std::vector<cost::Swing> swings;  ///< J; the widest first
};
/// \param priced  a row of that system
[[nodiscard]] Tornado tornado(const System& system, const PricedSystem& priced,
                              cost::Pricer& pricer);

}  // namespace ohmlab::results
