#pragma once

#include <array>
#include <vector>

#include "../core/archive.hpp"
#include "array.hpp"
#include "ranges.hpp"

namespace ohmlab::crossbar {

/// The calibration of the range of an array's converters, one for each direction of reads. It is a
/// function of the reads so far.
class RangeControl {
 public:
  /// True if the next read of this direction belongs to the calibration.
  [[nodiscard]] bool calibrates(const SignalRange& range, Direction direction) const;
  /// Full scale of reads of this direction, as a share of the bound.
  [[nodiscard]] double range(Direction direction) const { return side(direction).range; }
  /// Takes the sizes of the readings of some vectors; sets the range after the last of them.
  void count(const CalibratedRange& plan, Direction direction, double vectors,
             const std::vector<double>& sizes);
  void state(core::Archive& archive);

 private:
  struct Side {
    double range = 1, vectors = 0;
    core::VectorD sizes = core::VectorD::Zero(CalibratedRange::bins);
  };
  [[nodiscard]] const Side& side(Direction direction) const {
    return sides_[direction == Direction::to_cols ? 0 : 1];
  }

  std::array<Side, 2> sides_;
};

}  // namespace ohmlab::crossbar
