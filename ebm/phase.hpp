#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "network_plan.hpp"

namespace ohmlab::ebm {

/// Where the states of a phase begin.
enum class Start {
  rest,      ///< all free units at 0
  previous,  ///< where another phase of the same update ended
  chains,    ///< where the same phase of the update before ended; at first, independent fair coins
};

/// A learning phase: which layers are held at the example, where the others begin, and how long
/// they run.
struct Phase {
  std::string stage;       ///< of the schedule, e.g. "train: data phase"
  std::vector<Role> held;  ///< roles whose layers stand still at the example's values
  Start start = Start::rest;
  std::size_t from = 0;    ///< number of the phase that `previous` means
  std::int64_t steps = 1;  ///< sweeps over the free layers
  double nudge = 0;        ///< pull of the label layer towards its target

  [[nodiscard]] bool holds(Role role) const noexcept {
    for (const Role other : held) {
      if (other == role) return true;
    }
    return false;
  }
};

}  // namespace ohmlab::ebm
