#pragma once

#include <string_view>
#include <vector>

#include "../core/type.hpp"

namespace ohmlab::lab {

/// A kind of config file: its name, the folder of its presets, and the type of its content.
struct ConfigType {
  std::string_view name, folder, meaning;
  const core::Type* type;
};

/// Config files that a user writes. The first is an experiment, which may have a table [sweep].
[[nodiscard]] const std::vector<ConfigType>& config_types();

/// Type of the table [sweep].
[[nodiscard]] const core::Type& sweep_type();

}  // namespace ohmlab::lab
