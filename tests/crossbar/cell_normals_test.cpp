#include "ohmlab/crossbar/cell_normals.hpp"

#include <cmath>
#include <vector>

#include "ohmlab/core/parallel.hpp"

#include "tests/catch.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;

namespace {

constexpr double two_sided = 4.892;  // |standard normal| exceeds it with p = 1e-6

core::Stream stream_of(std::uint32_t layer) {
  return core::stream(ohmlab::tests::seed(41), core::StreamId::device_variation, layer);
}

crossbar::CellNormals normals_of(std::uint32_t layer, double share, double range, Index rows,
                                 Index cols) {
  crossbar::CellNormals out(stream_of(layer), 1000, 3);
  out.share({.share = share, .range = range}, rows, cols);
  return out;
}

}  // namespace

TEST_CASE("cells without resemblance have the normals of their own numbers") {
  const auto normals = normals_of(1, 0, 3, 6, 5);
  for (Index i = 0; i < 6; ++i) {
    for (Index j = 0; j < 5; ++j) {
      const auto expected = devices::normals_of<float>(
          stream_of(1), 1000 + static_cast<std::uint32_t>(5 * i + j), 0, 3);
      for (int k = 0; k < devices::Normals<float>::most; ++k)
        CHECK(normals.of(i, j, 5)[k] == expected[k]);
    }
  }
}

TEST_CASE("neighbours correlate by a Gaussian of their distance, with variance 1 everywhere",
          "[stochastic]") {
  constexpr Index rows = 9, cols = 12;
  constexpr int planes = 4000;
  constexpr double share = 0.7, range = 1.5;
  const struct {
    Index i, j;
  } cells[] = {{4, 6}, {4, 7}, {6, 6}, {4, 9}, {0, 0}, {8, 5}, {0, 11}};
  constexpr int count = 7;
  double products[count][count] = {}, across = 0;
  for (std::uint32_t plane = 0; plane < planes; ++plane) {
    const auto normals = normals_of(plane, share, range, rows, cols);
    float xi[count];
    for (int c = 0; c < count; ++c) xi[c] = normals.of(cells[c].i, cells[c].j, cols)[1];
    for (int a = 0; a < count; ++a) {
      for (int b = 0; b < count; ++b)
        products[a][b] += static_cast<double>(xi[a]) * static_cast<double>(xi[b]);
    }
    across += static_cast<double>(xi[0]) * static_cast<double>(normals.of(4, 6, cols)[2]);
  }
  for (int c = 0; c < count; ++c) {
    CAPTURE(c);
    CHECK(std::abs(products[c][c] / planes - 1) < two_sided * std::sqrt(2.0 / planes));
  }
  const auto correlates = [&](int a, int b, double expected) {
    CAPTURE(a, b, expected);
    CHECK(std::abs(products[a][b] / planes - expected) <
          two_sided * std::sqrt((1 + expected * expected) / planes));
  };
  const auto law = [](double d2) { return share * std::exp(-d2 / (2 * range * range)); };
  // The plane ends four cells from the middle row, where the kernel is exp(-16/2.25) = 8e-4.
  correlates(0, 1, law(1));
  correlates(0, 3, law(9));
  correlates(0, 4, law(52));
  correlates(1, 3, law(4));
  CHECK(std::abs(across / planes) < two_sided / std::sqrt(planes));
}

TEST_CASE("resembling neighbours have the same bits on any number of threads") {
  const int before = core::threads();
  std::vector<float> seen[3];
  for (int n = 0; n < 3; ++n) {
    core::set_threads(1 << n);
    const auto normals = normals_of(2, 0.5, 4, 70, 90);
    for (Index i = 0; i < 70; ++i) {
      for (Index j = 0; j < 90; ++j) seen[n].push_back(normals.of(i, j, 90)[2]);
    }
  }
  core::set_threads(before);
  CHECK(seen[1] == seen[0]);
  CHECK(seen[2] == seen[0]);
}
