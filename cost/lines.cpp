#include "lines.hpp"

#include <algorithm>

#include "../core/errors.hpp"

namespace ohmlab::cost {

Lines::Lines(const std::vector<Entry>& entries, const std::vector<Holding>& holdings) {
  std::map<std::string, double> cells, lines;
  for (const Holding& holding : holdings) {
    const std::string label = labelled(holding.component, holding.layer);
    if (holding.part == Part::cell) cells[label] += holding.count;
    if (holding.part == Part::line_driver) lines[label] += holding.count;
  }
  for (const auto& [label, count] : cells)
    if (lines[label] > 0) cells_[label] = 2 * count / lines[label];
  for (const Entry& entry : entries) {
    if (entry.action == Action::comparator_decision)
      decisions_[{entry.stage, labelled(entry.component, entry.layer)}] += entry.count;
  }
}

double Lines::units(const EnergyPrice& price, const Entry& entry, const std::string& key) const {
  if (price.per == Per::action || entry.count == 0) return 1;
  const std::string label = labelled(entry.component, entry.layer);
  const auto found = cells_.find(label);
  if (found != cells_.end()) {
    const auto decided = decisions_.find({entry.stage, label});
    const bool drive =
        entry.action == Action::dac_drive || entry.action == Action::pulse_width_drive;
    const double offsets =
        drive && decided != decisions_.end() ? std::min(1.0, decided->second / entry.count) : 0;
    return (1 - offsets) * found->second + offsets;
  }
  throw core::UserError(
      {}, "places." + key, "",
      "is for each cell on a line, and \"" + label + "\" declares no cells and line drivers");
}

}  // namespace ohmlab::cost
