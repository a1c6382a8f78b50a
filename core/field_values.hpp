#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "config.hpp"
#include "type.hpp"

/// Reads described structs from config trees and writes them back. Include it where a config is
/// read or stored; a struct with fields needs only `fields.hpp`.
namespace ohmlab::core {

/// Location to report if the parts of a table conflict: "--set and x.toml:12" if one of them was
/// set from outside of its file, else the location of the table.
[[nodiscard]] Location blamed(const Node& table);

namespace detail {
void read_into(void* value, const Type& type, const Node& node, const std::string& key);
Node node_of(const void* value, const Type& type);
void visit_paths(void* value, const Type& type, const std::function<void(DataPath&)>& visit);
void read_files(void* value, const Type& type);
std::vector<std::string> doubts_of(const void* value, const Type& type, const Node& node,
                                   const std::string& key);
/// `"a", "b"`
std::string choice_text(std::span<const std::string_view> names);
}  // namespace detail

/// Reads a described struct or a catalogue's choice from a table.
///
/// \param key  dotted key of `node`, for messages
/// \throws UserError for unknown keys (with the nearest known one), wrong types, units and ranges
template <class T>
T read(const Node& node, const std::string& key = "") {
  T out{};
  detail::read_into(&out, type_of<T>(), node, key);
  return out;
}

/// The config tree that reads back as `value`: defaults filled in, SI units. Empty optionals are
/// left out.
template <class V>
Node to_node(const V& value) {
  return detail::node_of(&value, type_of<V>());
}

/// Calls visit(path) for every data path in a value, however deep.
template <class V>
  requires(!std::is_const_v<V>)
void each_path(V& value, const std::function<void(DataPath&)>& visit) {
  detail::visit_paths(&value, type_of<V>(), visit);
}
template <class V>
void each_path(const V& value, const std::function<void(const DataPath&)>& visit) {
  detail::visit_paths(const_cast<V*>(&value), type_of<V>(), visit);
}

/// Reads the files that parts of a value name, after their paths have been replaced.
template <class V>
void read_files(V& value) {
  detail::read_files(&value, type_of<V>());
}

/// Doubts about a value that was read from `node`: one line for every number that was written
/// without its unit and is not plausible, such as a conductance of 1.6, which is 1.6 S. A default
/// is not doubted.
template <class T>
[[nodiscard]] std::vector<std::string> doubts_of(const T& value, const Node& node,
                                                 const std::string& key = "") {
  return detail::doubts_of(&value, type_of<T>(), node, key);
}

}  // namespace ohmlab::core
