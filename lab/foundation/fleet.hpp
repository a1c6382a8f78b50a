#pragma once

#include <string>

#include "../../core/fields.hpp"
#include "../../cost/outlook.hpp"
#include "../../transformer/scale/training_run.hpp"
#include "machine_cost.hpp"

namespace ohmlab::foundation {

/// Losses of a large machine of arrays beside its work: tiles that are not full, time that does not
/// count, spare parts, links. Accelerators have them in their measured runs.
struct Fleet {
  cost::Share utilisation{
      0.75, 0.57, 0.98, cost::Evidence::assumed,
      "share of the cells of a tile that hold weights, and of its time that has "
      "work: matrices end inside tiles, layers wait for one another. A "
      "judgement: no training on arrays of this size was built"};
  cost::Share goodput = scale::TrainingRun{}.goodput;
  cost::Share spares{1.1, 1.03, 1.17, cost::Evidence::assumed,
                     "tiles built for each that works, for cells and chips that fail. A judgement: "
                     "memories keep some per cent of spare rows"};
  cost::Joules link{20e-12, 8e-12, 50e-12, cost::Evidence::derived,
                    "one bit from host to host: optical modules of 400 Gbit/s draw 8 to 12 W at "
                    "both ends, 40 to 60 pJ a bit, electrical links 5 to 10 pJ; from memory of "
                    "makers' sheets"};
  static constexpr auto fields = core::Fields{
      core::field("utilisation", &Fleet::utilisation,
                  "share of a tile's cells and time that has work"),
      core::field("goodput", &Fleet::goodput,
                  "share of the time that goes into steps which count, as of accelerators"),
      core::field("spares", &Fleet::spares, "tiles built for each tile that works"),
      core::field("link", &Fleet::link, "joules of a bit from host to host"),
  };
  [[nodiscard]] std::string problem() const {
    if (utilisation.median <= 0 || utilisation.median > 1)
      return "utilisation: expected a median above 0, at most 1";
    if (goodput.median <= 0 || goodput.median > 1)
      return "goodput: expected a median above 0, at most 1";
    return spares.median < 1 ? "spares: expected a median at least 1" : "";
  }
};

/// Bits that pass from host to host: those that pass from tile to tile, at the border of a host's
/// square of tiles.
/// \param tiles_per_host  number of tiles in that square
[[nodiscard]] double bits_between_hosts(const results::System& arrays, double tiles_per_host);

/// A machine of arrays with its losses. Joules grow by 1 / (utilisation goodput), seconds by 1 /
/// goodput, hardware also by the spares, which draw nothing. Links add joules at the node.
/// \param bits  bits between hosts
[[nodiscard]] MachineCost with_losses(MachineCost cost, const Fleet& fleet, double bits,
                                      cost::Outlook& outlook);

}  // namespace ohmlab::foundation
