#pragma once

#include <string>
#include <vector>

#include "../../cost/bill.hpp"
#include "result.hpp"

namespace ohmlab::results {

/// One row of the comparison: a system at the prices of one place.
struct PricedSystem {
  std::string system, title, place, place_title;
  std::string unpriced;  ///< reason why there is no bill, or ""
  double parameters = 0, examples = 0, tokens = 0, flops = 0;
  cost::Bill bill;
  cost::Machine machine = cost::Machine::array;
  std::string algorithm;  ///< as in `System`
  bool bound = false;     ///< prices that no machine reaches
};

/// Prices all systems of a result: the simulated one first, digital ones once for each accelerator.
[[nodiscard]] std::vector<PricedSystem> price(const Result& result, const cost::Prices& prices,
                                              const cost::DrawOptions& options = {});
/// The same for many results under one list; its draws are made once.
[[nodiscard]] std::vector<PricedSystem> price(const std::vector<System>& systems,
                                              cost::Pricer& pricer);

/// Prices that move the energy of a system most, at one boundary.
struct Tornado {
  /// The node, if the list prices it
  cost::Boundary boundary = cost::Boundary::core;
  double nominal = 0;               ///< nominal energy in J
  std::vector<cost::Swing> swings;  ///< swings in J, widest first
};
/// \param priced  row of the same system
[[nodiscard]] Tornado tornado(const System& system, const PricedSystem& priced,
                              cost::Pricer& pricer);

}  // namespace ohmlab::results
