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

/// A value of a config with the place it was written at. Numbers stay numbers.
struct Node {
  using List = std::vector<Node>;
  using Table = std::map<std::string, Node, std::less<>>;

  std::variant<bool, std::int64_t, double, std::string, List, Table> value = Table{};
  Location where;
  int place = 0;  ///< number among the children of its table, in the order written

  [[nodiscard]] bool is_table() const noexcept { return std::holds_alternative<Table>(value); }
  [[nodiscard]] Table& table() { return std::get<Table>(value); }
  [[nodiscard]] const Table& table() const { return std::get<Table>(value); }
  [[nodiscard]] const Node* find(std::string_view key) const;  ///< child of a table, or nullptr
  [[nodiscard]] std::string text() const;                      ///< as TOML on one line
  [[nodiscard]] std::vector<const Table::value_type*> written()
      const;  ///< a table's children in the order written
};

/// Tables and lists that may lie inside each other, and parts that a dotted key may have: deeper
/// ones would exhaust the stack.
constexpr int most_levels = 256;

/// A value that goes over whatever a config says at a dotted key.
struct Setting {
  std::string key;
  Node value;  ///< its location names where the setting was written
};

/// Settings from "dotted.key=value" texts; a value that is no TOML is taken as text, so that names
/// need no quotes.
/// \param option  what the user typed before them, for messages
/// \throws UserError for a text without key or "="
[[nodiscard]] std::vector<Setting> parse_settings(std::span<const std::string> sets,
                                                  const std::string& option = "--set");

/// The same, with a setting for each key of a table without `kind`: keys that the table does not
/// name stay.
[[nodiscard]] std::vector<Setting> leaves_of(std::span<const Setting> settings);

/// Reads a TOML file or the preset of that name, resolves every `base`, then applies `sets`
/// ("dotted.key=value"; those of a base go first).
///
/// `base = "name"` in any table names a TOML file whose content lies under the table's own keys; a
/// base may have a base, circles are refused. A table whose `kind` differs from its base's replaces
/// it instead of merging. A set whose value is a table without `kind` sets each of its keys; one
/// with a `kind` replaces what was there.
/// \throws UserError for syntax, unknown bases and malformed sets, naming file and line; WorldError
/// for the disk.
/// \param option  what the user typed before a set, for messages
[[nodiscard]] Node load_config(const std::filesystem::path& file,
                               std::span<const std::string> sets = {},
                               const std::string& option = "--set");

/// As `load_config`, for text that `source` names in messages; bases are sought beside `folder`.
[[nodiscard]] Node parse_config(std::string_view text, const std::string& source,
                                const std::filesystem::path& folder = {},
                                std::span<const std::string> sets = {},
                                const std::string& option = "--set");

/// A TOML file as it is written, no base resolved. \throws UserError, WorldError as `load_config`
[[nodiscard]] Node read_toml(const std::filesystem::path& file);

/// As `load_config`, for a tree that is no file's: a Python dict, a point of a sweep.
[[nodiscard]] Node resolve_config(Node tree, const std::filesystem::path& folder = {},
                                  std::span<const Setting> settings = {});

/// Puts `value` at a dotted key, making tables on the way; a new `kind` removes the
/// siblings that belonged to the old one: all that were not put there from the same source, e.g. by
/// another
/// --set.
void set_key(Node& tree, std::string_view dotted_key, Node value);

/// The value at a dotted key, or nullptr.
[[nodiscard]] const Node* find_key(const Node& tree, std::string_view dotted_key);

/// The tree as sorted `dotted.key = value` lines, itself TOML: the text that is stored, shown and
/// hashed.
[[nodiscard]] std::string canonical_text(const Node& tree);

}  // namespace ohmlab::core
