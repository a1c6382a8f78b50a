#pragma once

#include <concepts>
#include <type_traits>
#include <variant>

#include <nlohmann/json.hpp>

#include "../core/config.hpp"

namespace ohmlab::cli {

/// A config tree as JSON.
[[nodiscard]] inline nlohmann::json json_of(const core::Node& node) {
  return std::visit([](const auto& value) -> nlohmann::json {
    using Value = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::same_as<Value, core::Node::Table>) {
      nlohmann::json out = nlohmann::json::object();
      for (const auto& [key, child] : value) out[key] = json_of(child);
      return out;
    } else if constexpr (std::same_as<Value, core::Node::List>) {
      nlohmann::json out = nlohmann::json::array();
      for (const core::Node& child : value) out.push_back(json_of(child));
      return out;
    } else {
      return value;
    }
  }, node.value);
}

}  // namespace ohmlab::cli
