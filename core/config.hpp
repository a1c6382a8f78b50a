#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "errors.hpp"

namespace ohmlab::core {

/// A value of a config with its location. Numbers are kept as numbers, not as text.
struct Node {
  using List = std::vector<Node>;
  using Table = std::map<std::string, Node, std::less<>>;

  std::variant<bool, std::int64_t, double, std::string, List, Table> value = Table{};
  Location where;
  int place = 0;       ///< position among the children of its table, in the order written
  bool based = false;  ///< true for a table that names a base
  /// Bit k is set if a base that the table k levels above names lent this node.
  std::uint64_t lenders = 0;

  [[nodiscard]] bool is_table() const noexcept { return std::holds_alternative<Table>(value); }
  [[nodiscard]] Table& table() { return std::get<Table>(value); }
  [[nodiscard]] const Table& table() const { return std::get<Table>(value); }
  [[nodiscard]] const Node* find(std::string_view key) const;  ///< child of a table, or nullptr
  [[nodiscard]] std::string text() const;                      ///< the value as TOML on one line
  [[nodiscard]] std::vector<const Table::value_type*> written()
      const;  ///< a table's children in the order written
};

/// Most levels of nested tables and lists, and most dots of a key. More would exhaust the stack.
constexpr int most_levels = 256;

/// A value for a dotted key; it takes precedence over the config.
struct Setting {
  std::string key;
  Node value;  ///< value with the location of the setting
};

/// Settings from "dotted.key=value" texts. A value that is no TOML is text: names need no quotes.
/// \param option  option in front of the texts, for messages
/// \throws UserError for a text without key or "="
[[nodiscard]] std::vector<Setting> parse_settings(std::span<const std::string> sets,
                                                  const std::string& option = "--set");

/// The same settings, with each table without `kind` split into one setting per key. Keys that the
/// table does not name stay in the config.
[[nodiscard]] std::vector<Setting> leaves_of(std::span<const Setting> settings);

/// Reads a TOML file or the preset of that name, resolves every `base`, then applies `sets`
/// ("dotted.key=value"). Sets of a `base` are applied before bases are resolved.
///
/// `base = "name"` in any table names a TOML file. The file gives the keys that the table lacks. A
/// base may have a base; circles are refused. A nested table that names a base
/// takes the place of the base that a deeper file names there; keys beside that name stay. A table
/// whose `kind` differs from its base's replaces it instead of merging. A set whose value is a
/// table without `kind` sets each of its keys; a table with a `kind` replaces the old value.
/// \throws UserError for syntax, unknown bases and malformed sets, naming file and line; WorldError
/// for the disk
/// \param option  option in front of a set, for messages
[[nodiscard]] Node load_config(const std::filesystem::path& file,
                               std::span<const std::string> sets = {},
                               const std::string& option = "--set");

/// As `load_config`, for text that `source` names in messages; bases are sought beside `folder`.
[[nodiscard]] Node parse_config(std::string_view text, const std::string& source,
                                const std::filesystem::path& folder = {},
                                std::span<const std::string> sets = {},
                                const std::string& option = "--set");

/// A TOML file as written, no base resolved. \throws UserError, WorldError as `load_config`
[[nodiscard]] Node read_toml(const std::filesystem::path& file);

/// As `load_config`, for a tree from no file, e.g. a Python dict or a point of a sweep.
[[nodiscard]] Node resolve_config(Node tree, const std::filesystem::path& folder = {},
                                  std::span<const Setting> settings = {});

/// Puts `value` at a dotted key and makes the tables above it. A new `kind` removes the siblings of
/// the old one: all that come from another source. Siblings from the same source stay, e.g. those
/// of another --set.
void set_key(Node& tree, std::string_view dotted_key, Node value);

/// The value at a dotted key, or nullptr.
[[nodiscard]] const Node* find_key(const Node& tree, std::string_view dotted_key);

/// The tree as sorted `dotted.key = value` lines of TOML. This text is stored, shown and hashed.
[[nodiscard]] std::string canonical_text(const Node& tree);

}  // namespace ohmlab::core
