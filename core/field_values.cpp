#include "field_values.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

#include "paths.hpp"
#include "suggest.hpp"
#include "units.hpp"

namespace ohmlab::core {
namespace detail {

std::string choice_text(std::span<const std::string_view> names) {
  std::string out;
  for (const std::string_view name : names)
    out += fmt::format("{}\"{}\"", out.empty() ? "" : ", ", name);
  return out;
}

namespace {

using Kind = Type::Kind;

[[noreturn]] void fail(const Node& node, const std::string& key, const std::string& expected) {
  throw UserError(node.where, key, node.text(), expected);
}

/// True for a value from an option or argument, e.g. "--set" or "argument config".
bool from_outside(const Node& node) { return node.where.line == 0 && !node.where.source.empty(); }

const Node* set_from_outside(const Node& table) {
  if (from_outside(table)) return &table;
  if (!table.is_table()) return nullptr;
  for (const auto* child : table.written()) {
    if (const Node* found = set_from_outside(child->second)) return found;
  }
  return nullptr;
}

Location place_of_choice(const Node& table, const Node* kind) {
  return kind && from_outside(*kind) ? kind->where : table.where;
}

/// Doubt about a number without unit that is not plausible, or "".
std::string doubt(const Node& node, const std::string& key, const TypedField& limits) {
  double value = 0;
  if (const auto* number = std::get_if<double>(&node.value)) {
    value = *number;
  } else if (const auto* integer = std::get_if<std::int64_t>(&node.value)) {
    value = static_cast<double>(*integer);
  } else {
    return "";  // text names its unit
  }
  const Range& soft = limits.soft;
  if (value == 0 || soft.holds(value)) return "";
  const std::string where = node.where.text(), given = node.text();
  return fmt::format(
      R"({}{}{} = {}: a number without unit is in {}, usual are {} to {}; write "{} {}" if it is meant)",
      where, where.empty() ? "" : ": ", key, given, limits.unit, soft.low, soft.high, given,
      limits.unit);
}

std::string joined(const std::string& prefix, std::string_view key) {
  return prefix.empty() ? std::string(key) : fmt::format("{}.{}", prefix, key);
}

double read_number(const Node& node, const std::string& key, const TypedField& limits) {
  const auto& [unit, range] = std::tie(limits.unit, limits.range);
  std::optional<double> value;
  if (const auto* number = std::get_if<double>(&node.value)) value = *number;
  if (const auto* integer = std::get_if<std::int64_t>(&node.value))
    value = static_cast<double>(*integer);
  if (const auto* text = std::get_if<std::string>(&node.value)) value = parse_quantity(*text, unit);
  if (!value || std::isnan(*value)) {
    fail(node, key,
         unit.empty()
             ? std::string("expected a number")
             : fmt::format(R"(expected a number in {0}, or text such as "1 {0}" or "1 m{0}")",
                           unit));
  }
  if (!range.holds(*value)) fail(node, key, "expected a number " + range.text());
  if (std::isinf(*value)) fail(node, key, "expected a finite number");
  return *value;
}

std::int64_t read_integer(const Node& node, const std::string& key, const Range& range) {
  const auto* integer = std::get_if<std::int64_t>(&node.value);
  if (!integer) fail(node, key, "expected a whole number");
  if (!range.holds(static_cast<double>(*integer)))
    fail(node, key, "expected a whole number " + range.text());
  return *integer;
}

bool read_flag(const Node& node, const std::string& key) {
  const auto* flag = std::get_if<bool>(&node.value);
  if (!flag) fail(node, key, "expected true or false");
  return *flag;
}

std::string read_text(const Node& node, const std::string& key) {
  const auto* text = std::get_if<std::string>(&node.value);
  if (!text) fail(node, key, "expected text in quotes");
  return *text;
}

DataPath read_path(const Node& node, const std::string& key) {
  DataPath path{read_text(node, key), {}, node.where, key, {}};
  path.resolved = find_data(path.text, std::filesystem::path(node.where.source).parent_path());
  return path;
}

const Node::List& read_list(const Node& node, const std::string& key) {
  const auto* list = std::get_if<Node::List>(&node.value);
  if (!list) fail(node, key, "expected a list in square brackets");
  return *list;
}

void require_table(const Node& node, const std::string& key) {
  if (!node.is_table()) fail(node, key, "expected a table");
}

std::size_t read_choice(const Node& node, const std::string& key,
                        std::span<const std::string_view> names) {
  const auto* text = std::get_if<std::string>(&node.value);
  if (!text) fail(node, key, fmt::format("expected one of {}", choice_text(names)));
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == *text) return i;
  }
  fail(node, key,
       fmt::format("expected one of {}{}", choice_text(names), did_you_mean(*text, names)));
}

void check_keys(const Node& table, const std::string& key, std::span<const TypedField> fields) {
  std::vector<std::string_view> names;
  for (const TypedField& f : fields) names.push_back(f.name);
  for (const auto& [name, child] : table.table()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    std::string expected = "unknown key" + did_you_mean(name, names);
    if (expected == "unknown key") {
      expected += names.empty() ? "; nothing is set here" : "; known here: " + choice_text(names);
    }
    throw UserError(child.where, joined(key, name), "", expected);
  }
}

bool holds(void* optional, const Type& type) {
  bool out = false;
  type.each(optional, [&](const std::string&, void*) { out = true; });
  return out;
}

/// A value and its type.
struct Value {
  void* at;
  const Type& type;
};
Value field_of(const Value& record, const TypedField& f) { return {f.of(record.at), *f.type}; }
Value added_to(const Value& value, const std::string& name = "") {
  return {value.type.add(value.at, name), *value.type.inner};
}

void read_value(const Value& value, const Node& node, const std::string& key,
                const TypedField& limits);

void read_record(const Value& record, const Node& node, const std::string& key) {
  const Type& type = record.type;
  if (!node.is_table()) fail(node, key, "expected a table");
  type.reset(record.at);
  check_keys(node, key, type.fields);
  for (const TypedField& f : type.fields) {
    const std::string name = joined(key, f.name);
    if (const Node* child = node.find(f.name)) {
      read_value(field_of(record, f), *child, name, f);
    } else if (f.need == Need::required) {
      throw UserError(node.where, name, "", "is missing: " + std::string(f.meaning));
    }
  }
  if (type.read_files) type.read_files(record.at);
  if (!type.problem) return;
  if (const std::string problem = type.problem(record.at); !problem.empty())
    throw UserError(blamed(node), key, "", problem);
}

void read_catalogue(const Value& value, const Node& node, const std::string& key) {
  const Type& type = value.type;
  const Node* kind = node.is_table() ? node.find("kind") : &node;
  std::size_t chosen = 0;
  if (kind) chosen = read_choice(*kind, node.is_table() ? joined(key, "kind") : key, type.names);
  Node table{Node::Table{}, place_of_choice(node, kind)};
  if (node.is_table()) table.value = node.table();
  table.table().erase("kind");
  read_record({type.choose(value.at, chosen), *type.entries[chosen]}, table, key);
}

/// \param limits  field whose unit and range the value, or each of its elements, has to keep
void read_value(const Value& value, const Node& node, const std::string& key,
                const TypedField& limits) {
  const Type& type = value.type;
  void* const at = value.at;
  switch (type.kind) {
    case Kind::node:
      *static_cast<Node*>(at) = node;
      return;
    case Kind::number:
      *static_cast<double*>(at) = read_number(node, key, limits);
      return;
    case Kind::integer:
      type.set_integer(at, read_integer(node, key, limits.range));
      return;
    case Kind::flag:
      *static_cast<bool*>(at) = read_flag(node, key);
      return;
    case Kind::text:
      *static_cast<std::string*>(at) = read_text(node, key);
      return;
    case Kind::path:
      *static_cast<DataPath*>(at) = read_path(node, key);
      return;
    case Kind::choice:
      type.set_integer(at, static_cast<std::int64_t>(read_choice(node, key, type.names)));
      return;
    case Kind::optional:
      type.reset(at);
      read_value(added_to(value), node, key, limits);
      return;
    case Kind::list:
      type.reset(at);
      for (const Node& item : read_list(node, key)) read_value(added_to(value), item, key, limits);
      return;
    case Kind::table:
    case Kind::ordered:
      type.reset(at);
      require_table(node, key);
      for (const auto* child : node.written()) {
        read_value(added_to(value, child->first), child->second, joined(key, child->first), limits);
      }
      return;
    case Kind::record:
      read_record(value, node, key);
      return;
    case Kind::catalogue:
      read_catalogue(value, node, key);
      return;
  }
}

/// Walks over a value beside the tree that it was read from.
struct Doubts {
  std::vector<std::string> lines;

