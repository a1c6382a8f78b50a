#pragma once

#include <cstdint>
#include <string_view>

#include "../core/fields.hpp"
#include "datasets.hpp"
#include "sequence_set.hpp"

namespace ohmlab::io {

/// Binary images as sequences: one token that begins each, then its pixels row by row.
struct PixelSequences {
  static constexpr std::string_view name = "pixels";
  static constexpr std::string_view summary =
      "Binary images as sequences of pixels, row by row, behind one token that begins each.";
  static constexpr std::string_view equation = "p(image) = prod_i p(pixel_i | pixels before it)";
  static constexpr std::string_view source =
      "Larochelle, Murray, The neural autoregressive distribution estimator, AISTATS 2011";

  Data images;
  std::int64_t validation = 0;
  static constexpr auto fields = core::Fields{
      core::field("images", &PixelSequences::images, "binary images", core::Need::required),
      core::field("validation", &PixelSequences::validation, "", core::at_least(0),
                  "training images set aside for validation, the last ones"),
  };

  /// \throws core::UserError or core::WorldError naming the file; core::UserError if no image is
  /// left for training
  [[nodiscard]] SequenceSet load() const;
};

}  // namespace ohmlab::io
