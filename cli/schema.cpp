#include "schema.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../core/errors.hpp"
#include "../core/field_values.hpp"
#include "../core/suggest.hpp"
#include "../core/type.hpp"
#include "../lab/config_types.hpp"
#include "../lab/verdict/task.hpp"
#include "json.hpp"

namespace ohmlab::cli {
namespace {

using Json = nlohmann::ordered_json;
using core::Type;
using core::TypedField;
using Kind = Type::Kind;

/// A whole table stands for itself. A part lies over a base, from which it may have its kind and
/// any key.
enum class Form { whole, part };

/// Text as a pattern that matches it alone.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view(R"(\^$.|?*+()[]{}/)").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

/// Pattern of text that `core::parse_quantity` reads in a unit.
std::string quantity_pattern(std::string_view unit) {
  std::string units = "%";
  if (!unit.empty()) {
    units = "[afpnuµμmkMGTP]?" + (unit == "ohm" ? "(ohm|Ω)" : escaped(unit));
    if (unit == "s") units += "|min|h|d|month|year";
  }
  return fmt::format(
      R"(^[ \t]*\+?-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[ \t]*({})?[ \t]*$)", units);
}

void add_range(const core::Range& range, bool integer, Json& out) {
  const auto bound = [&](const char* key, double value) {
    if (integer) {
      out[key] = static_cast<std::int64_t>(value);
    } else {
      out[key] = value;
    }
  };
  if (std::isfinite(range.low)) bound(range.low_open ? "exclusiveMinimum" : "minimum", range.low);
  if (std::isfinite(range.high))
    bound(range.high_open ? "exclusiveMaximum" : "maximum", range.high);
}

/// What a field means, with its unit.
std::string meaning_of(const TypedField& field) {
  return field.unit.empty() ? std::string(field.meaning)
                            : fmt::format("{} (in {})", field.meaning, field.unit);
}

/// Default of a field as JSON; null if it has none that one value can say.
Json default_of(const TypedField& field, void* record) {
  switch (field.type->kind) {
    case Kind::number:
    case Kind::integer:
    case Kind::flag:
    case Kind::choice:
      return json_of(core::detail::node_of(field.of(record), *field.type));
    case Kind::catalogue:
      return std::string(field.type->names[field.type->chosen(field.of(record))]);
    default:
      return nullptr;
  }
}

/// True if a table of this type has to be there with some key.
bool needs_keys(const Type& record) {
  return std::any_of(record.fields.begin(), record.fields.end(),
                     [](const TypedField& f) { return f.need == core::Need::required; });
}

class SchemaWriter {
 public:
  /// Schema of a file.
  Json file(const Type& type, const Type* sweep) {
    Json out;
    if (type.kind == Kind::catalogue) {
      const Json more =
          sweep ? Json{{"sweep", value(*sweep, no_field, "sweep", Form::whole)}} : Json::object();
      out["oneOf"] = Json::array();
      for (std::size_t i = 0; i < type.entries.size(); ++i)
        out["oneOf"].push_back(entry(type, i, Form::whole, Json::object()));
      Json parts = Json::array();
      for (std::size_t i = 0; i < type.entries.size(); ++i)
        parts.push_back(entry(type, i, Form::part, more));
      Json names = Json::array({{{"required", {"base"}}}});
      if (sweep) names.push_back({{"required", {"sweep"}}});
      out["oneOf"].push_back({{"allOf", {{{"anyOf", names}}, {{"anyOf", parts}}}}});
    } else {
      out = value(type, no_field, "file", Form::whole);
    }
    out["$defs"] = std::move(definitions_);
    return out;
  }

 private:
  static constexpr TypedField no_field{"",        "",        "",      core::Need::optional,
                                       core::any, core::any, nullptr, nullptr};

  /// Schema of a value.
  /// \param field  field whose unit and range the value, or each of its elements, keeps
  /// \param name   name of the value's own definition, if it gets one
  Json value(const Type& type, const TypedField& field, const std::string& name, Form form) {
    Json out = Json::object();
    switch (type.kind) {
      case Kind::node:
        return out;
      case Kind::number:
        out["type"] = {"number", "string"};
        add_range(field.range, false, out);
        out["pattern"] = quantity_pattern(field.unit);
        return out;
      case Kind::integer:
        out["type"] = "integer";
        add_range(field.range, true, out);
        return out;
      case Kind::flag:
        out["type"] = "boolean";
        return out;
      case Kind::text:
      case Kind::path:
        out["type"] = "string";
        return out;
      case Kind::choice:
        out["enum"] = type.names;
        return out;
      case Kind::optional:
        return value(*type.inner, field, name, form);
      case Kind::list:
        out["type"] = "array";
        out["items"] = value(*type.inner, field, name, Form::whole);
        return out;
      case Kind::table:
      case Kind::ordered:
        return table(type, field, name, form);
      case Kind::record:
      case Kind::catalogue:
        out["$ref"] = "#/$defs/" + definition(type, name, form);
        return out;
    }
    return out;
  }

  /// Either a whole table, or one with a base of which the schema `part` is made.
  static Json based_or(Json whole, const std::string& part) {
    Json base{{"type", "object"}, {"required", {"base"}}, {"$ref", part}};
    whole.push_back(std::move(base));
    return {{"oneOf", std::move(whole)}};
  }

