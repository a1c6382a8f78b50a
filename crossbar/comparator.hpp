#pragma once

#include <array>
#include <string_view>

#include "../core/fields.hpp"
#include "../core/streams.hpp"
#include "array.hpp"

namespace ohmlab::crossbar {

/// A noisy one-bit decision. Gaussian noise of 1.702 logits imitates the logistic function to
/// 0.0095. Logistic noise of scale 1 is exact, but no circuit has it.
struct Comparator {
  ComparatorNoise noise = ComparatorNoise::gaussian;
  double scale = 1.702;
  static constexpr auto fields = core::Fields{
      core::field("noise", &Comparator::noise, "law of the noise"),
      core::field("scale", &Comparator::scale, "", core::above(0),
                  "standard deviation (gaussian) or scale (logistic) of the noise, in logits"),
  };

  /// Turns fields into bits: 1 where field + offset + noise > 0. fields: B × lines, offset: 1 or B
  /// × lines.
  void decide(const core::Stream& stream, std::uint64_t operation, const ConstRows& offset,
              Rows fields) const;
};

}  // namespace ohmlab::crossbar
