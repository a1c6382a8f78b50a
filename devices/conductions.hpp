#pragma once

#include <string_view>
#include <tuple>

#include "ohmlab/core/fields.hpp"

namespace ohmlab::devices {

struct OhmicConduction {
  static constexpr std::string_view name = "ohmic";
  static constexpr std::string_view summary = "Current is conductance times voltage.";
  static constexpr std::string_view equation = "i = g v";
  static constexpr std::tuple<> fields{};
};

struct Conduction : core::OneOf<OhmicConduction> {
  static constexpr std::string_view name = "conduction";
  static constexpr std::string_view question = "How does a cell's current depend on its voltage?";
};

}  // namespace ohmlab::devices
