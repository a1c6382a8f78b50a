#pragma once

#include <span>
#include <string>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "../core/errors.hpp"
#include "../lab/results/stored.hpp"
#include "numbers.hpp"
#include "packed_bills.hpp"

namespace ohmlab::python {

/// A result as the bytes of its file, for pickles.
[[nodiscard]] inline Pickle bytes_of(const results::StoredResult& stored) {
  const std::vector<std::byte> content = results::to_bytes(stored);
  return pybind11::make_tuple(
      pybind11::bytes(reinterpret_cast<const char*>(content.data()), content.size()),
      stored.changed);
}
[[nodiscard]] inline results::StoredResult result_of(const Pickle& from) {
  const auto content = from[0].cast<std::string>();
  results::StoredResult out = results::from_bytes(std::as_bytes(std::span(content)));
  out.changed = from[1].cast<std::string>();
  return out;
}

/// A parameter of a model as data.
[[nodiscard]] inline Pickle tuple_of(const results::Parameter& parameter) {
  return pybind11::make_tuple(parameter.name, parameter.dims, owned(parameter.values),
                              parameter.unit, parameter.meaning);
}
[[nodiscard]] inline results::Parameter parameter_of(const Pickle& from) {
  namespace py = pybind11;
  const auto values = from[2].cast<py::array_t<double, py::array::c_style>>();
  return {from[0].cast<std::string>(), from[1].cast<std::vector<std::string>>(),
          Eigen::Map<const core::MatrixD>(values.data(), values.shape(0), values.shape(1)),
          from[3].cast<std::string>(), from[4].cast<std::string>()};
}

}  // namespace ohmlab::python
