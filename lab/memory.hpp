#pragma once

#include <string>
#include <vector>

namespace ohmlab::lab {

/// Memory that a simulation takes.
struct MemoryRow {
  std::string name;
  double bytes;    ///< of one cell; of an update path, of one weight beside its cells
  int groups = 1;  ///< cells of a path for each cell of the mapping
};

struct MemoryTable {
  std::vector<MemoryRow> pulses;   ///< a cell with one of the pulse responses
  std::vector<MemoryRow> effects;  ///< what an effect adds to a cell
  std::vector<MemoryRow> paths;
};

/// What arrays keep, found by making them.
[[nodiscard]] MemoryTable memory_table();

}  // namespace ohmlab::lab
