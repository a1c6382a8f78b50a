#include <optional>

#include <pybind11/stl.h>
#include <pybind11/typing.h>

#include "../core/describe.hpp"
#include "../lab/describe.hpp"
#include "registers.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace ohmlab::python {
namespace {

using Record = py::typing::Dict<py::str, py::object>;

Record record(const core::FieldInfo& field) {
  py::dict out("name"_a = field.name, "type"_a = field.type, "unit"_a = field.unit,
               "allowed"_a = field.range, "default"_a = field.standard,
               "required"_a = field.required, "meaning"_a = field.meaning);
  if (!field.plausible.empty()) out["usual"] = field.plausible;
  if (!field.catalogue.empty()) out["catalogue"] = field.catalogue;
  if (!field.fields.empty()) {
    py::list inner;
    for (const core::FieldInfo& child : field.fields) inner.append(record(child));
    out["fields"] = inner;
  }
  return Record(out);
}

Record record(const core::EntryInfo& entry) {
  py::list fields;
  for (const core::FieldInfo& field : entry.fields) fields.append(record(field));
  return Record(py::dict("name"_a = entry.name, "summary"_a = entry.summary,
                         "equation"_a = entry.equation, "source"_a = entry.source,
                         "fields"_a = fields));
}

Record record(const lab::RoomInfo& room) {
  py::list catalogues;
  for (const core::CatalogueInfo& catalogue : room.catalogues) {
    py::list entries;
    for (const core::EntryInfo& entry : catalogue.entries) entries.append(record(entry));
    catalogues.append(py::dict("name"_a = catalogue.name, "question"_a = catalogue.question,
                               "by_kind"_a = catalogue.by_kind, "entries"_a = entries));
  }
  return Record(
      py::dict("name"_a = room.name, "holds"_a = room.holds, "catalogues"_a = catalogues));
}

}  // namespace

void register_describe(py::module_& module) {
  module.def("describe",
             [](const std::optional<std::string>& room, const std::optional<std::string>& name) {
    py::list out;
    for (const lab::RoomInfo& info : lab::describe_rooms(room.value_or(""), name.value_or(""))) {
      out.append(record(info));
    }
    return py::typing::List<Record>(out);
  }, "room"_a = py::none(), "name"_a = py::none(),
             R"(Lists all choices and settings: rooms, their catalogues, entries and fields.

>>> import ohmlab
>>> [room] = ohmlab.describe("devices", "soft_bounds")
>>> room["catalogues"][0]["question"]
'How far does one programming pulse move a cell?'
)");
}

}  // namespace ohmlab::python
