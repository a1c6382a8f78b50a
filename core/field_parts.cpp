#include "field_values.hpp"

namespace ohmlab::core::detail {
namespace {

using Kind = Type::Kind;
using Visit = std::function<void(void* part, const Type& type)>;

/// Calls visit(part, type) for every part of a value, however deep, innermost first.
void visit_parts(void* value, const Type& type, const Visit& visit) {
  switch (type.kind) {
    case Kind::optional:
    case Kind::list:
    case Kind::table:
    case Kind::ordered:
      type.each(value,
                [&](const std::string&, void* item) { visit_parts(item, *type.inner, visit); });
      break;
    case Kind::record:
      for (const TypedField& f : type.fields) visit_parts(f.of(value), *f.type, visit);
      break;
    case Kind::catalogue:
      visit_parts(type.entry(value), *type.entries[type.chosen(value)], visit);
      break;
    default:
      break;
  }
  visit(value, type);
}

}  // namespace

void visit_paths(void* value, const Type& type, const std::function<void(DataPath&)>& visit) {
  visit_parts(value, type, [&](void* part, const Type& own) {
    if (own.kind == Kind::path) visit(*static_cast<DataPath*>(part));
  });
}

void read_files(void* value, const Type& type) {
  visit_parts(value, type, [](void* part, const Type& own) {
    if (own.read_files) own.read_files(part);
  });
}

}  // namespace ohmlab::core::detail
