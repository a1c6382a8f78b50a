#include "ohmlab/crossbar/packed_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/catch.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using core::MatrixD;

namespace {

Matrix some_values(Index rows, Index cols, int seed) {
  Matrix out(rows, cols);
  for (Index k = 0; k < out.size(); ++k) {
    out.data()[k] = static_cast<float>(std::sin(static_cast<double>(seed + k) * 12.9898) * 3);
  }
  return out;
}

/// A sum of n products in float32, in whatever order, is off by at most n roundings of the sum of
/// magnitudes.
MatrixD largest_error(const Matrix& x, const Matrix& w) {
  return x.cwiseAbs().cast<double>() * w.cwiseAbs().cast<double>() *
         (static_cast<double>(w.rows()) *
          static_cast<double>(std::numeric_limits<float>::epsilon()));
}

}  // namespace

TEST_CASE("a packed product is the product in double precision, up to the rounding of its sums") {
  for (const auto& [vectors, inputs, outputs] : {std::tuple<Index, Index, Index>{1, 1, 1},
                                                 {3, 5, 7},
                                                 {8, 33, 32},
                                                 {13, 100, 65},
                                                 {21, 257, 300}}) {
    CAPTURE(vectors, inputs, outputs);
    const Matrix w = some_values(inputs, outputs, 1), x = some_values(vectors, inputs, 2);
    crossbar::PackedMatrix packed, packed_from_transposed;
    packed.pack(w);
    packed_from_transposed.pack_transposed(w.transpose());
    const Index stride = (outputs + 31) / 32 * 32;
    Matrix y(vectors, stride), same(vectors, stride);
    packed.multiply(x.data(), inputs, vectors, 0, inputs, 0, outputs, y.data(), stride);
    packed_from_transposed.multiply(x.data(), inputs, vectors, 0, inputs, 0, outputs, same.data(),
                                    stride);
    const MatrixD error = y.leftCols(outputs).cast<double>() - x.cast<double>() * w.cast<double>();
    CHECK((error.cwiseAbs().array() <= largest_error(x, w).array()).all());
    CHECK(same.leftCols(outputs) == y.leftCols(outputs));
  }
}

TEST_CASE("a product on all threads gives each output as one task does, assigned or added") {
  const Matrix w = some_values(45, 300, 1), x = some_values(150, 45, 2);
  crossbar::PackedMatrix packed;
  packed.pack(w);
  Matrix all(150, 320), y(150, 300);
  packed.multiply(x.data(), 45, 150, 0, 45, 0, 300, all.data(), 320);
  packed.assign_product(x, y);
  CHECK(bool(y == all.leftCols(300)));
  packed.add_product(x, y);
  CHECK(bool(y == all.leftCols(300) * 2));
}

TEST_CASE("an output of a packed product does not depend on what is computed with it") {
  const Matrix w = some_values(90, 96, 1), x = some_values(20, 90, 2);
  crossbar::PackedMatrix packed;
  packed.pack(w);
  Matrix all(20, 96), part(20, 96);
  packed.multiply(x.data(), 90, 20, 0, 90, 0, 96, all.data(), 96);
  for (Index first = 0; first < 20; first += 3) {
    packed.multiply(x.row(first).data(), 90, std::min<Index>(3, 20 - first), 0, 90, 0, 32,
                    part.row(first).data(), 96);
    packed.multiply(x.row(first).data(), 90, std::min<Index>(3, 20 - first), 0, 90, 32, 64,
                    part.row(first).data() + 32, 96);
  }
  CHECK(part == all);
}

TEST_CASE("a packed product can be taken over a range of inputs") {
  const Matrix w = some_values(50, 40, 1), x = some_values(4, 50, 2);
  crossbar::PackedMatrix packed;
  packed.pack(w);
  Matrix y(4, 64);
  packed.multiply(x.data() + 11, 50, 4, 11, 20, 32, 8, y.data(), 64);
  const Matrix in = x.middleCols(11, 20), part = w.block(11, 32, 20, 8);
  const MatrixD error = y.leftCols(8).cast<double>() - in.cast<double>() * part.cast<double>();
  CHECK((error.cwiseAbs().array() <= largest_error(in, part).array()).all());
}
