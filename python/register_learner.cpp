#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>
#include <pybind11/typing.h>

#include "../core/errors.hpp"
#include "../core/parallel.hpp"
#include "archive_items.hpp"
#include "learner.hpp"
#include "numbers.hpp"
#include "registers.hpp"
#include "trees.hpp"
#include "work.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace ohmlab::python {
namespace {

using core::Index;

using Doubles = py::array_t<double>;

std::unique_ptr<Learner> make_learner(const Mapping& config, Index units, Index classes) {
  core::Node tree = config_of(ConfigLike(config), Mapping(py::dict())).resolved();
  core::require_threads();
  const py::gil_scoped_release release;
  return std::make_unique<Learner>(std::move(tree), units, classes);
}

core::Matrix inputs_of(const Learner& learner, const ArrayLike& given) {
  const VectorsArgument vectors(given, "X", learner.units(), "the learner's units");
  return vectors.rows();
}

std::vector<std::uint8_t> labels_of(const Learner& learner, const std::optional<ArrayLike>& given,
                                    Index examples) {
  const bool wanted = learner.classes() > 0;
  if (wanted != given.has_value()) {
    throw core::UserError({"argument y", 0}, "", "",
                          wanted ? "expected a label of each example"
                                 : "expected None: this model learns without labels");
  }
  if (!wanted) return {};
  const Doubles values = doubles_of(*given, "y");
  if (values.size() != examples) {
    throw core::UserError({"argument y", 0}, "", fmt::format("{} labels", values.size()),
                          fmt::format("expected as many as X has examples: {}", examples));
  }
  std::vector<std::uint8_t> out;
  for (py::ssize_t i = 0; i < values.size(); ++i) {
    const double value = values.data()[i];
    if (value < 0 || value >= static_cast<double>(learner.classes()) || value != std::floor(value))
      throw core::UserError(
          {"argument y", 0}, "", fmt::format("{}", value),
          fmt::format("expected whole numbers from 0 to {}", learner.classes() - 1));
    out.push_back(static_cast<std::uint8_t>(value));
  }
  return out;
}

void learn(Learner& learner, const ArrayLike& x, const std::optional<ArrayLike>& y,
           std::int64_t passes, const std::optional<Listener>& listener) {
  const core::Matrix inputs = inputs_of(learner, x);
  const std::vector<std::uint8_t> labels = labels_of(learner, y, inputs.rows());
  constexpr std::int64_t most_passes = std::int64_t{1} << 20;
  if (passes < 0 || passes > most_passes) {
    throw core::UserError({"argument passes", 0}, "", std::to_string(passes),
                          fmt::format("expected 0 to {}", most_passes));
  }
  PythonProgress progress(listener);
  static_cast<void>(progress.during([&] {
    learner.learn(inputs, labels, passes, progress);
    return true;
  }));
}

/// Work without the interpreter's lock.
template <class Work>
auto released(const Work& work) {
  core::require_threads();
  const py::gil_scoped_release release;
  return work();
}

Doubles vector_of(const core::VectorD& values) { return Doubles(values.size(), values.data()); }

template <class Values>
py::list listed(const Values& values) {
  py::list out;
  for (const core::MatrixD& value : values) out.append(owned(value));
  return out;
}

/// Config, units, classes, and the items of an archive.
using Pickle = py::typing::Tuple<py::typing::Dict<py::str, py::object>, py::int_, py::int_,
                                 py::typing::Dict<py::str, py::object>>;

Pickle pickled(Learner& learner) {
  const core::Archive::Items items = released([&] {
    core::Archive archive;
    learner.state(archive);
    return archive.items();
  });
  return py::make_tuple(object_of(learner.config()), learner.units(), learner.classes(),
                        dict_of(items));
}

std::unique_ptr<Learner> unpickled(const Pickle& state) {
  auto out = make_learner(Mapping(state[0]), state[1].cast<Index>(), state[2].cast<Index>());
  core::Archive archive(items_of(state[3]));
  released([&] { out->state(archive); });
  return out;
}

}  // namespace

