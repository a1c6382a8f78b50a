#include "devices.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <type_traits>

#include <fmt/format.h>

#include "../../core/config.hpp"
#include "../../core/errors.hpp"
#include "../../core/field_values.hpp"
#include "../../core/presets.hpp"
#include "../../crossbar/analog_array.hpp"
#include "records.hpp"
#include "text.hpp"

namespace ohmlab::validation {
namespace {

using core::Index;
using core::Matrix;
using core::MatrixD;

constexpr Index side = 256;
constexpr double most_sigmas = 4.9;

devices::Device preset(const std::string& name) {
  const auto file = core::find_preset("devices/" + name, {});
  if (file.empty()) {
    throw core::UserError({}, "preset", name,
                          "expected the name of a device among the installed presets");
  }
  return core::read<devices::Device>(core::load_config(file));
}

/// Cells of one device behind ideal converters.
class Cells {
 public:
  Cells(const devices::Device& device, std::uint64_t seed)
      : device_(device), array_(model_of(device), side, side, {.seed = seed, .tally = &tally_}) {}

  void program(double w) { array_.program(Matrix::Constant(side, side, static_cast<float>(w))); }
  void wait(double seconds) { array_.wait(seconds); }
  void pulse(bool up) {
    const double rate = device_.pulse.granularity();
    array_.update(Matrix::Ones(1, side), Matrix::Ones(1, side), up ? rate : -rate);
  }
  [[nodiscard]] MatrixD states() const { return array_.weights(); }
  [[nodiscard]] MatrixD conductances() const { return array_.conductances().front(); }
  /// One read of every cell, row after row, S.
  [[nodiscard]] MatrixD read() {
    Matrix out(side, side);
    array_.sense(crossbar::Direction::to_cols, Matrix::Identity(side, side), out);
    return out.cast<double>().unaryExpr([&](double w) { return device_.conductance(w); });
  }
  [[nodiscard]] double faulty() const {
    for (const crossbar::Figure& figure : array_.figures()) {
      if (figure.name == "cells_faulty") return figure.value;
    }
    return 0;
  }

 private:
  static crossbar::AnalogArrayModel model_of(const devices::Device& device) {
    crossbar::AnalogArrayModel model;
    model.device = device;
    model.dac.choice = crossbar::NoDac{};
    model.adc.choice = crossbar::NoAdc{};
    model.output_noise = 0;
    model.pulser.choice = crossbar::DeterministicPulser{};
    return model;
  }

