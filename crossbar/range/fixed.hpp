#pragma once

#include <string_view>

#include "../../core/fields.hpp"

namespace ohmlab::crossbar {

struct FixedRange {
  static constexpr std::string_view name = "fixed";
  static constexpr std::string_view summary =
      "Inputs are in full scales as they come, and converters have the range that is set.";
  static constexpr core::Fields<> fields{};
};

}  // namespace ohmlab::crossbar
