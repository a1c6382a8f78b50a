#include <map>
#include <memory>

#include <fmt/format.h>
#include <pybind11/stl.h>
#include <pybind11/typing.h>

#include "../core/errors.hpp"
#include "../core/field_values.hpp"
#include "../core/hash.hpp"
#include "../core/parallel.hpp"
#include "../crossbar/catalogue.hpp"
#include "../crossbar/netlist.hpp"
#include "archive_items.hpp"
#include "numbers.hpp"
#include "packed_bills.hpp"
#include "registers.hpp"
#include "tally.hpp"
#include "trees.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace ohmlab::python {
namespace {

using core::Index;

constexpr const char* inputs = "the array's rows";
constexpr const char* outputs = "the array's columns";

constexpr const char* default_name = "weights";

/// Key of the random draws of an array. Arrays with one seed and different names have independent
/// draws. An array called "weights" has the same draws as the weights of an experiment.
/// \throws core::UserError if cells are given neither a seed nor a name
std::uint64_t key_of(std::optional<std::uint64_t> seed, const std::optional<std::string>& name,
                     std::string_view kind) {
  if (!seed && !name && kind != crossbar::IdealArrayModel::name) {
    throw core::UserError(
        {"argument seed", 0}, "", "",
        "expected a seed or a name: arrays of one seed and one name draw the same numbers");
  }
  constexpr std::uint64_t first = 1;
  if (!name || *name == default_name) return seed.value_or(first);
  const std::string digits =
      core::Sha256().add(fmt::format("array {} {}", seed.value_or(first), *name)).hex();
  return std::stoull(digits.substr(0, 16), nullptr, 16);
}

/// An array and the tally it posts to. Work on either holds the tally's lock, without the
/// interpreter's.
class SharedArray {
 public:
  SharedArray(Index rows, Index cols, const crossbar::ArrayModel& model, std::uint64_t key,
              const std::string& name, std::shared_ptr<SharedTally> tally)
      : tally_(std::move(tally)), model_(model), key_(key), name_(name) {
    constexpr Index most_cells = Index{1} << 31;  // cell numbers have 32 bits; two cells per weight
    const auto check = [&](const char* argument, Index value) {
      if (value >= 1 && value <= most_cells) return;
      throw core::UserError({std::string("argument ") + argument, 0}, "", std::to_string(value),
                            fmt::format("expected 1 to {}", most_cells));
    };
    check("rows", rows);
    check("cols", cols);
    check("cols", cols <= most_cells / rows ? cols : most_cells + 1);
    core::require_threads();
    const py::gil_scoped_release release;
    const std::scoped_lock lock(tally_->mutex);
    if (tally_->arrays.contains(name)) {
      throw core::UserError({"argument name", 0}, "", "\"" + name + "\"",
                            "expected another name: the tally has an array of this name, whose "
                            "work and wear would be added to this one's");
    }
    model.visit([&](const auto& entry) {
      array_ = entry.make(rows, cols, {.seed = key, .name = name, .tally = &tally_->tally});
    });
    tally_->arrays.insert(name);
  }

