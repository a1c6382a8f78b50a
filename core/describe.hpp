#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "field_values.hpp"

/// Descriptions of tables and catalogues, for listings and for the interfaces of other languages.
namespace ohmlab::core {

struct CatalogueInfo;

struct FieldInfo {
  std::string name, type, unit, range, standard,
      meaning;            ///< `standard` is the default, "" if there is none
  std::string plausible;  ///< range in which a number without unit is not doubted, "" if none
  bool required = false;
  std::vector<FieldInfo> fields;          ///< fields of a nested table
  std::string catalogue;                  ///< catalogue of which the value is an entry, or ""
  Range limits;                           ///< `range` of a number, as values
  std::vector<std::string_view> choices;  ///< `range` of a choice, as names
};

struct EntryInfo {
  std::string name, summary, equation, source;
  std::vector<FieldInfo> fields;
};

struct CatalogueInfo {
  std::string name, question;
  std::vector<EntryInfo> entries;
  bool by_kind = true;  ///< false for a single table without a choice
};

template <Described T>
std::vector<FieldInfo> describe_fields();

namespace detail {

inline std::string plural(const std::string& type) {
  return type.starts_with("list ") ? "lists" + type.substr(4) : type + "s";
}

template <class V>
void describe_value(FieldInfo& info) {
  if constexpr (std::same_as<V, Node>) {
    info.type = "value";
  } else if constexpr (std::same_as<V, double>) {
    info.type = "number";
  } else if constexpr (std::same_as<V, bool>) {
    info.type = "flag";
  } else if constexpr (std::integral<V>) {
    info.type = "integer";
  } else if constexpr (std::same_as<V, std::string>) {
    info.type = "text";
  } else if constexpr (std::same_as<V, DataPath>) {
    info.type = "path";
  } else if constexpr (NamedEnum<V>) {
    info.type = "choice";
    info.choices = value_names<V>();
    info.range = choice_text(info.choices);
  } else if constexpr (IsOptional<V>::value) {
    describe_value<typename V::value_type>(info);
  } else if constexpr (IsVector<V>::value) {
    describe_value<typename V::value_type>(info);
    info.type = "list of " + plural(info.type);
  } else if constexpr (IsMap<V>::value) {
    describe_value<typename V::mapped_type>(info);
    info.type = "table of " + plural(info.type);
  } else if constexpr (IsOrdered<V>::value) {
    describe_value<typename V::mapped_type>(info);
    info.type = "table of " + plural(info.type);
  } else if constexpr (IsCatalogue<V>) {
    info.type = "catalogue";
    info.catalogue = V::name;
    info.range = choice_text(entry_names<V>());
  } else {
    info.type = "table";
    info.fields = describe_fields<V>();
  }
}

template <class V>
std::string standard_text(const V& value) {
  if constexpr (IsOptional<V>::value) {
    return value ? standard_text(*value) : "";
  } else if constexpr (IsCatalogue<V>) {
    return "\"" + std::string(value.kind()) + "\"";
  } else if constexpr (Described<V> || IsMap<V>::value || IsOrdered<V>::value ||
                       std::same_as<V, Node>) {
    return "";
  } else if constexpr (std::same_as<V, DataPath>) {
    return value.text.empty() ? "" : "\"" + value.text + "\"";
  } else {
    return to_node(value).text();
  }
}

}  // namespace detail

template <Described T>
std::vector<FieldInfo> describe_fields() {
  std::vector<FieldInfo> out;
  const T standard{};
  const auto add = [&](const auto& f) {
    using V = std::remove_cvref_t<decltype(standard.*(f.member))>;
    FieldInfo info;
    info.name = f.name;
    info.unit = f.unit;
    info.range = f.range.text();
    info.limits = f.range;
    if (!f.unit.empty()) info.plausible = f.soft.text();
    info.meaning = f.meaning;
    info.required = f.need == Need::required;
    if (!info.required) info.standard = detail::standard_text(standard.*(f.member));
    detail::describe_value<V>(info);
    out.push_back(std::move(info));
  };
  std::apply([&](const auto&... f) { (add(f), ...); }, T::fields);
  return out;
}

template <Described T>
EntryInfo describe_entry() {
  EntryInfo info;
  info.name = T::name;
  info.summary = T::summary;
  if constexpr (requires { T::equation; }) info.equation = T::equation;
  if constexpr (requires { T::source; }) info.source = T::source;
  info.fields = describe_fields<T>();
  return info;
}

template <IsCatalogue C>
CatalogueInfo describe_catalogue() {
  CatalogueInfo info{std::string(C::name), std::string(C::question), {}};
  C::each([&]<class Entry>() { info.entries.push_back(describe_entry<Entry>()); });
  return info;
}

/// Describes all catalogues of a list.
template <class List>
std::vector<CatalogueInfo> describe_list() {
  std::vector<CatalogueInfo> out;
  List::each([&]<class Catalogue>() { out.push_back(describe_catalogue<Catalogue>()); });
  return out;
}

}  // namespace ohmlab::core
