#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../results/result.hpp"
#include "cell_retention.hpp"
#include "cell_steps.hpp"
#include "cell_symmetry.hpp"
#include "characterize.hpp"

namespace ohmlab::experiments {

/// Everything that was measured of a device, before it becomes figures and arrays.
struct CellMeasurements {
  PulseRecord record;
  std::vector<core::Index> working;
  std::vector<double> percentiles;
  /// None if no cell works
  std::optional<PulseCurves> curves;
  std::optional<Ends> ends;
  std::optional<StepBins> steps;
  std::optional<Symmetry> symmetry;
  std::optional<double> write_noise;  ///< of devices that have it
  std::vector<Retention> retention;   ///< one for each programmed state; empty if no cell works
  double most_pulses = 0;             ///< of one cell, programming included
};

/// Adds the scalar figures. What the device does not have is left out.
void add_figures(const Characterize& config, const CellMeasurements& seen, results::Result& to);

/// Adds the labelled groups `pulse_curve`, `steps`, `symmetry`, `programmed` and `pulse_log`.
void add_groups(const Characterize& config, const CellMeasurements& seen, results::Result& to);

/// What is printed: what was found in words, and what the device does not have.
[[nodiscard]] std::string report_of(const Characterize& config, const CellMeasurements& seen,
                                    const results::Result& result);

}  // namespace ohmlab::experiments
