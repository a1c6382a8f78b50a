#include "numbers.hpp"

#include <cstdint>
#include <new>
#include <string_view>

#include <fmt/format.h>

#include "../core/errors.hpp"

namespace py = pybind11;

namespace ohmlab::python {
namespace {

using core::Index;

[[noreturn]] void refuse(const char* name, const std::string& found, const std::string& expected) {
  throw core::UserError({fmt::format("argument {}", name), 0}, "", found, expected);
}

py::array real_array(const ArrayLike& value, const char* name) {
  py::array array = py::array::ensure(value);
  if (!array) refuse(name, py::repr(value), "expected an array of numbers");
  if (std::string_view("biuf").find(array.dtype().kind()) == std::string_view::npos) {
    refuse(name, fmt::format("dtype {}", py::str(array.dtype()).cast<std::string>()),
           "expected real numbers");
  }
  return array;
}

std::string shape_text(const py::array& array) {
  return fmt::format("shape {}", py::str(array.attr("shape")).cast<std::string>());
}

/// True if rows of float32 can be used in place.
bool in_place(const py::array& array, Index length) {
  if (!py::isinstance<py::array_t<float>>(array)) return false;
  const auto size = static_cast<Index>(sizeof(float));
  const auto address = reinterpret_cast<std::uintptr_t>(array.data());
  const Index last = array.ndim() - 1;
  const bool dense = array.strides(last) == size || array.shape(last) == 1;
  const bool whole_rows = array.ndim() == 1 || array.shape(0) == 1 ||
                          (array.strides(0) % size == 0 && array.strides(0) >= length * size);
  return address % sizeof(float) == 0 && dense && whole_rows;
}

/// Dense copy in float32, cast from float64 here. NumPy's own cast would warn of overflow, which
/// becomes an error later.
py::array converted(const py::array& array) {
  const auto wide = py::array_t < double,
             py::array::c_style | py::array::forcecast > ::ensure(array);
  if (!wide) throw std::bad_alloc();
  py::array_t<float> out(std::vector<py::ssize_t>(wide.shape(), wide.shape() + wide.ndim()));
  const Eigen::Map<const Eigen::ArrayXd> values(wide.data(), wide.size());
  Eigen::Map<Eigen::ArrayXf>(out.mutable_data(), out.size()) = values.cast<float>();
  return out;
}

}  // namespace

VectorsArgument::VectorsArgument(const ArrayLike& value, const char* name, Index length,
                                 const char* meaning)
    : array_(real_array(value, name)), length_(length) {
  single_ = array_.ndim() == 1;
  const bool fits = (single_ || array_.ndim() == 2) && array_.shape(array_.ndim() - 1) == length &&
                    array_.size() > 0;
  if (!fits) {
    refuse(name, shape_text(array_),
           fmt::format("expected ({0},) or (n, {0}) with n > 0: {0} are {1}", length, meaning));
  }
  if (!in_place(array_, length)) array_ = converted(array_);
  count_ = single_ ? 1 : array_.shape(0);
  stride_ = count_ == 1 ? length : array_.strides(0) / static_cast<Index>(sizeof(float));
  if (const core::ConstRows given = rows(); !given.allFinite()) {
    double worst = 0;
    for (Index i = 0; i < given.size() && std::isfinite(worst); ++i)
      worst = given(i / length, i % length);
    refuse(name, fmt::format("{}", worst), "expected finite numbers");
  }
}

core::ConstRows VectorsArgument::rows() const {
  using Map = Eigen::Map<const core::Matrix, 0, Eigen::OuterStride<>>;
  return Map(static_cast<const float*>(array_.data()), count_, length_,
             Eigen::OuterStride<>(stride_));
}

py::array_t<float> VectorsArgument::result(Index length) const {
  if (single_) return py::array_t<float>(length);
  return py::array_t<float>({count_, length});
}

core::Rows rows_of(py::array_t<float>& array, Index count) {
  return Eigen::Map<core::Matrix>(array.mutable_data(), count, array.size() / count);
}

py::array_t<double> doubles_of(const ArrayLike& value, const char* name, int most_dims) {
  const py::array array = real_array(value, name);
  if (array.ndim() > most_dims)
    refuse(name, shape_text(array), "expected a number or a list of numbers");
  const auto out = py::array_t < double,
             py::array::c_style | py::array::forcecast > ::ensure(array);
  const Eigen::Map<const Eigen::ArrayXd> values(out.data(), out.size());
  const auto wrong =
      std::find_if_not(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
  if (wrong != values.end()) refuse(name, fmt::format("{}", *wrong), "expected finite numbers");
  return out;
}

py::array_t<double> amounts_of(const ArrayLike& value, const char* name, int most_dims) {
  py::array_t<double> out = doubles_of(value, name, most_dims);
  const double* end = out.data() + out.size();
  const double* wrong = std::find_if(out.data(), end, [](double x) { return x < 0; });
  if (wrong != end) refuse(name, fmt::format("{}", *wrong), "expected finite numbers from 0");
  return out;
}

double amount_of(double value, const char* name) {
  if (!(value >= 0 && std::isfinite(value))) {
    refuse(name, fmt::format("{}", value), "expected a finite number from 0");
  }
  return value;
}

}  // namespace ohmlab::python
