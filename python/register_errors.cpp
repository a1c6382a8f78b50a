#include <exception>
#include <filesystem>

#include "../core/errors.hpp"
#include "registers.hpp"

namespace py = pybind11;

namespace ohmlab::python {

void register_errors(py::module_& module) {
  auto user = py::register_exception<core::UserError>(module, "UserError", PyExc_ValueError);
  user.doc() = "A mistake of the user, with its place: a wrong config, argument or file.";
  auto world = py::register_exception<core::WorldError>(module, "WorldError", PyExc_OSError);
  world.doc() = "A failure of the environment: a disk, a permission, a missing file.";
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const std::filesystem::filesystem_error& error) {
      const core::WorldError said(error.path1(), error.code().message());
      py::set_error(py::module_::import("ohmlab").attr("WorldError"), said.what());
    }
  });
}

}  // namespace ohmlab::python
