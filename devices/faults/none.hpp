#pragma once

#include <string_view>
#include <tuple>

namespace ohmlab::devices {

struct NoFaults {
  static constexpr std::string_view name = "none";
  static constexpr std::string_view summary = "Every cell works.";
  static constexpr std::tuple<> fields{};
  static constexpr bool any = false;
};

}  // namespace ohmlab::devices
