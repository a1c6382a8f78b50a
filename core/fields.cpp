#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "field_values.hpp"
#include "paths.hpp"
#include "suggest.hpp"
#include "units.hpp"

namespace ohmlab::core {

std::string Range::text() const {
  const bool has_low = std::isfinite(low), has_high = std::isfinite(high);
  if (has_low && has_high && !low_open && !high_open)
    return fmt::format("from {} to {}", low, high);
  std::string out;
  if (has_low) out = fmt::format("{} {}", low_open ? "above" : "at least", low);
  if (has_high)
    out +=
        fmt::format("{}{} {}", out.empty() ? "" : " and ", high_open ? "below" : "at most", high);
  return out;
}

namespace detail {
namespace {

void check_range(double value, const Node& node, const std::string& key, std::string_view what,
                 const Range& range) {
  if (!range.holds(value)) fail(node, key, fmt::format("expected {} {}", what, range.text()));
}

}  // namespace

void fail(const Node& node, const std::string& key, const std::string& expected) {
  throw UserError(node.where, key, node.text(), expected);
}

namespace {

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

}  // namespace

Location place_of_choice(const Node& table, const Node* kind) {
  return kind && from_outside(*kind) ? kind->where : table.where;
}

void doubt(const Node& node, const std::string& key, std::string_view unit, const Range& soft,
           std::vector<std::string>& doubts) {
  double value = 0;
  if (const auto* number = std::get_if<double>(&node.value)) {
    value = *number;
  } else if (const auto* integer = std::get_if<std::int64_t>(&node.value)) {
    value = static_cast<double>(*integer);
  } else {
    return;  // text names its unit
  }
  if (value == 0 || soft.holds(value)) return;
  const std::string where = node.where.text(), given = node.text();
  doubts.push_back(fmt::format(
      R"({}{}{} = {}: a number without unit is in {}, usual are {} to {}; write "{} {}" if it is meant)",
      where, where.empty() ? "" : ": ", key, given, unit, soft.low, soft.high, given, unit));
}

std::string joined(const std::string& prefix, std::string_view key) {
  return prefix.empty() ? std::string(key) : fmt::format("{}.{}", prefix, key);
}

double read_number(const Node& node, const std::string& key, std::string_view unit,
                   const Range& range) {
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
  check_range(*value, node, key, "a number", range);
  if (std::isinf(*value)) fail(node, key, "expected a finite number");
  return *value;
}

std::int64_t read_integer(const Node& node, const std::string& key, const Range& range) {
  const auto* integer = std::get_if<std::int64_t>(&node.value);
  if (!integer) fail(node, key, "expected a whole number");
  check_range(static_cast<double>(*integer), node, key, "a whole number", range);
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
  DataPath path{read_text(node, key), {}, node.where, key};
  path.resolved = find_data(path.text, std::filesystem::path(node.where.source).parent_path());
  return path;
}

const Node::List& read_list(const Node& node, const std::string& key) {
  const auto* list = std::get_if<Node::List>(&node.value);
  if (!list) fail(node, key, "expected a list in square brackets");
  return *list;
}

const Node::Table& read_table(const Node& node, const std::string& key) {
  if (!node.is_table()) fail(node, key, "expected a table");
  return node.table();
}

std::string choice_text(std::span<const std::string_view> names) {
  std::string out;
  for (const std::string_view name : names)
    out += fmt::format("{}\"{}\"", out.empty() ? "" : ", ", name);
  return out;
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

void check_keys(const Node& table, const std::string& key,
                std::span<const std::string_view> names) {
  for (const auto& [name, child] : table.table()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    std::string expected = "unknown key" + did_you_mean(name, names);
    if (expected == "unknown key") {
      expected += names.empty() ? "; nothing is set here" : "; known here: " + choice_text(names);
    }
    throw UserError(child.where, joined(key, name), "", expected);
  }
}

}  // namespace detail

Location blamed(const Node& table) {
  const Node* set = detail::set_from_outside(table);
  if (!set || set == &table) return table.where;
  if (table.where.source.empty()) return set->where;
  return {fmt::format("{} and {}", set->where.source, table.where.source), table.where.line};
}

}  // namespace ohmlab::core
