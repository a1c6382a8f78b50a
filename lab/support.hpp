#pragma once

#include <string>
#include <vector>

namespace ohmlab::lab {

/// Effects against operations of an analog array.
struct SupportMatrix {
  struct Row {
    std::string effect;
    /// For each operation "acts", "-" or the number of a reason in `reasons`, counted from 1.
    std::vector<std::string> cells;
  };
  std::vector<std::string> operations;
  std::vector<Row> rows;
  std::vector<std::string> reasons;  ///< why a combination is refused
};

/// What each effect changes, found by running: a small array with and without the effect does the
/// same work, and results are compared bit by bit. Reads show in their outputs, writes in the
/// conductances of cells. A combination that a config would refuse is not run; its reason is given.
[[nodiscard]] SupportMatrix support_matrix();

}  // namespace ohmlab::lab
