#pragma once

namespace ohmlab::devices {

/// Discs of defects about random cells.
struct Clusters {
  double taken = 0;    ///< share of the cells that they take
  double radius = 0;   ///< cells
  double density = 1;  ///< share of the cells of a disc that are defective
};

}  // namespace ohmlab::devices
