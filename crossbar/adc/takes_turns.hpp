#pragma once

#include <cstdint>

#include "../../core/fields.hpp"

namespace ohmlab::crossbar {

/// A converter that several lines may share in turn. Lines that share it share its errors.
struct TakesTurns {
  std::int64_t columns_per_adc = 1;
  static constexpr auto fields =
      core::Fields{core::field("columns_per_adc", &TakesTurns::columns_per_adc, "",
                               core::between(1, 4096), "lines that take turns at one converter")};
  [[nodiscard]] double lines_each() const noexcept { return static_cast<double>(columns_per_adc); }
};

}  // namespace ohmlab::crossbar
