#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "network_plan.hpp"
#include "tempered.hpp"
#include "wrong_labels.hpp"

namespace ohmlab::ebm {

/// Initial states of a phase.
enum class Start {
  rest,      ///< all free units at 0
  previous,  ///< final states of another phase of the same update
  chains,    ///< final states of this phase in the last update; at first, independent fair coins
};

/// Learning phase: layers held at the example, initial states of the others, number of sweeps.
/// Layers of role `context` are held in every phase.
struct Phase {
  std::string stage;       ///< stage of the tally, e.g. "train: data phase"
  std::vector<Role> held;  ///< roles of the layers held at the example's values
  Start start = Start::rest;
  std::size_t from = 0;    ///< number of the phase that `Start::previous` continues
  std::int64_t steps = 1;  ///< sweeps over the free layers
  double nudge = 0;        ///< pull of the label layer towards its target
  /// Share of the way from its initial state to its target at which the label layer is held; 0:
  /// it is free unless `held` says otherwise.
  double clamp = 0;
  std::optional<Ladder> ladder;  ///< chains have replicas at these inverse temperatures
  /// True if the errors of held units are their values less those drawn or expected given all
  /// others.
  bool predicts = false;
  /// Law of the wrong labels that a held label layer shows; empty: it shows the examples' own.
  std::optional<WrongLabels> wrong_labels;
  /// True if each example is shown with every label in turn; see `show_all_labels`.
  bool shows_labels = false;

  [[nodiscard]] bool holds(Role role) const noexcept {
    if (role == Role::context) return true;
    for (const Role other : held) {
      if (other == role) return true;
    }
    return false;
  }
};

}  // namespace ohmlab::ebm
