#include <string>

#include <pybind11/stl.h>
#include <pybind11/typing.h>

#include "../core/field_values.hpp"
#include "../core/parallel.hpp"
#include "../lab/validation/validation.hpp"
#include "registers.hpp"
#include "trees.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace ohmlab::python {
namespace {

using Record = py::typing::Dict<py::str, py::object>;

Record validate(const std::string& name) {
  core::Node tree;
  {
    core::require_threads();
    const py::gil_scoped_release release;
    tree = core::to_node(validation::validation_named(name).run());
  }
  return Record(object_of(tree));
}

}  // namespace

void register_validate(py::module_& module) {
  module.def(
      "validate", &validate, "name"_a,
      R"(Compares predictions of the models with published figures, as the command `ohmlab validate NAME` does.

`name` is "training", "prices" or "law". `gates` are goals and the values reached. `tables` are all rows as text
with their sources. `points` are rows as numbers, if there are any.

>>> import ohmlab
>>> blind = [point for point in ohmlab.validate("prices")["points"] if point["series"] == "blind"]
>>> all(point["p05"] < point["median"] < point["p95"] for point in blind)
True
)");
}

}  // namespace ohmlab::python
