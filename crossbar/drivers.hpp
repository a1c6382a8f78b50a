#pragma once

#include <cstdint>
#include <vector>

#include "../core/streams.hpp"
#include "dacs.hpp"
#include "tiling.hpp"

namespace ohmlab::crossbar {

/// The drivers of one array as they were made, one at each end of a line (`Tiling::end`). Their
/// errors are functions of the seed, the array and the end, and stay as they are. Groups of cells
/// are driven with the same errors.
class Drivers {
 public:
  Drivers(const Dac& dac, const ArrayContext& context, const Tiling& tiling);

  /// True if drivers have no errors.
  [[nodiscard]] bool exact() const noexcept { return errors_.none(); }

  /// Levels of successive ends in one vector of an operation.
  struct Levels {
    Index end = 0;                ///< number of the first end
    std::uint64_t operation = 0;  ///< operation of the array; keys the noise
    Index vector = 0;
  };
  /// Adds errors to levels in place. Lines that rest at zero stay there if `off_at_zero`.
  void disturb(const Levels& at, bool off_at_zero, float* levels, Index count) const noexcept;
  /// The same without noise.
  void bend(Index end, bool off_at_zero, float* levels, Index count) const noexcept;

 private:
  LineErrors errors_;
  Index ends_ = 0;
  core::Stream noise_stream_;
  std::vector<float> made_;  ///< errors of all drivers; empty if they have none
};

}  // namespace ohmlab::crossbar
