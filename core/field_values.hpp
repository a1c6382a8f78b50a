#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "config.hpp"
#include "fields.hpp"

/// Reads described structs from config trees and writes them back. Include it where a config is
/// read or stored; a struct with fields needs only `fields.hpp`.
namespace ohmlab::core {

/// Location to report if the parts of a table conflict: "--set and x.toml:12" if one of them was
/// set from outside of its file, else the location of the table.
[[nodiscard]] Location blamed(const Node& table);

// --- the untyped half, in fields.cpp

namespace detail {
[[noreturn]] void fail(const Node& node, const std::string& key, const std::string& expected);
/// Location of a choice: that of its kind if set from outside of the table's file, else that of the
/// table.
Location place_of_choice(const Node& table, const Node* kind);
/// Adds a line if a number without unit is outside of its plausible range.
void doubt(const Node& node, const std::string& key, std::string_view unit, const Range& soft,
           std::vector<std::string>& doubts);
std::string joined(const std::string& prefix, std::string_view key);
double read_number(const Node&, const std::string& key, std::string_view unit, const Range&);
std::int64_t read_integer(const Node&, const std::string& key, const Range&);
bool read_flag(const Node&, const std::string& key);
std::string read_text(const Node&, const std::string& key);
DataPath read_path(const Node&, const std::string& key);
const Node::List& read_list(const Node&, const std::string& key);
const Node::Table& read_table(const Node&, const std::string& key);
std::size_t read_choice(const Node&, const std::string& key,
                        std::span<const std::string_view> names);
void check_keys(const Node& table, const std::string& key, std::span<const std::string_view> names);
std::string choice_text(std::span<const std::string_view> names);

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsMap : std::false_type {};
template <class T>
struct IsMap<std::map<std::string, T>> : std::true_type {};

template <class T>
struct IsOrdered : std::false_type {};
template <class T>
struct IsOrdered<Ordered<T>> : std::true_type {};

template <class T>
std::vector<std::string_view> field_names() {
  return std::apply([](const auto&... f) { return std::vector<std::string_view>{f.name...}; },
                    T::fields);
}
template <class C>
std::vector<std::string_view> entry_names() {
  std::vector<std::string_view> names;
  C::each([&]<class Entry>() { names.push_back(Entry::name); });
  return names;
}
template <NamedEnum E>
std::vector<std::string_view> value_names() {
  const auto names = enum_names(E{});
  return {names.begin(), names.end()};
}
}  // namespace detail

// --- reading

template <class T>
T read(const Node& node, const std::string& key = "");

namespace detail {

template <class V>
V read_value(const Node& node, const std::string& key, std::string_view unit, const Range& range) {
  if constexpr (std::same_as<V, Node>) {
    return node;
  } else if constexpr (std::same_as<V, double>) {
    return read_number(node, key, unit, range);
  } else if constexpr (std::same_as<V, bool>) {
    return read_flag(node, key);
  } else if constexpr (std::integral<V>) {
    return static_cast<V>(read_integer(node, key, range));
  } else if constexpr (std::same_as<V, std::string>) {
    return read_text(node, key);
  } else if constexpr (std::same_as<V, DataPath>) {
    return read_path(node, key);
  } else if constexpr (NamedEnum<V>) {
    return static_cast<V>(read_choice(node, key, value_names<V>()));
  } else if constexpr (IsOptional<V>::value) {
    return read_value<typename V::value_type>(node, key, unit, range);
  } else if constexpr (IsVector<V>::value) {
    V out;
    for (const Node& item : read_list(node, key)) {
      out.push_back(read_value<typename V::value_type>(item, key, unit, range));
    }
    return out;
  } else if constexpr (IsMap<V>::value) {
    V out;
    for (const auto& [name, child] : read_table(node, key)) {
      out.emplace(name, read_value<typename V::mapped_type>(child, joined(key, name), unit, range));
    }
    return out;
  } else if constexpr (IsOrdered<V>::value) {
    V out;
    static_cast<void>(read_table(node, key));
    for (const auto* child : node.written()) {
      out.items.emplace_back(child->first,
                             read_value<typename V::mapped_type>(
                                 child->second, joined(key, child->first), unit, range));
    }
    return out;
  } else {
    return read<V>(node, key);
  }
}

template <class T>
T read_fields(const Node& node, const std::string& key) {
  check_keys(node, key, field_names<T>());
  T out{};
  const auto take = [&](const auto& f) {
    using V = std::remove_cvref_t<decltype(out.*(f.member))>;
    if (const Node* child = node.find(f.name)) {
      out.*(f.member) = read_value<V>(*child, joined(key, f.name), f.unit, f.range);
    } else if (f.need == Need::required) {
      throw UserError(node.where, joined(key, f.name), "", "is missing: " + std::string(f.meaning));
    }
  };
  std::apply([&](const auto&... f) { (take(f), ...); }, T::fields);
  if constexpr (requires { out.problem(); }) {
    const std::string problem = out.problem();
    if (!problem.empty()) throw UserError(blamed(node), key, "", problem);
  }
  return out;
}

template <IsCatalogue C>
C read_catalogue(const Node& node, const std::string& key) {
  C out;
  const Node* kind = node.is_table() ? node.find("kind") : &node;
  std::size_t chosen = 0;
  if (kind)
    chosen = read_choice(*kind, node.is_table() ? joined(key, "kind") : key, entry_names<C>());
  Node table{Node::Table{}, detail::place_of_choice(node, kind)};
  if (node.is_table()) table.value = node.table();
  table.table().erase("kind");
  std::size_t index = 0;
  C::each([&]<class Entry>() {
    if (index++ == chosen) out.choice = read_fields<Entry>(table, key);
  });
  return out;
}

}  // namespace detail

/// Reads a described struct or the choice of a catalogue from a table.
///
/// \param key  dotted key of `node`, for messages
/// \throws UserError for unknown keys (with the nearest known one), wrong types, units and ranges
template <class T>
T read(const Node& node, const std::string& key) {
  if constexpr (IsCatalogue<T>) {
    return detail::read_catalogue<T>(node, key);
  } else {
    static_assert(Described<T>,
                  "a config value is a number, flag, text, list, described struct or catalogue");
    if (!node.is_table()) detail::fail(node, key, "expected a table");
    return detail::read_fields<T>(node, key);
  }
}

// --- writing

/// The config tree that reads back as `value`, with all defaults, in SI units. Empty optionals are
/// left out.
template <class V>
Node to_node(const V& value) {
  if constexpr (std::same_as<V, double> || std::same_as<V, bool> || std::same_as<V, std::string>) {
    return Node{value, {}};
  } else if constexpr (std::integral<V>) {
    return Node{static_cast<std::int64_t>(value), {}};
  } else if constexpr (std::same_as<V, Node>) {
    return value;
  } else if constexpr (std::same_as<V, DataPath>) {
    return Node{value.text, {}};
  } else if constexpr (NamedEnum<V>) {
    return Node{std::string(enum_names(value)[static_cast<std::size_t>(value)]), {}};
  } else if constexpr (detail::IsVector<V>::value) {
    Node::List list;
    for (const auto& item : value) list.push_back(to_node(item));
    return Node{std::move(list), {}};
  } else if constexpr (detail::IsMap<V>::value) {
    Node::Table table;
    for (const auto& [name, item] : value) table.emplace(name, to_node(item));
    return Node{std::move(table), {}};
  } else if constexpr (detail::IsOrdered<V>::value) {
    Node::Table table;
    for (const auto& [name, item] : value.items) {
      const int place = static_cast<int>(table.size());
      table.emplace(name, to_node(item)).first->second.place = place;
    }
    return Node{std::move(table), {}};
  } else if constexpr (IsCatalogue<V>) {
    Node node = value.visit([](const auto& entry) { return to_node(entry); });
    node.table().insert_or_assign("kind", Node{std::string(value.kind()), {}});
    return node;
  } else {
    Node::Table table;
    const auto put = [&](const auto& f) {
      const auto& member = value.*(f.member);
      if constexpr (detail::IsOptional<std::remove_cvref_t<decltype(member)>>::value) {
        if (member) table.emplace(f.name, to_node(*member));
      } else {
        table.emplace(f.name, to_node(member));
      }
    };
    std::apply([&](const auto&... f) { (put(f), ...); }, V::fields);
    return Node{std::move(table), {}};
  }
}

/// Calls visit(DataPath&) for every data path in a value and in its nested structs and catalogues.
template <class V, class Visitor>
void each_path(V& value, const Visitor& visit) {
  if constexpr (std::same_as<std::remove_const_t<V>, DataPath>) {
    visit(value);
  } else if constexpr (IsCatalogue<std::remove_const_t<V>>) {
    std::visit([&](auto& entry) { each_path(entry, visit); }, value.choice);
  } else if constexpr (Described<std::remove_const_t<V>>) {
    std::apply([&](const auto&... f) { (each_path(value.*(f.member), visit), ...); },
               std::remove_const_t<V>::fields);
  }
}

// --- doubting

/// Adds a line for every number without unit outside of its plausible range: a conductance of 1.6
/// is 1.6 S. Looks at `node`, from which `value` was read; defaults are not doubted.
template <class V>
void add_doubts(const V& value, const Node& node, const std::string& key, std::string_view unit,
                const Range& soft, std::vector<std::string>& doubts) {
  if constexpr (std::same_as<V, double>) {
    detail::doubt(node, key, unit, soft, doubts);
  } else if constexpr (detail::IsOptional<V>::value) {
    if (value) add_doubts(*value, node, key, unit, soft, doubts);
  } else if constexpr (detail::IsVector<V>::value) {
    if constexpr (std::same_as<typename V::value_type, double> ||
                  Described<typename V::value_type> || IsCatalogue<typename V::value_type>) {
      const auto& list = std::get<Node::List>(node.value);
      for (std::size_t i = 0; i < value.size(); ++i)
        add_doubts(value[i], list[i], key, unit, soft, doubts);
    }
  } else if constexpr (detail::IsMap<V>::value) {
    for (const auto& [name, item] : value) {
      add_doubts(item, *node.find(name), detail::joined(key, name), unit, soft, doubts);
    }
  } else if constexpr (IsCatalogue<V>) {
    if (node.is_table()) {
      value.visit([&](const auto& entry) { add_doubts(entry, node, key, unit, soft, doubts); });
    }
  } else if constexpr (Described<V>) {
    const auto look = [&](const auto& f) {
      if (const Node* child = node.find(f.name)) {
        add_doubts(value.*(f.member), *child, detail::joined(key, f.name), f.unit, f.soft, doubts);
      }
    };
    std::apply([&](const auto&... f) { (look(f), ...); }, V::fields);
  }
}

/// Doubts about a value read from `node`, one line each.
template <class T>
[[nodiscard]] std::vector<std::string> doubts_of(const T& value, const Node& node,
                                                 const std::string& key = "") {
  std::vector<std::string> doubts;
  add_doubts(value, node, key, "", any, doubts);
  return doubts;
}

}  // namespace ohmlab::core
