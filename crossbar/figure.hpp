#pragma once

#include <string>
#include <vector>

namespace ohmlab::crossbar {

/// How a figure of several arrays comes from those of each.
enum class Over { mean, largest };

/// One figure about the state of hardware.
struct Figure {
  std::string name;
  double value = 0;
  std::string unit, meaning;
  double weight = 1;  ///< what a share is a share of: by it, shares of several arrays have a mean
  Over over = Over::mean;
};

/// The figures of several arrays as one list. \pre all lists name the same figures in the same
/// order
[[nodiscard]] std::vector<Figure> together(const std::vector<std::vector<Figure>>& each);

}  // namespace ohmlab::crossbar
