#pragma once

#include <pybind11/pybind11.h>

#include "../core/archive.hpp"

/// State as Python values, for pickles.
namespace ohmlab::python {

/// Items of an archive as arrays and lists of text, and back.
[[nodiscard]] pybind11::dict dict_of(const core::Archive::Items& items);
[[nodiscard]] core::Archive::Items items_of(const pybind11::dict& given);

}  // namespace ohmlab::python
