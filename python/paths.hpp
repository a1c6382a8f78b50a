#pragma once

#include <filesystem>

#include <pybind11/pybind11.h>
#include <pybind11/stl/filesystem.h>

namespace ohmlab::python {

/// Path of a file or folder, given as an argument.
class PathLike : public pybind11::object {
  PYBIND11_OBJECT_DEFAULT(PathLike, object, PyObject_Type)
};

/// \throws a TypeError of Python if the value is not a path
[[nodiscard]] inline std::filesystem::path path_of(const PathLike& value) {
  const auto text = pybind11::reinterpret_steal<pybind11::object>(PyOS_FSPath(value.ptr()));
  if (!text) throw pybind11::error_already_set();
  return text.cast<std::filesystem::path>();
}

}  // namespace ohmlab::python

template <>
struct pybind11::detail::handle_type_name<ohmlab::python::PathLike> {
  static constexpr auto name = const_name("str | os.PathLike[str]");
};
