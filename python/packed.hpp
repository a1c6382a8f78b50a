#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/typing.h>

#include "../core/errors.hpp"

/// Plain structs as tuples of Python, for pickles. A struct lists its members once, in
/// `packed_members`.
namespace ohmlab::python {

/// State of a pickle.
using Pickle = pybind11::typing::Tuple<pybind11::object, pybind11::ellipsis>;

/// Specialised as a std::tuple of pointers to all members of a struct.
template <class T>
inline constexpr auto packed_members = nullptr;

namespace detail {
template <class T>
constexpr bool is_struct = !std::is_same_v<decltype(packed_members<T>), const std::nullptr_t>;
template <class T>
constexpr bool is_vector = false;
template <class T>
constexpr bool is_vector<std::vector<T>> = true;
template <class T>
constexpr bool is_optional = false;
template <class T>
constexpr bool is_optional<std::optional<T>> = true;
}  // namespace detail

/// True if all members of two structs are equal.
template <class T>
bool packed_members_equal(const T& a, const T& b) {
  return std::apply([&](auto... members) { return ((a.*members == b.*members) && ...); },
                    packed_members<T>);
}

/// A value as numbers, text, None, lists, arrays and tuples.
template <class T>
pybind11::object packed(const T& value) {
  namespace py = pybind11;
  if constexpr (detail::is_struct<T>) {
    return std::apply([&](auto... members) -> py::object {
      return py::make_tuple(packed(value.*members)...);
    }, packed_members<T>);
  } else if constexpr (detail::is_optional<T>) {
    return value ? packed(*value) : py::none();
  } else if constexpr (std::is_same_v<T, std::vector<double>>) {
    return py::array_t<double>(static_cast<py::ssize_t>(value.size()), value.data());
  } else if constexpr (detail::is_vector<T>) {
    py::list out;
    for (const auto& item : value) out.append(packed(item));
    return out;
  } else if constexpr (std::is_enum_v<T>) {
    return py::int_(static_cast<std::int64_t>(value));
  } else {
    return py::cast(value);
  }
}

/// The value of which `packed` made this. \throws pybind11::cast_error for anything else
template <class T>
T unpacked(const pybind11::handle& from) {
  namespace py = pybind11;
  if constexpr (detail::is_struct<T>) {
    const auto parts = from.cast<py::tuple>();
    T out{};
    std::size_t next = 0;
    const auto take = [&](auto& member) {
      if (next >= parts.size()) throw py::cast_error("a pickle of another version");
      member = unpacked<std::remove_cvref_t<decltype(member)>>(parts[next++]);
    };
    std::apply([&](auto... members) { (take(out.*members), ...); }, packed_members<T>);
    return out;
  } else if constexpr (detail::is_optional<T>) {
    if (from.is_none()) return std::nullopt;
    return unpacked<typename T::value_type>(from);
  } else if constexpr (std::is_same_v<T, std::vector<double>>) {
    const auto array = from.cast<py::array_t<double>>();
    return {array.data(), array.data() + array.size()};
  } else if constexpr (detail::is_vector<T>) {
    T out;
    for (const py::handle item : from.cast<py::list>())
      out.push_back(unpacked<typename T::value_type>(item));
    return out;
  } else if constexpr (std::is_enum_v<T>) {
    return static_cast<T>(from.cast<std::int64_t>());
  } else {
    return from.cast<T>();
  }
}

/// Pickle of a struct as data.
template <class T>
auto pickle_as_data() {
  return pybind11::pickle([](const T& value) { return Pickle(packed(value)); },
                          [](const Pickle& from) { return unpacked<T>(from); });
}

}  // namespace ohmlab::python
