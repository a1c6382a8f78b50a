#include "config.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include "input_file.hpp"
#include "presets.hpp"
#include "suggest.hpp"
#include "units.hpp"

namespace ohmlab::core {
namespace {

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string key_text(std::string_view key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  return bare ? std::string(key) : toml_string(key);
}

/// Numbers the children of a table in the order of their values in the text.
void number_as_written(const toml::table& table, Node::Table& children) {
  std::vector<std::pair<toml::source_position, std::string>> order;
  for (const auto& [key, child] : table) order.emplace_back(child.source().begin, key.str());
  std::sort(order.begin(), order.end());
  int place = 0;
  for (const auto& [begin, key] : order) children.find(key)->second.place = place++;
}

Node converted(const toml::node& node, const std::string& source) {
  Node out;
  out.where = {source, static_cast<int>(node.source().begin.line)};
  if (const auto* table = node.as_table()) {
    Node::Table children;
    for (const auto& [key, child] : *table)
      children.emplace(std::string(key.str()), converted(child, source));
    number_as_written(*table, children);
    out.value = std::move(children);
  } else if (const auto* array = node.as_array()) {
    Node::List children;
    for (const auto& child : *array) children.push_back(converted(child, source));
    out.value = std::move(children);
  } else if (const auto* text = node.as_string()) {
    out.value = text->get();
  } else if (const auto* integer = node.as_integer()) {
    out.value = integer->get();
  } else if (const auto* number = node.as_floating_point()) {
    out.value = number->get();
  } else if (const auto* flag = node.as_boolean()) {
    out.value = flag->get();
  } else {
    throw UserError(out.where, "", "",
                    "expected a number, text, flag, list or table; dates have no meaning here");
  }
  return out;
}

/// Refuses keys with so many parts that their nested tables would exhaust the stack. The parser
/// itself limits the depth of values.
void check_depth(std::string_view text, Location where) {
  int dots = 0;
  for (const char c : text) {
    if (c == '\n') ++where.line;
    if (c == '.') {
      if (++dots > most_levels)
        throw UserError(where, "", "",
                        fmt::format("not valid TOML: more than {} dots in a key", most_levels));
    } else if (std::string_view("\n=,[]{}#").find(c) != std::string_view::npos) {
      dots = 0;
    }
  }
}

Node parsed(std::string_view text, const std::string& source) {
  check_depth(text, {source, 1});
  try {
    return converted(toml::parse(text, source), source);
  } catch (const toml::parse_error& error) {
    throw UserError({source, static_cast<int>(error.source().begin.line)}, "", "",
                    fmt::format("not valid TOML: {}", error.description()));
  }
}

std::string file_text(const std::filesystem::path& path) {
  InputFile file(path, "cannot read this config file");
  file.require_no_folder("a config file");
  const std::vector<std::byte> bytes = file.read_rest();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

const std::string* kind_of(const Node& node) {
  if (!node.is_table()) return std::get_if<std::string>(&node.value);
  const Node* kind = node.find("kind");
  return kind ? std::get_if<std::string>(&kind->value) : nullptr;
}

/// Adds the keys of `under`, a base of the table so many levels above, that `top` lacks. A table of
/// `top` that names a base of its own gets no keys that a base lent to the table in its place: one
/// device is not laid under another. `replaced` has bit k set if the table k levels above a child
/// of `top` is such a table.
void lay_under(Node& top, const Node& under, int level, std::uint64_t replaced) {
  if (!top.is_table() || !under.is_table()) return;
  const std::string* mine = kind_of(top);
  const std::string* theirs = kind_of(under);
  if (mine && theirs && *mine != *theirs) return;
  for (const auto& [key, child] : under.table()) {
    if ((child.lenders & replaced) != 0) continue;
    const auto [place, absent] = top.table().try_emplace(key, child);
    if (absent) {
      if (level < 64) place->second.lenders |= std::uint64_t{1} << level;
    } else {
      lay_under(place->second, child, level + 1,
                (replaced << 1) | (place->second.based ? std::uint64_t{2} : 0));
    }
  }
}

void resolve_bases(Node& node, const std::filesystem::path& folder,
                   std::vector<std::filesystem::path>& open) {
  if (auto* list = std::get_if<Node::List>(&node.value)) {
    for (Node& child : *list) resolve_bases(child, folder, open);
    return;
  }
  if (!node.is_table()) return;
  for (auto& [key, child] : node.table()) {
    const std::filesystem::path beside(child.where.source);
    resolve_bases(child, is_file(beside) ? beside.parent_path() : folder, open);
  }
  const auto base = node.table().find("base");
  if (base == node.table().end()) return;
  const Location where = base->second.where;
  const auto* name = std::get_if<std::string>(&base->second.value);
  if (!name)
    throw UserError(where, "base", base->second.text(), "expected the name of a config, in quotes");
  const std::filesystem::path file = find_preset(*name, folder);
  if (file.empty())
    throw UserError(where, "base", toml_string(*name), preset_not_found(*name, folder));
  const std::filesystem::path itself = std::filesystem::canonical(file);  // one name for each file
  if (std::find(open.begin(), open.end(), itself) != open.end()) {
    throw UserError(where, "base", toml_string(*name), "this base leads back to itself");
  }
  Node under = parsed(file_text(file), file.string());
  open.push_back(itself);
  resolve_bases(under, file.parent_path(), open);
  open.pop_back();
  node.table().erase(base);
  lay_under(node, under, 1, 0);
  node.based = true;
}

/// Splits a table into one setting per key, so that other keys of the config stay. A table with a
/// `kind` is set whole; an empty table clears.
void add_leaves(const Setting& setting, std::vector<Setting>& out) {
  if (!setting.value.is_table() || setting.value.table().empty() || setting.value.find("kind")) {
    out.push_back(setting);
    return;
  }
  for (const auto* child : setting.value.written()) {
    add_leaves({setting.key + '.' + child->first, child->second}, out);
  }
}

bool is_base(const Setting& setting) {
  return setting.key == "base" || setting.key.ends_with(".base");
}

/// Gives the table of a `base` setting the location of that setting. A `kind` set above it then
/// keeps the table.
void mark_as_set(Node& tree, std::string_view key, const Location& where) {
  Node* node = &tree;
  for (auto dot = key.find('.'); dot != std::string_view::npos; dot = key.find('.')) {
    node = &node->table().find(key.substr(0, dot))->second;
    key.remove_prefix(dot + 1);
  }
  node->where = where;
}

/// A setting that replaces the table at its key: the name of a kind, or a table with a kind.
bool replaces(const Setting& setting) { return kind_of(setting.value) != nullptr; }

/// Moves every base below a key that an earlier setting replaces into that setting: it is laid
/// under the new table, not under the one that is gone.
void keep_bases_below(std::vector<Setting>& leaves) {
  for (std::size_t i = 0; i < leaves.size();) {
    std::size_t j = is_base(leaves[i]) ? i : 0;
    while (j > 0 &&
           !(replaces(leaves[j - 1]) && leaves[i].key.starts_with(leaves[j - 1].key + '.')))
      --j;
    if (j == 0) {
      ++i;
      continue;
    }
    Setting& top = leaves[j - 1];
    if (!top.value.is_table()) top.value = Node{Node::Table{{"kind", top.value}}, top.value.where};
    set_key(top.value, leaves[i].key.substr(top.key.size() + 1), std::move(leaves[i].value));
    leaves.erase(leaves.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

/// Gives a value and all values below it one location.
void place_at(Node& node, const Location& where) {
  node.where = where;
  if (auto* list = std::get_if<Node::List>(&node.value)) {
    for (Node& child : *list) place_at(child, where);
  } else if (node.is_table()) {
    for (auto& [key, child] : node.table()) place_at(child, where);
  }
}

/// The text as a TOML value, else the text itself: names need no quotes on the command line.
Node value_of(const std::string& text) {
  try {
    const toml::table wrapped = toml::parse("v = " + text);
    if (wrapped.size() == 1) return converted(*wrapped.get("v"), "");
  } catch (const toml::parse_error&) {  // no TOML, hence text
  } catch (const UserError&) {          // a date, which is no value
  }
  return Node{text, {}};
}

Setting parse_setting(const std::string& text, const std::string& option) {
  const Location where{option, 0};
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw UserError(where, "", text, "expected key=value");
  }
  check_depth(text, where);
  Setting out{text.substr(0, equals), value_of(text.substr(equals + 1))};
  place_at(out.value, where);
  return out;
}

void write_lines(const Node& node, const std::string& prefix, std::string& out) {
  if (!node.is_table()) {
    out += prefix + " = " + node.text() + '\n';
    return;
  }
  for (const auto& [key, child] : node.table()) {
    write_lines(child, prefix.empty() ? key_text(key) : prefix + '.' + key_text(key), out);
  }
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  if (!is_table()) return nullptr;
  const auto found = table().find(key);
  return found == table().end() ? nullptr : &found->second;
}

std::string Node::text() const {
  struct Writer {
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(std::int64_t integer) const { return fmt::format("{}", integer); }
    std::string operator()(double number) const { return shortest(number); }
    std::string operator()(const std::string& text) const { return toml_string(text); }
    std::string operator()(const List& list) const {
      std::string out = "[";
      for (const Node& item : list) out += (out.size() > 1 ? ", " : "") + item.text();
      return out + "]";
    }
    std::string operator()(const Table& table) const {
      std::string out = "{";
      for (const auto& [key, child] : table)
        out += (out.size() > 1 ? ", " : "") + key_text(key) + " = " + child.text();
      return out + "}";
    }
  };
  return std::visit(Writer{}, value);
}

std::vector<const Node::Table::value_type*> Node::written() const {
  std::vector<const Table::value_type*> out;
  for (const auto& child : table()) out.push_back(&child);
  std::stable_sort(out.begin(), out.end(),
                   [](const auto* a, const auto* b) { return a->second.place < b->second.place; });
  return out;
}

std::vector<Setting> parse_settings(std::span<const std::string> sets, const std::string& option) {
  std::vector<Setting> out;
  for (const std::string& set : sets) out.push_back(parse_setting(set, option));
  return out;
}

Node read_toml(const std::filesystem::path& file) { return parsed(file_text(file), file.string()); }

std::vector<Setting> leaves_of(std::span<const Setting> settings) {
  std::vector<Setting> out;
  for (const Setting& setting : settings) add_leaves(setting, out);
  return out;
}

Node resolve_config(Node tree, const std::filesystem::path& folder,
                    std::span<const Setting> settings) {
  std::vector<Setting> leaves = leaves_of(settings);
  keep_bases_below(leaves);
  for (const Setting& setting : leaves) {
    if (!is_base(setting)) continue;
    set_key(tree, setting.key, setting.value);
    mark_as_set(tree, setting.key, setting.value.where);
  }
  std::vector<std::filesystem::path> open;
  resolve_bases(tree, folder, open);
  for (Setting& setting : leaves) {
    if (is_base(setting)) continue;
    resolve_bases(setting.value, folder, open);
    set_key(tree, setting.key, std::move(setting.value));
  }
  return tree;
}

Node parse_config(std::string_view text, const std::string& source,
                  const std::filesystem::path& folder, std::span<const std::string> sets,
                  const std::string& option) {
  return resolve_config(parsed(text, source), folder, parse_settings(sets, option));
}

Node load_config(const std::filesystem::path& name, std::span<const std::string> sets,
                 const std::string& option) {
  const std::filesystem::path file = find_config(name.string());
  return parse_config(file_text(file), file.string(), file.parent_path(), sets, option);
}

void set_key(Node& tree, std::string_view dotted_key, Node value) {
  const std::string whole_key(dotted_key);
  if (std::count(dotted_key.begin(), dotted_key.end(), '.') > most_levels) {
    throw UserError(value.where, "", "",
                    fmt::format("expected at most {} dots in a key", most_levels));
  }
  Node* node = &tree;
  for (;;) {
    const auto dot = dotted_key.find('.');
    const std::string key(dotted_key.substr(0, dot));
    if (key.empty()) throw UserError(value.where, whole_key, "", "expected names between the dots");
    if (const auto* kind = std::get_if<std::string>(&node->value)) {
      *node = Node{Node::Table{{"kind", Node{*kind, node->where}}},
                   node->where};  // `pulse = "ideal"` written out
    } else if (!node->is_table()) {
      *node = Node{Node::Table{}, value.where};
    }
    if (dot == std::string_view::npos) {
      if (key == "kind") {
        const std::string* old = kind_of(*node);
        if (old && Node{*old, {}}.text() != value.text()) {
          std::erase_if(node->table(), [&](const auto& item) {
            return item.second.where.source != value.where.source;
          });
        }
      }
      node->table().insert_or_assign(key, std::move(value));
      return;
    }
    node = &node->table().try_emplace(key, Node{Node::Table{}, value.where}).first->second;
    dotted_key.remove_prefix(dot + 1);
  }
}

const Node* find_key(const Node& tree, std::string_view dotted_key) {
  const Node* node = &tree;
  while (node) {
    const auto dot = dotted_key.find('.');
    node = node->find(dotted_key.substr(0, dot));
    if (dot == std::string_view::npos) break;
    dotted_key.remove_prefix(dot + 1);
  }
  return node;
}

std::string canonical_text(const Node& tree) {
  std::string out;
  write_lines(tree, "", out);
  return out;
}

}  // namespace ohmlab::core
