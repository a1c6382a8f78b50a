#include "describe.hpp"

#include <utility>

namespace ohmlab::core::detail {
namespace {

using Kind = Type::Kind;

std::string plural(const std::string& type) {
  return type.starts_with("list ") ? "lists" + type.substr(4) : type + "s";
}

void describe_value(const Type& type, FieldInfo& info) {
  switch (type.kind) {
    case Kind::node:
      info.type = "value";
      return;
    case Kind::number:
      info.type = "number";
      return;
    case Kind::integer:
      info.type = "integer";
      return;
    case Kind::flag:
      info.type = "flag";
      return;
    case Kind::text:
      info.type = "text";
      return;
    case Kind::path:
      info.type = "path";
      return;
    case Kind::choice:
      info.type = "choice";
      info.choices = {type.names.begin(), type.names.end()};
      info.range = choice_text(type.names);
      return;
    case Kind::optional:
      describe_value(*type.inner, info);
      return;
    case Kind::list:
      describe_value(*type.inner, info);
      info.type = "list of " + plural(info.type);
      return;
    case Kind::table:
    case Kind::ordered:
      describe_value(*type.inner, info);
      info.type = "table of " + plural(info.type);
      return;
    case Kind::record:
      info.type = "table";
      info.fields = describe_fields(type);
      return;
    case Kind::catalogue:
      info.type = "catalogue";
      info.catalogue = type.name;
      info.range = choice_text(type.names);
      return;
  }
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
