#pragma once

#include <optional>
#include <string>

#include "../../cost/bill.hpp"
#include "../../cost/mesh.hpp"
#include "../../cost/outlook.hpp"
#include "../results/system.hpp"

namespace ohmlab::foundation {

/// How far a system is carried beyond what it did.
struct Scale {
  double parameters = 1;  ///< how many times as many; they work side by side
  double examples = 1;    ///< how many times as many; they follow one another
  double steps = 1;       ///< how many times as many sampling steps of the model phase
  cost::Mesh mesh;        ///< of the tiles
};

/// A larger machine made of the same tiles: counts grow with parameters and examples, time with
/// examples alone, what is held with parameters. Where an array is carried to more parameters, its
/// layers take many tiles on a mesh: every driven input comes from the tile beside, and every
/// conversion is added to one that does, in the bits that a sum over one side of a square of tiles
/// needs. Programming the start grows with parameters alone. Links between hosts are left out.
/// \param serial  a digital accelerator is one machine: its time grows with parameters too
[[nodiscard]] results::System scaled(const results::System& system, const Scale& by, bool serial);

/// What a machine takes at each boundary, under every draw.
struct MachineCost {
  cost::Draws core, node, facility, dollars, co2, seconds;
  std::vector<cost::BillLine> actions;  ///< joules within the core, idle power by part
};

/// Prices a machine that has `hosts` hosts; the number is a price's multiple of its own spread
/// `hosts_sigma`.
/// \throws core::UserError if the list has no place, no price for something that was done, or does
/// not say what
///         is around the core and what the building adds
[[nodiscard]] MachineCost machine_cost(const results::System& system, const cost::Prices& prices,
                                       const std::string& place, const cost::DrawOptions& options,
                                       double hosts = 1, double hosts_sigma = 0);

}  // namespace ohmlab::foundation