  void add(const Value& value, const Node& node, const std::string& key, const TypedField& limits) {
    const Type& type = value.type;
    switch (type.kind) {
      case Kind::number:
        if (std::string line = doubt(node, key, limits); !line.empty())
          lines.push_back(std::move(line));
        return;
      case Kind::optional:
        type.each(value.at, [&](const std::string&, void* held) {
          add({held, *type.inner}, node, key, limits);
        });
        return;
      case Kind::list: {
        auto item = std::get<Node::List>(node.value).begin();
        type.each(value.at, [&](const std::string&, void* element) {
          add({element, *type.inner}, *item++, key, limits);
        });
        return;
      }
      case Kind::table:
      case Kind::ordered:
        type.each(value.at, [&](const std::string& name, void* element) {
          add({element, *type.inner}, *node.find(name), joined(key, name), limits);
        });
        return;
      case Kind::record:
        for (const TypedField& f : type.fields) {
          if (const Node* child = node.find(f.name))
            add(field_of(value, f), *child, joined(key, f.name), f);
        }
        return;
      case Kind::catalogue:
        if (!node.is_table()) return;
        add({type.entry(value.at), *type.entries[type.chosen(value.at)]}, node, key, limits);
        return;
      default:
        return;
    }
  }
};

/// Values themselves are never changed: what walks over them is shared with reading.
void* unchanged(const void* value) { return const_cast<void*>(value); }

constexpr TypedField no_limits{"", "", "", Need::optional, any, any, nullptr, nullptr};

}  // namespace

