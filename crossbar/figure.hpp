#pragma once

#include <string>
#include <vector>

namespace ohmlab::crossbar {

/// Rule that combines a figure of several arrays into one.
enum class Over { mean, largest };

/// One figure about the state of hardware.
struct Figure {
  std::string name;
  double value = 0;
  std::string unit, meaning;
  double weight = 1;  ///< weight in the mean over arrays: the denominator of a share
  Over over = Over::mean;
};

/// The figures of several arrays as one list.
/// \pre all lists name the same figures in the same order
[[nodiscard]] std::vector<Figure> together(const std::vector<std::vector<Figure>>& each);

}  // namespace ohmlab::crossbar
