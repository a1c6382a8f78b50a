#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "../../core/matrix.hpp"
#include "../../crossbar/array.hpp"
#include "../../devices/device.hpp"

namespace ohmlab::experiments {

/// Cells of one device in an array of their own, pulsed, programmed and read through its door:
/// learning meets the same cells. The array is as square as their number allows, 100 cells are 10 ×
/// 10 and a prime number is one row. Equal seeds give equal cells, numbered row after row.
///
/// Drivers, converters and pulser are the standard ones of an array, so that the work has a price.
/// What is measured does not go through them: `states` are those of the cells, `sensed` the
/// currents before a converter.
class CellBench {
 public:
  CellBench(const devices::Device& device, core::Index cells, std::uint64_t seed);

  [[nodiscard]] core::Index cells() const noexcept { return array_->rows() * array_->cols(); }
  /// One pulse to every cell, then one read of every cell.
  void pulse(bool up);
  /// Writes and verifies one state in all cells.
  void program(double w);
  void wait(double seconds) { array_->wait(seconds); }
  /// States w now, free of read noise, write noise included.
  [[nodiscard]] core::Vector states() const;
  /// One read of every cell, with its noise, before any converter.
  [[nodiscard]] core::Vector sensed();

  [[nodiscard]] const cost::Tally& tally() const noexcept { return *tally_; }
  [[nodiscard]] const crossbar::Array& array() const noexcept { return *array_; }
  [[nodiscard]] cost::Machine machine() noexcept { return array_->edge().machine(); }

 private:
  std::unique_ptr<cost::Tally> tally_;
  std::unique_ptr<crossbar::Array> array_;
  double step_;  ///< rate of one pulse
  core::Matrix rows_, ones_by_row_, ones_by_col_, read_;
};

}  // namespace ohmlab::experiments