void read_into(void* value, const Type& type, const Node& node, const std::string& key) {
  read_value({value, type}, node, key, no_limits);
}

Node node_of(const void* constant, const Type& type) {
  void* const value = unchanged(constant);
  switch (type.kind) {
    case Kind::node:
      return *static_cast<const Node*>(value);
    case Kind::number:
      return {*static_cast<const double*>(value), {}};
    case Kind::integer:
      return {type.integer(value), {}};
    case Kind::flag:
      return {*static_cast<const bool*>(value), {}};
    case Kind::text:
      return {*static_cast<const std::string*>(value), {}};
    case Kind::path:
      return {static_cast<const DataPath*>(value)->text, {}};
    case Kind::choice:
      return {std::string(type.names[static_cast<std::size_t>(type.integer(value))]), {}};
    case Kind::optional: {
      Node held{Node::Table{}, {}};
      type.each(value, [&](const std::string&, void* it) { held = node_of(it, *type.inner); });
      return held;
    }
    case Kind::list: {
      Node::List list;
      type.each(value, [&](const std::string&, void* item) {
        list.push_back(node_of(item, *type.inner));
      });
      return {std::move(list), {}};
    }
    case Kind::table:
    case Kind::ordered: {
      Node::Table table;
      type.each(value, [&](const std::string& name, void* item) {
        const int place = static_cast<int>(table.size());
        table.emplace(name, node_of(item, *type.inner)).first->second.place = place;
      });
      return {std::move(table), {}};
    }
    case Kind::record: {
      Node::Table table;
      for (const TypedField& f : type.fields) {
        if (f.type->kind != Kind::optional || holds(f.of(value), *f.type))
          table.emplace(f.name, node_of(f.of(value), *f.type));
      }
      return {std::move(table), {}};
    }
    case Kind::catalogue: {
      const std::size_t chosen = type.chosen(value);
      Node node = node_of(type.entry(value), *type.entries[chosen]);
      node.table().insert_or_assign("kind", Node{std::string(type.names[chosen]), {}});
      return node;
    }
  }
  std::abort();  // unreachable: the kinds are complete
}

namespace {

/// Calls visit(part) for every part of a value, however deep, innermost first.
void visit_parts(const Value& value, const std::function<void(const Value&)>& visit) {
  const Type& type = value.type;
  switch (type.kind) {
    case Kind::optional:
    case Kind::list:
    case Kind::table:
    case Kind::ordered:
      type.each(value.at,
                [&](const std::string&, void* item) { visit_parts({item, *type.inner}, visit); });
      break;
    case Kind::record:
      for (const TypedField& f : type.fields) visit_parts(field_of(value, f), visit);
      break;
    case Kind::catalogue:
      visit_parts({type.entry(value.at), *type.entries[type.chosen(value.at)]}, visit);
      break;
    default:
      break;
  }
  visit(value);
}

}  // namespace

void visit_paths(void* value, const Type& type, const std::function<void(DataPath&)>& visit) {
  visit_parts({value, type}, [&](const Value& part) {
    if (part.type.kind == Kind::path) visit(*static_cast<DataPath*>(part.at));
  });
}

void read_files(void* value, const Type& type) {
  visit_parts({value, type}, [](const Value& part) {
    if (part.type.read_files) part.type.read_files(part.at);
  });
}

std::vector<std::string> doubts_of(const void* value, const Type& type, const Node& node,
                                   const std::string& key) {
  Doubts doubts;
  doubts.add({unchanged(value), type}, node, key, no_limits);
  return std::move(doubts.lines);
}

}  // namespace detail

Location blamed(const Node& table) {
  const Node* set = detail::set_from_outside(table);
  if (!set || set == &table) return table.where;
  if (table.where.source.empty()) return set->where;
  return {fmt::format("{} and {}", set->where.source, table.where.source), table.where.line};
}

}  // namespace ohmlab::core
