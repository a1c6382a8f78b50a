#include "archive_items.hpp"

#include <string>
#include <variant>
#include <vector>

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

namespace py = pybind11;

namespace ohmlab::python {

py::dict dict_of(const core::Archive::Items& items) {
  py::dict out;
  for (const auto& [name, values] : items) {
    out[py::str(name)] = std::visit([](const auto& list) -> py::object {
      using T = typename std::remove_cvref_t<decltype(list)>::value_type;
      if constexpr (std::same_as<T, std::string>) {
        return py::cast(list);
      } else {
        return py::array_t<T>(static_cast<py::ssize_t>(list.size()), list.data());
      }
    }, values);
  }
  return out;
}

core::Archive::Items items_of(const py::dict& given) {
  core::Archive::Items out;
  const auto numbers = [](const auto& array) {
    return std::vector(array.data(), array.data() + array.size());
  };
  for (const auto& [name, value] : given) {
    core::Archive::Values values;
    if (py::isinstance<py::array_t<float>>(value)) {
      values = numbers(value.cast<py::array_t<float>>());
    } else if (py::isinstance<py::array_t<std::uint64_t>>(value)) {
      values = numbers(value.cast<py::array_t<std::uint64_t>>());
    } else if (py::isinstance<py::array_t<double>>(value)) {
      values = numbers(value.cast<py::array_t<double>>());
    } else {
      values = value.cast<std::vector<std::string>>();
    }
    out.emplace(name.cast<std::string>(), std::move(values));
  }
  return out;
}

}  // namespace ohmlab::python