  Json table(const Type& type, const TypedField& field, const std::string& name, Form form) {
    const auto plain = [&](Form of) {
      Json out{{"type", "object"}, {"properties", Json::object()}};
      if (of == Form::whole) out["properties"]["base"] = false;
      if (of == Form::part) out["properties"]["base"] = base_name();
      out["additionalProperties"] = value(*type.inner, field, name, of);
      return out;
    };
    if (type.inner->kind == Kind::node) return {{"type", "object"}};
    if (form == Form::part) return plain(Form::part);
    Json based = plain(Form::part);
    based["required"] = {"base"};
    return {{"oneOf", Json::array({plain(Form::whole), std::move(based)})}};
  }

  static Json base_name() {
    return {{"type", "string"}, {"description", "config that gives the keys that are not here"}};
  }

  /// Properties and required keys of a record.
  Json object(const Type& record, Form form, Json properties, Json required) {
    if (form == Form::part) properties["base"] = base_name();
    record.standard([&](void* standard) {
      for (const TypedField& f : record.fields) {
        const std::string key(f.name);
        Json own{{"description", meaning_of(f)}};
        own.update(value(*f.type, f, key, form));
        if (f.need == core::Need::required) {
          if (form == Form::whole) required.push_back(key);
        } else if (Json standard_value = default_of(f, standard); !standard_value.is_null()) {
          own["default"] = std::move(standard_value);
        }
        properties[key] = std::move(own);
      }
    });
    Json out{{"type", "object"}};
    out["properties"] = std::move(properties);
    if (!required.empty()) out["required"] = std::move(required);
    out["additionalProperties"] = false;
    return out;
  }

  /// Table of one entry of a catalogue. The first entry needs no `kind`.
  Json entry(const Type& catalogue, std::size_t number, Form form, const Json& more) {
    const Type& record = *catalogue.entries[number];
    Json properties{{"kind", {{"const", catalogue.names[number]}}}};
    for (const auto& [key, schema] : more.items()) properties[key] = schema;
    Json required = Json::array();
    if (form == Form::whole && number > 0) required.push_back("kind");
    Json out{{"title", catalogue.names[number]}, {"description", record.summary}};
    out.update(object(record, form, std::move(properties), std::move(required)));
    return out;
  }

  Json catalogue_schema(const Type& type, const std::string& part, Form form) {
    Json ways = Json::array(), names = Json::array();
    for (std::size_t i = 0; i < type.entries.size(); ++i) {
      if (!needs_keys(*type.entries[i])) names.push_back(type.names[i]);
    }
    if (!names.empty()) ways.push_back({{"enum", std::move(names)}});
    for (std::size_t i = 0; i < type.entries.size(); ++i)
      ways.push_back(entry(type, i, form, Json::object()));
    if (form == Form::part) return {{"anyOf", std::move(ways)}};
    return based_or(std::move(ways), part);
  }

  /// Name of the definition of a type, which is made at first use.
  std::string definition(const Type& type, const std::string& field, Form form) {
    const auto key = std::pair(&type, form);
    if (const auto known = names_.find(key); known != names_.end()) return known->second;
    const std::string own(type.kind == Kind::catalogue ? std::string(type.name) : field);
    std::string name = form == Form::whole ? own : own + "_part";
    for (int k = 2; definitions_.contains(name); ++k) name = fmt::format("{}_{}", own, k);
    names_.emplace(key, name);
    definitions_[name] = nullptr;  // keeps the name
    const std::string part =
        form == Form::whole ? "#/$defs/" + definition(type, field, Form::part) : "";
    Json made = type.kind == Kind::catalogue ? catalogue_schema(type, part, form)
                                             : object(type, form, Json::object(), Json::array());
    if (type.kind == Kind::record && form == Form::whole)
      made = based_or(Json::array({std::move(made)}), part);
    definitions_[name] = std::move(made);
    return name;
  }

  Json definitions_ = Json::object();
  std::map<std::pair<const Type*, Form>, std::string> names_;
};

/// All kinds of config files, those of `lab` and the task of a verdict.
std::vector<lab::ConfigType> all_types() {
  std::vector<lab::ConfigType> out = lab::config_types();
  out.push_back({"verdict", "verdicts", "the task of a verdict", &core::type_of<verdict::Task>()});
  return out;
}

}  // namespace

std::vector<std::string> schema_kinds() {
  std::vector<std::string> out;
  for (const lab::ConfigType& type : all_types()) out.emplace_back(type.name);
  return out;
}

Json config_schema(const std::string& kind) {
  const std::vector<lab::ConfigType> types = all_types();
  const auto found = std::find_if(types.begin(), types.end(),
                                  [&](const lab::ConfigType& type) { return type.name == kind; });
  if (found == types.end()) {
    std::vector<std::string_view> known;
    for (const lab::ConfigType& type : types) known.push_back(type.name);
    throw core::UserError({"--schema", 0}, "", "\"" + kind + "\"",
                          fmt::format("expected one of {}{}", fmt::join(known, ", "),
                                      core::did_you_mean(kind, known)));
  }
  Json out{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
           {"title", fmt::format("ohmlab: {}", found->meaning)}};
  out.update(
      SchemaWriter().file(*found->type, kind == "experiment" ? &lab::sweep_type() : nullptr));
  return out;
}

}  // namespace ohmlab::cli
