#pragma once

#include <cstdint>
#include <string_view>

#include "../core/fields.hpp"
#include "dataset.hpp"

namespace ohmlab::io {

/// All images of which each row, or each column, is wholly on or off. Their distribution is known
/// in closed form.
struct BarsAndStripes {
  static constexpr std::string_view name = "bars_and_stripes";
  static constexpr std::string_view summary =
      "All images of full rows and all of full columns; train and test are the same complete list.";
  static constexpr std::string_view equation =
      "2^(n+1) images of n x n pixels, the empty and the full one twice: best mean ln p = -(n+1) "
      "ln 2 + 2^(1-n) ln 2";
  static constexpr std::string_view source =
      "MacKay, Information Theory, Inference, and Learning Algorithms (2003), ch. 43";

  std::int64_t size = 4;
  static constexpr auto fields = core::Fields{
      core::field("size", &BarsAndStripes::size, "", core::between(2, 8), "pixels along each side"),
  };

  [[nodiscard]] Dataset load() const;
};

}  // namespace ohmlab::io
