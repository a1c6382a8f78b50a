#pragma once

#include <string>
#include <vector>

#include "../core/config.hpp"

namespace ohmlab::lab {

/// A dotted key that a config may set, and the names it may take, if its values have names.
struct SettingKey {
  std::string key;
  std::vector<std::string> values;  ///< names of kinds or choices, "true" and "false"; else empty
};

/// Keys that --set takes beside a config, in the order of their tables.
/// \param config  config whose kinds decide which keys there are; null: keys of all kinds
[[nodiscard]] std::vector<SettingKey> setting_keys(const core::Node* config);

}  // namespace ohmlab::lab
