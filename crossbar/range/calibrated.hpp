#pragma once

#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"

namespace ohmlab::crossbar {

/// Amplifiers before the converters have a gain for each direction of reads. It is 1 for the first
/// vectors, whose converted sizes are counted. After them it lifts a quantile of these sizes to
/// full scale, and stays. The bound of the converters is the widest range.
struct CalibratedRange {
  static constexpr std::string_view name = "calibrated";
  static constexpr std::string_view summary =
      "The range of the converters is a quantile of the sizes that the first vectors gave, for "
      "each direction.";
  static constexpr std::string_view equation =
      "y = r ADC(y / r), r the quantile of abs(y)/bound over the first vectors, in steps of 1/256";
  static constexpr std::string_view source =
      "percentile calibration: Wu et al., arXiv 2004.09602 (2020)";
  static constexpr std::int64_t bins = 256;
  double quantile = 0.999;
  std::int64_t vectors = 100;
  static constexpr auto fields = core::Fields{
      core::field("quantile", &CalibratedRange::quantile, "", core::between(0.5, 1),
                  "share of the first readings that shall be within the range"),
      core::field("vectors", &CalibratedRange::vectors, "", core::between(1, 1'000'000),
                  "vectors of each direction that are read before"),
  };
};

}  // namespace ohmlab::crossbar
