#pragma once

#include <string>
#include <vector>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include "../core/matrix.hpp"

namespace ohmlab::python {

/// Any value that NumPy can convert to an array.
class ArrayLike : public pybind11::object {
  PYBIND11_OBJECT_DEFAULT(ArrayLike, object, PyObject_Type)
};

/// Vectors given as an argument. Dense float32 rows are used in place; other types are converted
/// once.
class VectorsArgument {
 public:
  /// \param meaning  meaning of the length, for messages, e.g. "the array's rows"
  /// \throws core::UserError unless the value is one vector of `length` finite real numbers, or a
  /// table of these vectors
  VectorsArgument(const ArrayLike& value, const char* name, core::Index length,
                  const char* meaning);

  [[nodiscard]] core::ConstRows rows() const;
  [[nodiscard]] core::Index count() const noexcept { return count_; }
  /// Uninitialised result with `length` values per vector; one vector in gives one vector out.
  [[nodiscard]] pybind11::array_t<float> result(core::Index length) const;

 private:
  pybind11::array array_;
  core::Index count_ = 0, length_ = 0, stride_ = 0;
  bool single_ = false;
};

/// Memory of a result as rows.
[[nodiscard]] core::Rows rows_of(pybind11::array_t<float>& array, core::Index count);

/// Float64 array of an argument.
/// \throws core::UserError unless it holds finite real numbers in at most `most_dims` dimensions
[[nodiscard]] pybind11::array_t<double> doubles_of(const ArrayLike& value, const char* name,
                                                   int most_dims = 1);

/// As `doubles_of`, for numbers that are not negative.
[[nodiscard]] pybind11::array_t<double> amounts_of(const ArrayLike& value, const char* name,
                                                   int most_dims = 1);
/// Number of an argument.
/// \throws core::UserError unless it is finite and not negative
[[nodiscard]] double amount_of(double value, const char* name);

/// NumPy array that takes over a matrix without a copy.
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
