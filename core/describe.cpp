#include "describe.hpp"

#include <utility>

namespace ohmlab::core::detail {
namespace {

using Kind = Type::Kind;

std::string plural(const std::string& type) {
  return type.starts_with("list ") ? "lists" + type.substr(4) : type + "s";
}

/// Word for a kind of value, in the order of `Type::Kind`; an optional is called as its value.
constexpr std::string_view words[] = {"value", "number", "integer",  "flag", "text",
                                      "path",  "choice", "",         "list", "table",
                                      "table", "table",  "catalogue"};

void describe_value(const Type& type, FieldInfo& info) {
  if (type.inner) describe_value(*type.inner, info);
  if (type.kind == Kind::optional) return;
  std::string word(words[static_cast<std::size_t>(type.kind)]);
  info.type = type.inner ? word + " of " + plural(info.type) : word;
  if (!type.names.empty()) info.range = choice_text(type.names);
  if (type.kind == Kind::choice) info.choices = {type.names.begin(), type.names.end()};
  if (type.kind == Kind::catalogue) info.catalogue = type.name;
  if (type.kind == Kind::record) info.fields = describe_fields(type);
}

std::string standard_text(void* value, const Type& type) {
  switch (type.kind) {
    case Kind::node:
    case Kind::table:
    case Kind::ordered:
    case Kind::record:
      return "";
    case Kind::optional: {
      std::string out;
      type.each(value,
                [&](const std::string&, void* held) { out = standard_text(held, *type.inner); });
      return out;
    }
    case Kind::catalogue:
      return choice_text(type.names.subspan(type.chosen(value), 1));
    case Kind::path: {
      const std::string& text = static_cast<const DataPath*>(value)->text;
      return text.empty() ? "" : "\"" + text + "\"";
    }
    default:
      return node_of(value, type).text();
  }
}

}  // namespace

std::vector<FieldInfo> describe_fields(const Type& record) {
  std::vector<FieldInfo> out;
  record.standard([&](void* standard) {
    for (const TypedField& f : record.fields) {
      FieldInfo info;
      info.name = f.name;
      info.unit = f.unit;
      info.range = f.range.text();
      info.limits = f.range;
      if (!f.unit.empty()) info.plausible = f.soft.text();
      info.meaning = f.meaning;
      info.required = f.need == Need::required;
      if (!info.required) info.standard = standard_text(f.of(standard), *f.type);
      describe_value(*f.type, info);
      out.push_back(std::move(info));
    }
  });
  return out;
}

EntryInfo describe_entry(const Type& record) {
  return {std::string(record.name), std::string(record.summary), std::string(record.equation),
          std::string(record.source), describe_fields(record)};
}

CatalogueInfo describe_catalogue(const Type& catalogue) {
  CatalogueInfo out{std::string(catalogue.name), std::string(catalogue.question), {}};
  for (const Type* entry : catalogue.entries) out.entries.push_back(describe_entry(*entry));
  return out;
}

}  // namespace ohmlab::core::detail