  [[nodiscard]] crossbar::Array& array() const noexcept { return *array_; }
  [[nodiscard]] const std::shared_ptr<SharedTally>& tally() const noexcept { return tally_; }
  [[nodiscard]] std::string kind() const { return std::string(model_.kind()); }
  [[nodiscard]] const crossbar::ArrayModel& model() const noexcept { return model_; }
  [[nodiscard]] std::uint64_t key() const noexcept { return key_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  template <class Work>
  auto work(const Work& body) const {
    core::require_threads();
    const py::gil_scoped_release release;
    const std::scoped_lock lock(tally_->mutex);
    return body(*array_);
  }

 private:
  std::shared_ptr<SharedTally> tally_;
  crossbar::ArrayModel model_;
  std::uint64_t key_;
  std::string name_;
  std::unique_ptr<crossbar::Array> array_;
};

SharedArray make_array(Index rows, Index cols, const KindLike& config, const Mapping& set,
                       std::optional<std::uint64_t> seed, const std::optional<std::string>& name,
                       const std::optional<std::shared_ptr<SharedTally>>& tally,
                       const Keywords& parameters) {
  py::dict tree;
  if (py::isinstance<py::str>(config)) {
    tree["kind"] = config;
  } else {
    tree = py::dict(config);
  }
  const core::Node node = config_of(ConfigLike(tree), set, parameters).resolved();
  const auto model = core::read<crossbar::ArrayModel>(node);
  return {rows,
          cols,
          model,
          key_of(seed, name, model.kind()),
          name.value_or(default_name),
          tally.value_or(std::make_shared<SharedTally>())};
}

py::array_t<float> product(const SharedArray& shared, const VectorsArgument& x, Index width,
                           crossbar::Direction direction) {
  py::array_t<float> y = x.result(width);
  const core::Rows out = rows_of(y, x.count());
  shared.work([&](crossbar::Array& array) { array.read(direction, x.rows(), out); });
  return y;
}

void update(const SharedArray& shared, const ArrayLike& x_given, const ArrayLike& d_given,
            double rate) {
  const VectorsArgument x(x_given, "x", shared.array().rows(), inputs);
  const VectorsArgument d(d_given, "d", shared.array().cols(), outputs);
  if (x.count() != d.count()) {
    throw core::UserError({"argument d", 0}, "", fmt::format("{} vectors", d.count()),
                          fmt::format("expected as many as x has: {}", x.count()));
  }
  if (!std::isfinite(rate))
    throw core::UserError({"argument rate", 0}, "", fmt::format("{}", rate),
                          "expected a finite number");
  shared.work([&](crossbar::Array& array) { array.update(x.rows(), d.rows(), rate); });
}

/// The side of an array that a product of Python multiplies with.
struct Side {
  crossbar::Direction left;   ///< direction of array @ x
  crossbar::Direction right;  ///< direction of x @ array
};
constexpr Side own_side{crossbar::Direction::to_rows, crossbar::Direction::to_cols};
constexpr Side transposed_side{crossbar::Direction::to_cols, crossbar::Direction::to_rows};

/// Vectors times the array, from the rows or from the columns.
py::array_t<float> product_from(const SharedArray& shared, const ArrayLike& x,
                                crossbar::Direction direction) {
  const Index rows = shared.array().rows(), cols = shared.array().cols();
  return direction == crossbar::Direction::to_cols
             ? product(shared, {x, "x", rows, inputs}, cols, direction)
             : product(shared, {x, "x", cols, outputs}, rows, direction);
}

/// array @ x for one vector or for vectors as columns, as NumPy has it: one read a vector.
py::object left_product(const SharedArray& shared, const py::object& x, const Side& side) {
  const auto numpy = py::module_::import("numpy");
  const py::object given = numpy.attr("asarray")(x);
  const auto columns = given.attr("ndim").cast<int>() == 2;
  const py::object rows = columns ? py::object(given.attr("T")) : given;
  py::object y = product_from(shared, ArrayLike(rows), side.left);
  return columns ? py::object(y.attr("T")) : y;
}

/// Weights as an array of NumPy. \throws py::value_error if no copy may be made
py::object exact_weights(const SharedArray& shared, const py::object& dtype, const py::object& copy,
                         bool flipped) {
  if (!copy.is_none() && !copy.cast<bool>())
    throw py::value_error("the weights of an ohmlab.Array are copied: copy=False is not possible");
  py::object out = owned(shared.work([](crossbar::Array& array) { return array.weights(); }));
  if (flipped) out = out.attr("T");
  return dtype.is_none() ? out : py::object(out.attr("astype")(dtype));
}

/// An array seen from its other side; it holds no cells of its own.
struct Transposed {
  py::object array;
  [[nodiscard]] const SharedArray& shared() const { return array.cast<const SharedArray&>(); }
};

Pickle pickled(const SharedArray& shared) {
  if (shared.tally()->arrays.size() > 1) {
    throw core::UserError({"array", 0}, "", "\"" + shared.name() + "\"",
                          "expected an array that shares its tally with no other: each copy would "
                          "bring the work of all of them");
  }
  core::Archive archive;
  shared.work([&](crossbar::Array& array) {
    array.state(archive);
    shared.tally()->tally.state(archive);
  });
  const cost::Tally& tally = shared.tally()->tally;
  return py::make_tuple(shared.array().rows(), shared.array().cols(),
                        object_of(core::to_node(shared.model())), shared.key(), shared.name(),
                        dict_of(archive.items()), packed(tally.holdings()),
                        packed(tally.unpriced()));
}

std::unique_ptr<SharedArray> unpickled(const Pickle& from) {
  const auto model = core::read<crossbar::ArrayModel>(tree_of(from[2], "pickled array"));
  auto tally = std::make_shared<SharedTally>();
  auto out = std::make_unique<SharedArray>(from[0].cast<Index>(), from[1].cast<Index>(), model,
                                           from[3].cast<std::uint64_t>(),
                                           from[4].cast<std::string>(), tally);
  core::Archive archive(items_of(from[5].cast<py::dict>()));
  out->work([&](crossbar::Array& array) {
    array.state(archive);
    tally->tally.state(archive);
  });
  add_missing(tally->tally, unpacked<std::vector<cost::Holding>>(from[6]),
              unpacked<std::vector<cost::Unpriced>>(from[7]));
  return out;
}

void register_transposed(py::module_& module) {
  py::class_<Transposed>(module, "TransposedArray",
                         "An `Array` seen from its columns: `array.T`. It shares cells and tally.")
      .def("__matmul__",
           [](const Transposed& view, const py::object& x) {
    return left_product(view.shared(), x, transposed_side);
  }, "x"_a, "Reads Wᵀ x: (rows,) gives (cols,), (rows, n) gives (cols, n).")
      .def("__rmatmul__",
           [](const Transposed& view, const ArrayLike& x) {
    return product_from(view.shared(), x, transposed_side.right);
  }, "x"_a, "Reads x Wᵀ, as `mvm_transposed` does: (n, cols) gives (n, rows).")
      .def("__array__",
           [](const Transposed& view, const py::object& dtype, const py::object& copy) {
    return exact_weights(view.shared(), dtype, copy, true);
  }, "dtype"_a = py::none(), "copy"_a = py::none(),
           "Weights now, transposed, without a read and at no cost: cols × rows.")
      .def_property_readonly_static("__array_ufunc__", [](const py::object&) { return py::none(); })
      .def_property_readonly("T", [](const Transposed& view) { return view.array; },
                             "the array itself")
      .def_property_readonly("shape",
                             [](const Transposed& view) {
    return std::pair(view.shared().array().cols(), view.shared().array().rows());
  }, "columns and rows of the array")
      .def("__repr__", [](const Transposed& view) {
    return fmt::format("{}.T", py::repr(view.array).cast<std::string>());
  });
}

std::string netlist(const SharedArray& shared, const ArrayLike& given, bool transposed) {
  const core::Index rows = shared.array().rows(), cols = shared.array().cols();
  const VectorsArgument x(given, "x", transposed ? cols : rows, transposed ? outputs : inputs);
  if (x.count() != 1)
    throw core::UserError({"argument x", 0}, "", fmt::format("{} vectors", x.count()),
                          "expected one: a netlist has one operating point");
  return shared.work([&](crossbar::Array& array) {
    const std::string about = fmt::format("ohmlab array {}", shared.name());
    return crossbar::netlist_of(crossbar::circuit_of(shared.model(), array.conductances(),
                                                     transposed ? crossbar::Direction::to_rows
                                                                : crossbar::Direction::to_cols,
                                                     x.rows().row(0)),
                                {&about, 1});
  });
}

}  // namespace

void register_array(py::module_& module) {
  register_transposed(module);
  py::class_<SharedArray>(
      module, "Array",
      R"(Array of weights held in cells, rows × cols: the interface between learning and hardware.

Vectors are rows; one vector in gives one vector out. Reads and updates draw noise and post to the tally.

>>> import numpy, ohmlab
>>> array = ohmlab.Array(4, 3, "analog", device={"base": "devices/idealized"}, seed=7)
>>> array.program(numpy.full((4, 3), 0.5))
>>> array.mvm(numpy.ones((2, 4))).shape
(2, 3)
>>> (numpy.ones((2, 4)) @ array).shape, (array @ numpy.ones(3)).shape, (array.T @ numpy.ones(4)).shape
((2, 3), (4,), (3,))
>>> array.mvm([1, 2, 3])
Traceback (most recent call last):
ohmlab._core.UserError: argument x: shape (3,): expected (4,) or (n, 4) with n > 0: 4 are the array's rows
)")
      .def(
          py::init(&make_array), "rows"_a, "cols"_a, "config"_a = "ideal", py::kw_only(),
          "set"_a = py::dict(), "seed"_a = py::none(), "name"_a = py::none(),
          "tally"_a = py::none(),
          "`config` is the kind of array or a dict. Keywords override its keys; `set` holds dotted "
          "keys, set last. Seed and name determine the draws of cells: an array of cells needs one "
          "of them. Layers of a model share a seed and have different names. Arrays may share a "
          "tally, each under its own name; the default name is \"weights\".")
      .def("mvm",
           [](const SharedArray& shared, const ArrayLike& x) {
    return product(shared, {x, "x", shared.array().rows(), inputs}, shared.array().cols(),
                   crossbar::Direction::to_cols);
  }, "x"_a, "Reads y = x W through the converters: (n, rows) gives (n, cols).")
      .def("mvm_transposed",
           [](const SharedArray& shared, const ArrayLike& x) {
    return product(shared, {x, "x", shared.array().cols(), outputs}, shared.array().rows(),
                   crossbar::Direction::to_rows);
  }, "x"_a,
           "Reads y = x Wᵀ through the same cells, driven from the other side: (n, cols) gives (n, "
           "rows).")
      .def("__matmul__",
           [](const SharedArray& shared, const py::object& x) {
    return left_product(shared, x, own_side);
  }, "x"_a,
           "Reads W x through the same cells as `mvm_transposed` does, with noise and at its cost: "
           "(cols,) gives (rows,), (cols, n) gives (rows, n).")
      .def("__rmatmul__",
           [](const SharedArray& shared, const ArrayLike& x) {
    return product_from(shared, x, own_side.right);
  }, "x"_a, "Reads x W, as `mvm` does: (n, rows) gives (n, cols).")
      .def("__array__",
           [](const SharedArray& shared, const py::object& dtype, const py::object& copy) {
    return exact_weights(shared, dtype, copy, false);
  }, "dtype"_a = py::none(), "copy"_a = py::none(),
           "Weights held by the cells now, as `weights`: exact, without a read and at no cost.")
      .def_property_readonly_static("__array_ufunc__", [](const py::object&) { return py::none(); })
      .def_property_readonly("T", [](const py::object& self) { return Transposed{self}; },
                             "the array seen from its columns: `array.T @ x` reads as `mvm(x)`")
      .def("update", &update, "x"_a, "d"_a, "rate"_a,
           "Updates W += rate · Σ xᵀ d over the vectors, with the nonideal pulses of the cells.")
      .def("program",
           [](const SharedArray& shared, const ArrayLike& weights) {
    const VectorsArgument target(weights, "weights", shared.array().cols(), outputs);
    if (target.count() != shared.array().rows()) {
      throw core::UserError(
          {"argument weights", 0}, "", fmt::format("{} rows", target.count()),
          fmt::format("expected ({}, {})", shared.array().rows(), shared.array().cols()));
    }
    shared.work([&](crossbar::Array& array) { array.program(target.rows()); });
  }, "weights"_a, "Writes weights, rows × cols, with the programming error of the cells.")
      .def("wait",
           [](const SharedArray& shared, double seconds) {
    if (!(seconds >= 0 && std::isfinite(seconds))) {
      throw core::UserError({"argument seconds", 0}, "", fmt::format("{}", seconds),
                            "expected a finite number from 0");
    }
    shared.work([&](crossbar::Array& array) { array.wait(seconds); });
  }, "seconds"_a, "Lets time pass without work: cells drift.")
      .def("netlist", &netlist, "x"_a, py::kw_only(), "transposed"_a = false,
           "Netlist for ngspice of a read of one vector: (rows,), or (cols,) if `transposed`. The "
           "cells are as they are now, without noise and converters; at no cost.")
      .def("begin_phase",
           [](const SharedArray& shared, std::size_t phase) {
    return shared.work([&](crossbar::Array& array) { return array.begin_phase(phase); });
  }, "phase"_a,
           "Says that reads from now on belong to this phase of an update, counted from 0. Returns "
           "True if copies take phases in turn (`copies_share=\"phases\"`).")
      .def_property_readonly("weights",
                             [](const SharedArray& shared) {
    return owned(shared.work([](crossbar::Array& array) { return array.weights(); }));
  }, "weights held by the cells now, without read noise and at no cost: float64, rows × cols")
      .def_property_readonly("figures",
                             [](const SharedArray& shared) {
    std::map<std::string, double> out;
    for (const auto& figure : shared.work([](crossbar::Array& array) { return array.figures(); })) {
      out.emplace(figure.name, figure.value);
    }
    return out;
  }, "figures beside the weights: clipping, bounds, wear")
      .def_property_readonly("unpriced",
                             [](const SharedArray& shared) {
    return shared.work([](crossbar::Array& array) { return array.unpriced(); });
  }, "reason why this array cannot be billed, or \"\"; its tally lists it too")
      .def_property_readonly("tally", &SharedArray::tally, "tally to which its work is posted")
      .def_property_readonly("shape",
                             [](const SharedArray& shared) {
    return std::pair(shared.array().rows(), shared.array().cols());
  }, "rows and columns")
      .def("__repr__", [](const SharedArray& shared) {
    return fmt::format("Array({}, {}, {:?})", shared.array().rows(), shared.array().cols(),
                       shared.kind());
  }).def(py::pickle(&pickled, &unpickled));
}

}  // namespace ohmlab::python