  devices::Device device_;
  cost::Tally tally_;
  crossbar::AnalogArray array_;
};

MeasuredCells mean_of(const MatrixD& values) {
  const auto n = static_cast<double>(values.size());
  const double variance = (values.array() - values.mean()).square().sum() / (n - 1);
  return {values.mean(), std::sqrt(variance / n)};
}

/// The error of a variance follows from the fourth moment, whatever the law.
MeasuredCells deviation_of(const MatrixD& values) {
  const auto n = static_cast<double>(values.size());
  const Eigen::ArrayXXd squares = (values.array() - values.mean()).square();
  const double variance = squares.sum() / (n - 1);
  if (variance == 0) return {};
  const double of_variance = std::sqrt((squares.square().mean() - variance * variance) / n);
  return {std::sqrt(variance), of_variance / (2 * std::sqrt(variance))};
}

/// The device without errors of writes and reads, which would hide its steps.
devices::Device steps_alone(devices::Device device, bool write_noise) {
  device.programming = {};
  device.drift = {};
  device.read_noise = {};
  device.faults = {};
  if (!write_noise) {
    std::visit([](auto& pulse) {
      if constexpr (requires { pulse.write_noise_std; }) pulse.write_noise_std = 0;
    }, device.pulse.choice);
  }
  return device;
}

MatrixD steps(const DeviceCheck& check, const devices::Device& device, std::uint64_t seed) {
  Cells cells(steps_alone(device, check.quantity == CellQuantity::write_noise), seed);
  cells.program(check.state.value_or(0));
  const MatrixD before = cells.states();
  cells.pulse(check.quantity != CellQuantity::step_down);
  return cells.states() - before;
}

MatrixD bounds(const devices::Device& device, double beyond, std::uint64_t seed) {
  Cells cells(steps_alone(device, false), seed);
  cells.program(beyond);
  return cells.states();
}

double state_of(const DeviceCheck& check, const devices::Device& device) {
  return 2 * (*check.conductance - device.lowest()) / (device.highest() - device.lowest()) - 1;
}

/// Conductance after a time as a share of the written one, cell by cell.
MatrixD left(const DeviceCheck& check, devices::Device device, std::uint64_t seed) {
  device.programming = {};
  device.read_noise = {};
  device.faults = {};
  Cells cells(device, seed);
  cells.program(state_of(check, device));
  cells.wait(check.age);
  return cells.conductances() / *check.conductance;
}

MatrixD read_noise(const DeviceCheck& check, devices::Device device, std::uint64_t seed) {
  device.programming = {};
  device.faults = {};
  Cells cells(device, seed);
  cells.program(state_of(check, device));
  cells.wait(check.age);
  const MatrixD quiet = cells.conductances();
  return (cells.read() - quiet).cwiseQuotient(quiet);
}

MatrixD programmed(const DeviceCheck& check, devices::Device device, std::uint64_t seed) {
  device.drift = {};
  device.faults = {};
  Cells cells(device, seed);
  cells.program(state_of(check, device));
  return cells.conductances();
}

}  // namespace

std::string DeviceCheck::problem() const {
  if (blank(source)) return "source is empty: no value without one";
  const bool needs_conductance =
      quantity == CellQuantity::programming_error || quantity == CellQuantity::left ||
      quantity == CellQuantity::left_deviation || quantity == CellQuantity::read_noise;
  if (needs_conductance && !conductance) return "conductance is missing: what is written";
  return "";
}

DeviceChecks load_device_checks(const std::filesystem::path& file) {
  return core::read<DeviceChecks>(core::load_config(file.empty() ? records_file("devices") : file));
}

std::vector<std::string> device_presets() {
  std::vector<std::string> out;
  const auto known = core::find_preset("devices/gokmen_vlasov", {});
  for (const auto& entry : std::filesystem::directory_iterator(known.parent_path())) {
    if (entry.path().extension() == ".toml") out.push_back(entry.path().stem().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

MeasuredCells measure(const DeviceCheck& check, std::uint64_t seed) {
  const devices::Device device = preset(check.preset);
  constexpr double far = 1e6;
  switch (check.quantity) {
    case CellQuantity::programming_error:
      return deviation_of(programmed(check, device, seed));
    case CellQuantity::left:
      return mean_of(left(check, device, seed));
    case CellQuantity::left_deviation:
      return deviation_of(left(check, device, seed));
    case CellQuantity::read_noise:
      return deviation_of(read_noise(check, device, seed));
    case CellQuantity::step_up:
    case CellQuantity::step_down:
      return mean_of(steps(check, device, seed));
    case CellQuantity::step_deviation:
    case CellQuantity::write_noise:
      return deviation_of(steps(check, device, seed));
    case CellQuantity::upper_bound:
      return mean_of(bounds(device, far, seed));
    case CellQuantity::upper_deviation:
      return deviation_of(bounds(device, far, seed));
    case CellQuantity::lower_bound:
      return mean_of(bounds(device, -far, seed));
    case CellQuantity::lower_deviation:
      return deviation_of(bounds(device, -far, seed));
    case CellQuantity::symmetry_point:
      return {device.symmetry_point().value_or(NAN), 0};
    case CellQuantity::states:
      return {device.states().value_or(NAN), 0};
    case CellQuantity::faulty: {
      const double share = Cells(device, seed).faulty();
      return {share, std::sqrt(share * (1 - share)) / side};
    }
  }
  return {};
}

double sigmas(const DeviceCheck& check, const MeasuredCells& measured) noexcept {
  const double off = std::abs(measured.value - check.value) - check.rounding;
  if (off <= 0) return 0;
  return measured.error > 0 ? off / measured.error : std::numeric_limits<double>::infinity();
}

Validation validate_devices(const DeviceChecks& checks) {
  Validation out{"devices", "Presets of devices beside the formulas of their papers", {}, {}, {}};
  out.protocol = {fmt::format(
      "{0} x {0} cells of each preset, written and read through an array with ideal converters. "
      "Steps are measured without errors of writes and reads, drift without errors of writes. "
      "Published values come from the papers' formulas, not from this program. Values without a "
      "standard error are those of the mean cell.",
      side)};
  out.binding = true;
  ValidationTable table{
      "Values of sampled cells beside published ones",
      {"preset", "quantity", "at", "published", "measured", "standard errors off", "source"},
      {}};
  struct Count {
    int held = 0, all = 0;
    double worst = 0;
  };
  std::map<std::string, Count> counts;
  for (const DeviceCheck& check : checks.checks) {
    const MeasuredCells measured = measure(check, 1);
    const double off = sigmas(check, measured);
    std::string at;
    if (check.conductance) at += fmt::format("{:.4g} uS ", 1e6 * *check.conductance);
    if (check.state) at += fmt::format("w = {:.3g} ", *check.state);
    if (check.age > 0) at += fmt::format("{:.4g} s", check.age);
    table.rows.push_back(
        {check.preset,
         std::string(enum_names(check.quantity)[static_cast<std::size_t>(check.quantity)]), at,
         fmt::format("{:.6g}", check.value),
         measured.error > 0 ? fmt::format("{:.6g} ± {:.2g}", measured.value, measured.error)
                            : fmt::format("{:.6g}", measured.value),
         std::isfinite(off) ? fmt::format("{:.1f}", off) : "off", check.source});
    Count& count = counts[check.preset];
    ++count.all;
    count.held += off < most_sigmas;
    count.worst = std::max(count.worst, off);
  }
  for (const auto& [name, count] : counts) {
    const bool met = count.held == count.all;
    out.gates.push_back({name, fmt::format("{} of {} values", count.held, count.all),
                         fmt::format("all within {} standard errors", most_sigmas), met,
                         met ? "" : "see the table"});
  }
  out.tables.push_back(std::move(table));
  return out;
}

}  // namespace ohmlab::validation
