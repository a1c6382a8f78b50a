#pragma once

#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"

namespace ohmlab::crossbar {

/// Each vector is divided by its largest |x| before it is driven, and its outputs are multiplied by
/// it (noise management). A vector with an output beyond the converters' range is read again with
/// half the drive, up to `repeats` times (bound management). Both are digital work at the edge; a
/// repeat is a whole read.
struct MaximumRange {
  static constexpr std::string_view name = "maximum";
  static constexpr std::string_view summary =
      "Noise and bound management: a vector is driven with its largest input at full scale, and "
      "read again at half the drive while an output clips.";
  static constexpr std::string_view equation =
      "y = a read(x / a), a = 2^k max abs(x), k the number of repeats, while an output clips";
  static constexpr std::string_view source =
      "Gokmen, Onen & Haensch, Front. Neurosci. 11, 538 (2017)";
  std::int64_t repeats = 3;
  static constexpr auto fields = core::Fields{
      core::field("repeats", &MaximumRange::repeats, "", core::between(0, 10),
                  "times that a vector is read again at most, each with half the drive"),
  };
};

}  // namespace ohmlab::crossbar
