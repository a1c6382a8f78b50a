#pragma once

#include <cstdint>
#include <vector>

#include "../core/streams.hpp"
#include "adcs.hpp"
#include "tiling.hpp"

namespace ohmlab::crossbar {

/// The converters of one array as they were made. Their errors are functions of the seed, the
/// array and the number of the converter, and stay as they are. Each end of a line uses the
/// converter number end / lines_each (`Tiling::end`); ends that share one have its errors.
class Converters {
 public:
  Converters(const Adc& adc, const ArrayContext& context, const Tiling& tiling);

  /// Readings of successive ends of lines in one operation.
  struct Readings {
    Index end = 0;                ///< number of the first end
    std::uint64_t operation = 0;  ///< operation of the array; keys the noise
    std::uint64_t first = 0;      ///< number of the first reading in the operation
  };
  /// Converts readings in place.
  /// \return number of readings beyond the range
  double convert(const Readings& readings, float* values, Index width) const noexcept;

  /// Full scale, in the unit of readings.
  [[nodiscard]] double bound() const {
    return adc_.visit([](const auto& adc) { return adc.full_scale(); });
  }

 private:
  template <class Entry>
  void convert_by(const Entry& adc, const Readings& readings, float* values,
                  Index width) const noexcept;

  Adc adc_;
  core::Stream noise_stream_;
  Index lines_each_ = 1;
  Index parts_ = 0;          ///< numbers that describe one converter
  std::vector<float> made_;  ///< of all converters; empty if they have no errors
};

}  // namespace ohmlab::crossbar
