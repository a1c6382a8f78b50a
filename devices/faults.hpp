#pragma once

#include <string_view>
#include <tuple>

#include "ohmlab/core/fields.hpp"

namespace ohmlab::devices {

struct NoFaults {
  static constexpr std::string_view name = "none";
  static constexpr std::string_view summary = "Every cell works.";
  static constexpr std::tuple<> fields{};
};

struct Faults : core::OneOf<NoFaults> {
  static constexpr std::string_view name = "faults";
  static constexpr std::string_view question = "Which cells do not work?";
};

}  // namespace ohmlab::devices
