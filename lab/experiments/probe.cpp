#include "probe.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../../crossbar/analog_array_model.hpp"

namespace ohmlab::experiments {
namespace {

using core::Index;
using core::Matrix;

constexpr std::int64_t most_values = std::int64_t{1} << 31;  // values of one curve: 8 GiB

void check_count(const char* name, std::int64_t value, std::int64_t low, std::int64_t others) {
  if (value < low || value > most_values / std::max(others, std::int64_t{1})) {
    throw core::UserError(
        {}, name, std::to_string(value),
        fmt::format("expected a number from {}, and at most {} values in all", low, most_values));
  }
}

/// One row of cells behind exact converters. An update of 1 × 1 at the rate of one step pulses each
/// cell once.
std::unique_ptr<crossbar::Array> line_of_cells(const devices::Device& device, std::int64_t devices,
                                               std::uint64_t seed, cost::Tally& tally) {
  crossbar::AnalogArrayModel model;
  model.device = device;
  model.dac.choice = crossbar::NoDac{};
  model.adc.choice = crossbar::NoAdc{};
  model.pulser.choice = crossbar::StochasticPulser{{.desired_bl = 1}};
  return model.make(1, devices, {.seed = seed, .tally = &tally});
}

/// States of all cells: one column of a curve.
Matrix states(const crossbar::Array& cells) { return cells.weights().transpose().cast<float>(); }

}  // namespace

Matrix pulse_curve(const devices::Device& device, std::int64_t up, std::int64_t down,
                   std::int64_t cycles, std::int64_t devices, std::uint64_t seed) {
  check_count("devices", devices, 1, 1);
  check_count("pulses_up", up, 0, devices);
  check_count("pulses_down", down, 0, devices);
  check_count("cycles", cycles, 0, devices * (up + down));
  cost::Tally tally;
  const auto cells = line_of_cells(device, devices, seed, tally);
  const Matrix x = Matrix::Ones(1, 1), d = Matrix::Ones(1, devices);
  Matrix out(devices, cycles * (up + down));
  Index column = 0;
  for (std::int64_t cycle = 0; cycle < cycles; ++cycle) {
    for (std::int64_t pulse = 0; pulse < up + down; ++pulse) {
      const double direction = pulse < up ? 1 : -1;
      cells->update(x, d, direction * device.pulse.granularity());
      out.col(column++) = states(*cells);
    }
  }
  return out;
}

Matrix retention(const devices::Device& device, double state, std::span<const double> ages,
                 std::int64_t devices, std::uint64_t seed) {
  check_count("devices", devices, 1, static_cast<std::int64_t>(ages.size()));
  if (!std::isfinite(static_cast<float>(state)))
    throw core::UserError({}, "state", fmt::format("{}", state), "expected a finite number");
  cost::Tally tally;
  const auto cells = line_of_cells(device, devices, seed, tally);
  cells->program(Matrix::Constant(1, devices, static_cast<float>(state)));
  Matrix out(devices, static_cast<Index>(ages.size()));
  double age = 0;
  for (std::size_t i = 0; i < ages.size(); ++i) {
    if (!(ages[i] >= age && std::isfinite(ages[i]))) {
      throw core::UserError({}, "ages", fmt::format("{}", ages[i]),
                            "expected seconds that ascend from 0");
    }
    cells->wait(ages[i] - age);
    age = ages[i];
    out.col(static_cast<Index>(i)) = states(*cells);
  }
  return out;
}

}  // namespace ohmlab::experiments