void register_learner(py::module_& module) {
  py::class_<Learner>(
      module, "Learner",
      R"(A network and its trainer, which live from one call to the next. `ohmlab.learn` is made of it.

`config` has the keys of the experiment `train` about model, array and training, and no data. A pickle holds the state
of all cells, chains and counts.

>>> import ohmlab
>>> learner = ohmlab._core.Learner({"model": {"kind": "rbm", "hidden": 3}}, units=4)
>>> learner.learn([[0, 0, 1, 1], [1, 1, 0, 0]], passes=2)
>>> learner.hidden([0, 0, 1, 1]).shape
(1, 3)
)")
      .def(py::init(&make_learner), "config"_a, py::kw_only(), "units"_a, "classes"_a = 0,
           "`units` numbers in an example; `classes` of labels, 0 without labels.")
      .def("learn", &learn, "X"_a, "y"_a = py::none(), py::kw_only(), "passes"_a = 1,
           "progress"_a = py::none(),
           "Passes over examples X, (n, units), with labels y, (n,), in batches and a random order "
           "of each pass. Ctrl-C ends it between two batches; the next call repeats the pass.")
      .def("hidden",
           [](Learner& learner, const ArrayLike& x, bool as_read) {
    const core::Matrix inputs = inputs_of(learner, x);
    return owned(released([&] { return learner.hidden(inputs, as_read); }));
  }, "X"_a, py::kw_only(), "as_read"_a = false,
           "Probabilities of the hidden units of an RBM, (n, hidden): exact, or read through the "
           "arrays at their cost.")
      .def("outputs",
           [](Learner& learner, const ArrayLike& x, bool as_read) {
    const core::Matrix inputs = inputs_of(learner, x);
    return owned(released([&] { return learner.outputs(inputs, as_read); }));
  }, "X"_a, py::kw_only(), "as_read"_a = false,
           "Probabilities of classes, outputs at rest or goodness of labels, (n, classes): exact, "
           "or "
           "read through the arrays at their cost.")
      .def(
          "gibbs",
          [](Learner& learner, const ArrayLike& x, std::int64_t steps) {
    const core::Matrix inputs = inputs_of(learner, x);
    if (steps < 1) {
      throw core::UserError({"argument steps", 0}, "", std::to_string(steps),
                            "expected a number from 1");
    }
    return owned(released([&] { return learner.gibbs(inputs, steps); }));
  }, "X"_a, py::kw_only(), "steps"_a = 1,
          "States of the visible units of an RBM after Gibbs steps through the arrays, (n, units).")
      .def("free_energy",
           [](Learner& learner, const ArrayLike& x) {
    const core::Matrix inputs = inputs_of(learner, x);
    return vector_of(released([&] { return learner.free_energy(inputs); }));
  }, "X"_a, "Free energy of examples under an RBM, nat, (n,), exact.")
      .def("pseudo_log_likelihood",
           [](Learner& learner, const ArrayLike& x) {
    const core::Matrix inputs = inputs_of(learner, x);
    return vector_of(released([&] { return learner.pseudo_log_likelihood(inputs); }));
  }, "X"_a, "Sum over units of ln p of each given all others under an RBM, nat, (n,), exact.")
      .def_property_readonly(
          "log_z", [](Learner& learner) { return released([&] { return learner.log_z(); }); },
          "ln of the partition function of an RBM by enumeration, nat")
      .def("wait",
           [](Learner& learner, double seconds) {
    const double time = amount_of(seconds, "seconds");
    released([&] { learner.wait(time); });
  }, "seconds"_a, "Lets time pass in all arrays: cells drift.")
      .def_property_readonly("weights",
                             [](Learner& learner) -> py::typing::List<Doubles> {
    return listed(released([&] { return learner.parameters(); }).weights);
  }, "weights of each coupling as the cells hold them, float64, rows × cols")
      .def_property_readonly("biases",
                             [](Learner& learner) -> py::typing::List<Doubles> {
    py::list out;
    for (const core::VectorD& bias : released([&] { return learner.parameters(); }).biases)
      out.append(vector_of(bias));
    return out;
  }, "biases of each layer, float64")
      .def_property_readonly(
          "warnings", [](Learner& learner) { return released([&] { return learner.warnings(); }); },
          "sentences about the hardware to read before any quality, as those of a result")
      .def_property_readonly("figures",
                             [](Learner& learner) {
    std::map<std::string, double> out;
    for (const auto& figure : released([&] { return learner.figures(); }))
      out.emplace(figure.name, figure.value);
    return out;
  }, "figures of the hardware over all arrays: clipping, bounds, wear")
      .def_property_readonly(
          "passes", [](Learner& learner) { return released([&] { return learner.passes(); }); },
          "passes done so far")
      .def_property_readonly("units", &Learner::units, "numbers of an example")
      .def_property_readonly("classes", &Learner::classes, "classes of labels; 0 without labels")
      .def_property_readonly("doubts", &Learner::doubts,
                             "numbers of the config without unit that are not plausible")
      .def_property_readonly("tally", &Learner::tally, "tally to which all work is posted")
      .def(py::pickle(&pickled, &unpickled));
}

}  // namespace ohmlab::python
