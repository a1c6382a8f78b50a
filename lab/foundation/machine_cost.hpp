#pragma once

#include <optional>
#include <string>

#include "../../cost/bill.hpp"
#include "../../cost/mesh.hpp"
#include "../../cost/outlook.hpp"
#include "../results/system.hpp"

namespace ohmlab::foundation {

/// Factors by which a system is extrapolated.
struct Scale {
  double parameters = 1;  ///< factor of parameters, which work side by side
  double examples = 1;    ///< factor of examples, which follow one another
  double steps = 1;       ///< factor of sampling steps in the model phase
  cost::Mesh mesh;        ///< mesh of the tiles
};

/// A larger machine made of the same tiles. Counts grow with parameters and examples, time with
/// examples alone, parts with parameters. Programming at the start grows with parameters alone.
/// Links between hosts are left out.
///
/// With more parameters, the layers of an array take many tiles on a mesh. Every driven input comes
/// from a neighbouring tile. Every conversion is added to one that comes from there, in the bits of
/// a sum over one side of a square of tiles.
/// \param serial  true for a digital accelerator, which is one machine: its time grows with
/// parameters too, and starts of its products are left out
[[nodiscard]] results::System scaled(const results::System& system, const Scale& by, bool serial);

/// Cost of a machine at each boundary, under every draw.
struct MachineCost {
  cost::Draws core, node, facility, dollars, co2, seconds;
  /// Lines of joules within the core, with idle power by part
  std::vector<cost::BillLine> actions;
};

/// Prices a machine with `hosts` hosts: their number multiplies a price, and has its own spread
/// `hosts_sigma`.
/// \throws core::UserError if the list lacks the place, a price of an action, the node around the
/// core or the facility
[[nodiscard]] MachineCost machine_cost(const results::System& system, const cost::Prices& prices,
                                       const std::string& place, const cost::DrawOptions& options,
                                       double hosts = 1, double hosts_sigma = 0);

}  // namespace ohmlab::foundation
