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

namespace detail {
std::vector<FieldInfo> describe_fields(const Type& record);
EntryInfo describe_entry(const Type& record);
CatalogueInfo describe_catalogue(const Type& catalogue);
}  // namespace detail

template <Described T>
std::vector<FieldInfo> describe_fields() {
  return detail::describe_fields(type_of<T>());
}

/// \pre T has a name and a summary.
template <Described T>
EntryInfo describe_entry() {
  static_assert(detail::HasName<T> && detail::HasSummary<T>);
  return detail::describe_entry(type_of<T>());
}

template <IsCatalogue C>
CatalogueInfo describe_catalogue() {
  return detail::describe_catalogue(type_of<C>());
}

/// Descriptions of all catalogues of a list.
template <class List>
std::vector<CatalogueInfo> describe_list() {
  std::vector<CatalogueInfo> out;
  List::each([&]<class Catalogue>() { out.push_back(describe_catalogue<Catalogue>()); });
  return out;
}

}  // namespace ohmlab::core
