#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <pybind11/pybind11.h>

#include "../core/config.hpp"

namespace ohmlab::python {

/// Table of config keys. Values are numbers, flags, text, lists, mappings, paths or devices.
class Mapping : public pybind11::object {
  PYBIND11_OBJECT_DEFAULT(Mapping, object, PyMapping_Check)
};
/// Config: the path of its file, the name of a preset, or a mapping.
class ConfigLike : public pybind11::object {
  PYBIND11_OBJECT_DEFAULT(ConfigLike, object, PyObject_Type)
};

/// Entry of a catalogue: its name or a mapping.
class KindLike : public pybind11::object {
  PYBIND11_OBJECT_DEFAULT(KindLike, object, PyObject_Type)
};
/// Config keys as keyword arguments.
using Keywords = pybind11::KWArgs<pybind11::object>;

/// Config tree of a Python value.
/// \param source  name of the argument, for messages
/// \throws core::UserError for values that no TOML file can hold, naming their key
[[nodiscard]] core::Node tree_of(pybind11::handle value, const std::string& source,
                                 const std::string& key = "");
/// Python value of a config tree: dicts, lists, numbers, flags and text.
[[nodiscard]] pybind11::object object_of(const core::Node& node);

/// Settings in the form of the command line: `{"training.epochs": 3}` gives "training.epochs=3".
[[nodiscard]] std::vector<std::string> sets_of(const Mapping& set, const std::string& source);

/// Config as given, before its bases are resolved.
struct Config {
  core::Node tree;               ///< tree without resolved bases
  std::filesystem::path folder;  ///< folder in which bases are sought
  std::string stem;              ///< stem of the file, or ""
  std::vector<core::Setting> settings;

  [[nodiscard]] core::Node resolved() const { return core::resolve_config(tree, folder, settings); }
};
/// \param extra  keys that override those of a mapping
[[nodiscard]] Config config_of(const ConfigLike& config, const Mapping& set,
                               const pybind11::dict& extra = {});

}  // namespace ohmlab::python

template <>
struct pybind11::detail::handle_type_name<ohmlab::python::Mapping> {
  static constexpr auto name = const_name("collections.abc.Mapping[str, typing.Any]");
};
template <>
struct pybind11::detail::handle_type_name<ohmlab::python::ConfigLike> {
  static constexpr auto name =
      const_name("str | os.PathLike[str] | collections.abc.Mapping[str, typing.Any]");
};
template <>
struct pybind11::detail::handle_type_name<ohmlab::python::KindLike> {
  static constexpr auto name = const_name("str | collections.abc.Mapping[str, typing.Any]");
};
