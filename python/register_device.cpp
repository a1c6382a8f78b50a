#include <map>
#include <optional>

#include <fmt/format.h>
#include <pybind11/stl.h>

#include "../core/errors.hpp"
#include "../core/field_values.hpp"
#include "../devices/device.hpp"
#include "../lab/experiments/probe.hpp"
#include "numbers.hpp"
#include "registers.hpp"
#include "trees.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace ohmlab::python {
namespace {

using devices::Device;

Device make_device(const std::optional<ConfigLike>& preset, const Mapping& set,
                   const Keywords& parameters) {
  if (!preset)
    return core::read<Device>(config_of(ConfigLike(py::dict()), set, parameters).resolved());
  if (!py::isinstance<py::str>(*preset))
    return core::read<Device>(config_of(*preset, set, parameters).resolved());
  const py::dict based("base"_a = *preset);
  return core::read<Device>(config_of(ConfigLike(based), set, parameters).resolved());
}

/// Figure for each conductance or state of a list; `f` returns S.
template <class F>
py::array_t<double> over_conductances(const Device& device, const py::array_t<double>& g,
                                      const F& f) {
  if (!device.g_max) {
    throw core::UserError({}, "g_max", "",
                          "this device cites no conductances: set g_min and g_max");
  }
  py::array_t<double> out(std::vector<py::ssize_t>(g.shape(), g.shape() + g.ndim()));
  for (py::ssize_t i = 0; i < g.size(); ++i) out.mutable_data()[i] = f(g.data()[i]);
  return out;
}

}  // namespace

void register_device(py::module_& module) {
  py::class_<Device>(
      module, "Device",
      R"(One kind of resistive cell: its response to pulses, programming, time and reads.

A state w is -1 at g_min and +1 at g_max, linear between.

>>> import ohmlab
>>> device = ohmlab.Device("devices/reram_sb", set={"pulse.dw_min_dtod": 0})
>>> device.pulse_curve(100, 100, devices=3).shape
(3, 200)
>>> device.uncited
['g_min', 'g_max', 'v_read', 't_read', 'v_write', 't_pulse']
)")
      .def(py::init(&make_device), "preset"_a = py::none(), py::kw_only(), "set"_a = py::dict(),
           "`preset` is the name of a preset or a dict. Keywords override its keys; `set` holds "
           "dotted keys, set last.")
      .def(
          "pulse_curve",
          [](const Device& device, std::int64_t up, std::int64_t down, std::int64_t cycles,
             std::int64_t devices, std::uint64_t seed) {
    core::Matrix curve;
    {
      const py::gil_scoped_release release;
      curve = experiments::pulse_curve(device, up, down, cycles, devices, seed);
    }
    return owned(std::move(curve));
  },
          "pulses_up"_a, "pulses_down"_a, py::kw_only(), "cycles"_a = 1, "devices"_a = 1,
          "seed"_a = 1,
          "States w after each pulse, devices × pulses, from w = 0: pulses up, then down, repeated "
          "`cycles` times.")
      .def("retention",
           [](const Device& device, double state, const ArrayLike& ages, std::int64_t devices,
              std::uint64_t seed) {
    const py::array_t<double> times = amounts_of(ages, "ages");
    const std::span<const double> view(times.data(), static_cast<std::size_t>(times.size()));
    core::Matrix states;
    {
      const py::gil_scoped_release release;
      states = experiments::retention(device, state, view, devices, seed);
    }
    return owned(std::move(states));
  },
           "state"_a, "ages"_a, py::kw_only(), "devices"_a = 1, "seed"_a = 1,
           "States w at ages in seconds since cells were programmed to one state, devices × ages.")
      .def("conductance",
           [](const Device& device, const ArrayLike& states) {
    return over_conductances(device, doubles_of(states, "states", 32),
                             [&](double w) { return device.conductance(w); });
  }, "states"_a, "Conductances in S of states w, in an array of the same shape.")
      .def("programming_error",
           [](const Device& device, const ArrayLike& conductances) {
    return over_conductances(device, amounts_of(conductances, "conductances"),
                             [&](double g) { return device.programming_error(g); });
  }, "conductances"_a, "Standard deviation in S that write-and-verify leaves around targets in S.")
      .def("read_noise",
           [](const Device& device, const ArrayLike& conductances, double age) {
    const double since = amount_of(age, "age");
    return over_conductances(device, amounts_of(conductances, "conductances"),
                             [&](double g) { return device.noise_of_read(g, since); });
  }, "conductances"_a, py::kw_only(), "age"_a = 0.0,
           "Standard deviation in S of one read of cells that hold conductances in S, `age` "
           "seconds after their last write.")
      .def_property_readonly("operating_point",
                             [](const Device& device) {
    return std::map<std::string, std::optional<double>>{
        {"g_min", device.g_min},   {"g_max", device.g_max},     {"v_read", device.v_read},
        {"t_read", device.t_read}, {"v_write", device.v_write}, {"t_pulse", device.t_pulse}};
  }, "voltages, times and conductances in SI units; None if no source is cited")
      .def_property_readonly("uncited",
                             [](const Device& device) {
    std::vector<std::string> out;
    for (const std::string_view name : device.uncited()) out.emplace_back(name);
    return out;
  }, "missing values of the operating point; without them the device has no bill")
      .def_property_readonly("symmetry_point", &Device::symmetry_point,
                             "state w at which the mean steps up and down of the mean device are "
                             "equal; None if there is none")
      .def_property_readonly("states", &Device::states,
                             "number of steps `dw_min` from bound to bound of the mean device; "
                             "None if it has no bounds")
      .def_property_readonly("granularity",
                             [](const Device& device) { return device.pulse.granularity(); },
                             "mean step of a pulse in units of w, by which pulsers plan")
      .def_readonly("source", &Device::source,
                    "papers that the numbers come from, and the checks made")
      .def_property_readonly("parameters",
                             [](const Device& device) {
    return py::typing::Dict<py::str, py::object>(object_of(core::to_node(device)));
  }, "every parameter, defaults filled in, in SI units")
      .def(py::pickle([](const Device& device) {
    return py::typing::Dict<py::str, py::object>(object_of(core::to_node(device)));
  }, [](const py::typing::Dict<py::str, py::object>& parameters) {
    return core::read<Device>(tree_of(parameters, "pickled device"));
  })).def("__repr__", [](const Device& device) {
    return fmt::format("Device(pulse={:?}, programming={:?}, drift={:?}, read_noise={:?})",
                       device.pulse.kind(), device.programming.kind(), device.drift.kind(),
                       device.read_noise.kind());
  });
}

}  // namespace ohmlab::python
