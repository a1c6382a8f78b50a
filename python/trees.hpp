#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <pybind11/pybind11.h>

#include "../core/config.hpp"

namespace ohmlab::python {

/// A table of config keys: a mapping whose values are numbers, flags, text, lists, mappings, paths
/// or devices.
class Mapping : public pybind11::object {
  PYBIND11_OBJECT_DEFAULT(Mapping, object, PyMapping_Check)
};
/// A config by the path of its file or the name of a preset, or as a mapping.
class ConfigLike : public pybind11::object {
  PYBIND11_OBJECT_DEFAULT(ConfigLike, object, PyObject_Type)
};

/// A catalogue's entry by its name or as a mapping.
class KindLike : public pybind11::object {
  PYBIND11_OBJECT_DEFAULT(KindLike, object, PyObject_Type)
};
/// Keys of a config as keywords.
using Keywords = pybind11::KWArgs<pybind11::object>;

/// The config tree that a Python value stands for; `source` names the argument in messages.
/// \throws core::UserError for values that no TOML file could hold, naming their key
[[nodiscard]] core::Node tree_of(pybind11::handle value, const std::string& source,
                                 const std::string& key = "");
/// The Python value that a config tree stands for: dicts, lists, numbers, flags and text.
[[nodiscard]] pybind11::object object_of(const core::Node& node);

/// `{"training.epochs": 3}` as the "training.epochs=3" of the command line.
[[nodiscard]] std::vector<std::string> sets_of(const Mapping& set, const std::string& source);

/// A config as it was given.
struct Config {
  core::Node tree;               ///< no base resolved
  std::filesystem::path folder;  ///< where bases are sought
  std::string stem;              ///< of the file, or ""
  std::vector<core::Setting> settings;

  [[nodiscard]] core::Node resolved() const { return core::resolve_config(tree, folder, settings); }
};
/// \param extra  keys that are laid over a mapping's own
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
