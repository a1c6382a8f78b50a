#pragma once

#include <string>
#include <vector>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include "../core/matrix.hpp"

namespace ohmlab::python {

/// Anything NumPy makes an array of.
class ArrayLike : public pybind11::object {
  PYBIND11_OBJECT_DEFAULT(ArrayLike, object, PyObject_Type)
};

/// Vectors given as an argument: float32 rows are looked at in place, everything else is converted
/// once.
class VectorsArgument {
 public:
  /// \param meaning  of the length, for messages, e.g. "the array's rows"
  /// \throws core::UserError unless it is one vector of `length` finite real numbers, or a table of
  /// them
  VectorsArgument(const ArrayLike& value, const char* name, core::Index length,
                  const char* meaning);

  [[nodiscard]] core::ConstRows rows() const;
  [[nodiscard]] core::Index count() const noexcept { return count_; }
  /// An uninitialised result of so many values a vector; one vector in gives one vector out.
  [[nodiscard]] pybind11::array_t<float> result(core::Index length) const;

 private:
  pybind11::array array_;
  core::Index count_ = 0, length_ = 0, stride_ = 0;
  bool single_ = false;
};

/// The memory of a result as rows.
[[nodiscard]] core::Rows rows_of(pybind11::array_t<float>& array, core::Index count);

/// A float64 array given as an argument.
/// \throws core::UserError unless it holds finite real numbers in at most so many dimensions
[[nodiscard]] pybind11::array_t<double> doubles_of(const ArrayLike& value, const char* name,
                                                   int most_dims = 1);

/// The same of numbers that may not be negative.
[[nodiscard]] pybind11::array_t<double> amounts_of(const ArrayLike& value, const char* name,
                                                   int most_dims = 1);
/// A number given as an argument.
/// \throws core::UserError unless it is finite and not negative
[[nodiscard]] double amount_of(double value, const char* name);

/// A matrix as a NumPy array that owns it: nothing is copied.
template <class Matrix>
[[nodiscard]] pybind11::array_t<typename Matrix::Scalar> owned(Matrix matrix) {
  auto* kept = new Matrix(std::move(matrix));
  const pybind11::capsule owner(kept, [](void* pointer) { delete static_cast<Matrix*>(pointer); });
  return pybind11::array_t<typename Matrix::Scalar>({kept->rows(), kept->cols()}, kept->data(),
                                                    owner);
}

}  // namespace ohmlab::python

template <>
struct pybind11::detail::handle_type_name<ohmlab::python::ArrayLike> {
  static constexpr auto name = const_name("numpy.typing.ArrayLike");
};
