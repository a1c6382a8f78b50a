#include "lines.hpp"

#include "../core/errors.hpp"

namespace ohmlab::cost {

Lines::Lines(const std::vector<Holding>& holdings) {
  std::map<std::string, double> cells, lines;
  for (const Holding& holding : holdings) {
    const std::string label = labelled(holding.component, holding.layer);
    if (holding.part == Part::cell) cells[label] += holding.count;
    if (holding.part == Part::line_driver) lines[label] += holding.count;
  }
  for (const auto& [label, count] : cells)
    if (lines[label] > 0) cells_[label] = 2 * count / lines[label];
}

double Lines::units(const EnergyPrice& price, const Entry& entry, const std::string& key) const {
  if (price.per == Per::action || entry.count == 0) return 1;
  const std::string label = labelled(entry.component, entry.layer);
  const auto found = cells_.find(label);
  if (found != cells_.end()) return found->second;
  throw core::UserError(
      {}, "places." + key, "",
      "is for each cell on a line, and \"" + label + "\" declares no cells and line drivers");
}

}  // namespace ohmlab::cost
