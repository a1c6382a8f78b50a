#include <optional>
#include <span>
#include <string>
#include <vector>

#include <pybind11/stl.h>
#include <pybind11/typing.h>

#include "../core/field_values.hpp"
#include "../lab/fitting/fit.hpp"
#include "paths.hpp"
#include "registers.hpp"
#include "trees.hpp"
#include "work.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace ohmlab::python {
namespace {

using fitting::FitReport;
using Record = py::typing::Dict<py::str, py::object>;

FitReport fit(const std::vector<PathLike>& data, const std::optional<Listener>& progress,
              const Keywords& options) {
  std::vector<std::filesystem::path> files;
  for (const PathLike& path : data) files.push_back(path_of(path));
  const auto read = core::read<fitting::FitOptions>(tree_of(options, "fit"));
  PythonProgress listener(progress);
  return listener.during([&] { return fitting::fit(files, read, listener); });
}

}  // namespace

void register_fit(py::module_& module) {
  py::class_<FitReport>(module, "FitReport",
                        "What `fit_files` found; `ohmlab.fit` wraps it with pictures.")
      .def_readonly("best", &FitReport::best, "kind of the model with the least aic")
      .def_readonly("preset", &FitReport::preset, "the preset as TOML")
      .def_property_readonly(
          "table", [](const FitReport& report) { return Record(object_of(core::to_node(report))); },
          "everything as a dict: models with parameters, floors, ramps")
      .def("save",
           [](const FitReport& report, const PathLike& file, bool force) {
    fitting::write_preset(report, path_of(file), {"", force});
  }, "file"_a, py::kw_only(), "force"_a = false,
           "Writes the preset, whole or not at all; refuses to overwrite unless `force`.");
  module.def("fit_files", &fit, "data"_a, py::kw_only(), "progress"_a = py::none(),
             "Fits pulse models to files of measured pulses. Keywords are those that `ohmlab "
             "describe lab fit` lists.");
}

}  // namespace ohmlab::python
