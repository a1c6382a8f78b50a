#include "trees.hpp"

#include <cstdint>

#include <pybind11/numpy.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include "../core/errors.hpp"
#include "../core/field_values.hpp"
#include "../core/presets.hpp"
#include "../devices/device.hpp"

namespace py = pybind11;

namespace ohmlab::python {
namespace {

constexpr const char* config_source = "argument config";
constexpr const char* set_source = "argument set";

bool is_path(py::handle value) { return py::hasattr(value, "__fspath__"); }
bool is_mapping(py::handle value) {
  return PyMapping_Check(value.ptr()) != 0 && py::hasattr(value, "keys");
}

std::string repr_of(py::handle value) { return py::repr(value); }

std::string joined(const std::string& key, const std::string& name) {
  return key.empty() ? name : key + "." + name;
}

core::Node node_of(py::handle value, const std::string& source, const std::string& key, int level);

core::Node::Table table_of(py::handle value, const std::string& source, const std::string& key,
                           int level = 0) {
  core::Node::Table table;
  int place = 0;
  for (const auto& [name, child] : py::dict(py::reinterpret_borrow<py::object>(value))) {
    if (!py::isinstance<py::str>(name)) {
      throw core::UserError({source, 0}, key, repr_of(name), "expected keys that are text");
    }
    const auto text = name.cast<std::string>();
    core::Node node = node_of(child, source, joined(key, text), level + 1);
    node.place = place++;
    table.emplace(text, std::move(node));
  }
  return table;
}

std::int64_t integer_of(py::handle value, const std::string& source, const std::string& key) {
  const auto index = py::reinterpret_steal<py::object>(PyNumber_Index(value.ptr()));
  if (!index) throw py::error_already_set();
  int overflow = 0;
  const long long out = PyLong_AsLongLongAndOverflow(index.ptr(), &overflow);
  if (overflow != 0)
    throw core::UserError({source, 0}, key, repr_of(value), "expected a whole number of 64 bits");
  return out;
}

/// As `tree_of`. `level` is the number of tables and lists around the value; its limit stops a dict
/// that contains itself.
core::Node node_of(py::handle value, const std::string& source, const std::string& key, int level) {
  const core::Location where{source, 0};
  if (level > core::most_levels) {
    throw core::UserError(where, key.substr(0, key.find('.')), "",
                          "expected at most " + std::to_string(core::most_levels) +
                              " tables and lists inside each other; does it hold itself?");
  }
  if (py::isinstance<devices::Device>(value))
    return core::to_node(value.cast<const devices::Device&>());
  if (py::isinstance<py::array>(value)) return node_of(value.attr("tolist")(), source, key, level);
  if (py::isinstance<py::bool_>(value)) return {value.cast<bool>(), where};
  if (py::isinstance<py::str>(value)) return {value.cast<std::string>(), where};
  if (is_path(value)) return {value.cast<std::filesystem::path>().string(), where};
  if (PyIndex_Check(value.ptr()) != 0) return {integer_of(value, source, key), where};
  if (py::hasattr(value, "__float__"))
    return {py::float_(py::reinterpret_borrow<py::object>(value)).cast<double>(), where};
  if (is_mapping(value)) return {table_of(value, source, key, level), where};
  if (PySequence_Check(value.ptr()) != 0) {
    core::Node::List list;
    for (const py::handle item : value) list.push_back(node_of(item, source, key, level + 1));
    return {std::move(list), where};
  }
  throw core::UserError(where, key, repr_of(value), "expected a number, text, flag, list or table");
}

}  // namespace

core::Node tree_of(py::handle value, const std::string& source, const std::string& key) {
  return node_of(value, source, key, 0);
}

py::object object_of(const core::Node& node) {
  return std::visit([&](const auto& value) -> py::object {
    using Value = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::same_as<Value, core::Node::Table>) {
      py::dict out;
      for (const auto* child : node.written())
        out[py::str(child->first)] = object_of(child->second);
      return out;
    } else if constexpr (std::same_as<Value, core::Node::List>) {
      py::list out;
      for (const auto& child : value) out.append(object_of(child));
      return out;
    } else {
      return py::cast(value);
    }
  }, node.value);
}

std::vector<std::string> sets_of(const Mapping& set, const std::string& source) {
  std::vector<std::string> out;
  for (const auto& [key, node] : table_of(set, source, "")) out.push_back(key + "=" + node.text());
  return out;
}

Config config_of(const ConfigLike& config, const Mapping& set, const py::dict& extra) {
  Config out;
  for (auto& [key, node] : table_of(set, set_source, ""))
    out.settings.push_back({key, std::move(node)});
  if (is_mapping(config)) {
    out.tree = tree_of(config, config_source);
    for (auto& [key, child] : table_of(extra, config_source, "")) {
      out.tree.table().insert_or_assign(key, std::move(child));
    }
    return out;
  }
  if (!py::isinstance<py::str>(config) && !is_path(config)) {
    throw core::UserError({config_source, 0}, "", repr_of(config),
                          "expected a path, the name of a preset or a dict");
  }
  const std::filesystem::path file =
      core::find_config(config.cast<std::filesystem::path>().string());
  out.tree = core::read_toml(file);
  out.folder = file.parent_path();
  out.stem = file.stem().string();
  return out;
}

}  // namespace ohmlab::python
