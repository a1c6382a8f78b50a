#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace ohmlab::cli {

/// Kinds of config files that have a schema, e.g. "experiment", "device".
[[nodiscard]] std::vector<std::string> schema_kinds();

/// JSON Schema (draft 2020-12) of a kind of config file, made from its field tables.
///
/// A table that names a `base` may lack keys and its kind, and so may all tables below it. Numbers
/// carry their range; of text with a unit the schema checks the form alone. Conflicts between keys
/// are left to the program.
/// \throws core::UserError for an unknown kind
[[nodiscard]] nlohmann::ordered_json config_schema(const std::string& kind);

}  // namespace ohmlab::cli
