#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "price.hpp"
#include "tally.hpp"

namespace ohmlab::cost {

/// The lines of the arrays of one bill.
class Lines {
 public:
  Lines(const std::vector<Entry>& entries, const std::vector<Holding>& holdings);

  /// Number of units that a price counts in one action, in the mean over the entry: 1, or the cells
  /// on a line of the action's component.
  ///
  /// Every cell is on two lines, so that a line has 2 cells / lines in the mean. Reads from both
  /// sides in equal number get the products of their matrix. Reads from one side alone get up to
  /// twice as many if the driven side is the longer one, else fewer. A comparator's offset is
  /// driven like an input, once a decision (`post_decisions`), and has one cell.
  /// \param key  key of the price, for messages
  /// \throws core::UserError if the component declares no cells and line drivers
  [[nodiscard]] double units(const EnergyPrice& price, const Entry& entry,
                             const std::string& key) const;

 private:
  std::map<std::string, double> cells_;  ///< mean number of cells on a line, by component
  std::map<std::pair<std::string, std::string>, double>
      decisions_;  ///< number of decisions, by stage and component
};

}  // namespace ohmlab::cost
