#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "../../devices/device.hpp"
#include "../../io/dataset.hpp"
#include "../results/checkpoint.hpp"
#include "../results/progress.hpp"
#include "../results/result.hpp"

namespace ohmlab::experiments {

/// What a probe station would show of a device, over many cells.
///
/// A run that is stopped begins anew.
struct Characterize {
  static constexpr std::string_view name = "characterize";
  static constexpr std::string_view summary =
      "Measures many cells of a device: pulse response, symmetry point, number of states, "
      "asymmetry, programming error, drift, read noise and faults; with a log of pulses.";
  static constexpr std::string_view equation =
      "states = (w after pulses up - w after pulses down) / mean step at w = 0; asymmetry = (up - "
      "down) / (up + down) at w = 0; symmetry point: where pulses up and down in turn lead a cell "
      "from both of its ends";
  static constexpr std::string_view source =
      "symmetry point by pulses in turn: Kim et al., arXiv 1907.10228 (2019)";

  std::int64_t seed = 1;
  devices::Device device;
  std::int64_t cells = 100;
  std::int64_t pulses_up = 2000, pulses_down = 2000, cycles = 3;
  std::int64_t bins = 25;
  std::int64_t pairs = 4000;
  std::vector<double> states{-0.8, -0.4, 0, 0.4, 0.8};
  std::vector<double> ages{1, 3600, 86400, 30 * 86400.0};
  std::int64_t reads = 20;
  std::vector<std::int64_t> logged_cells{0, 1, 2, 3};
  static constexpr auto fields = core::Fields{
      core::field("seed", &Characterize::seed, "", core::at_least(0), "key of every random draw"),
      core::field("device", &Characterize::device, "the cells: a preset by base = \"devices/NAME\"",
                  core::Need::required),
      core::field("cells", &Characterize::cells, "", core::between(2, 1'000'000),
                  "number of cells that are measured"),
      core::field("pulses_up", &Characterize::pulses_up, "", core::between(1, 10'000'000),
                  "pulses up of a cycle"),
      core::field("pulses_down", &Characterize::pulses_down, "", core::between(1, 10'000'000),
                  "pulses down of a cycle, and before the first one"),
      core::field("cycles", &Characterize::cycles, "", core::between(1, 10'000),
                  "cycles of pulses up and down"),
      core::field("bins", &Characterize::bins, "", core::between(2, 1000),
                  "bins of the state by which steps are sorted"),
      core::field("pairs", &Characterize::pairs, "", core::between(0, 10'000'000),
                  "pairs of a pulse up and one down within which cells may come to their symmetry "
                  "point; 0 leaves it out"),
      core::field("states", &Characterize::states, "", core::any,
                  "targets w of programming, in ascending order"),
      core::field("ages", &Characterize::ages, "s", core::at_least(0),
                  "times since programming, in ascending order")
          .usually(0, 1e10),
      core::field("reads", &Characterize::reads, "", core::between(2, 100'000),
                  "reads of each cell in each state at each age"),
      core::field("logged_cells", &Characterize::logged_cells, "", core::at_least(0),
                  "numbers of the cells whose curves and pulses are stored one by one, from 0"),
  };
  [[nodiscard]] std::string problem() const;

  [[nodiscard]] results::Result run(const io::Dataset& none, results::Progress& progress,
                                    results::Checkpoint checkpoint = {}) const;
};

}  // namespace ohmlab::experiments
