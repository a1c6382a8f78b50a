// Formats of digital products, against lists of every number that a format has.
#include "ohmlab/crossbar/number_formats.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

#include "ohmlab/core/field_values.hpp"
#include "ohmlab/crossbar/ideal_array.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using crossbar::NumberFormat;

namespace {

/// A number of a format and whether its last bit of mantissa is 0, which wins a tie.
struct Code {
  double value;
  bool even;
};

/// All numbers from 0 on with so many bits of exponent and mantissa, in order, as IEEE 754 composes
/// them; E4M3 gives its highest exponent to numbers too, but for the last mantissa (arXiv
/// 2209.05433, table 1).
std::vector<Code> codes(int exponent_bits, int mantissa_bits, bool e4m3) {
  std::vector<Code> out;
  const int bias = (1 << (exponent_bits - 1)) - 1, steps = 1 << mantissa_bits,
            top = (1 << exponent_bits) - (e4m3 ? 0 : 1);
  for (int exponent = 0; exponent < top; ++exponent) {
    for (int mantissa = 0; mantissa < steps; ++mantissa) {
      if (e4m3 && exponent == top - 1 && mantissa == steps - 1) continue;  // NaN
      const double fraction = static_cast<double>(mantissa) / steps;
      const double value = exponent == 0 ? std::ldexp(fraction, 1 - bias)
                                         : std::ldexp(1 + fraction, exponent - bias);
      out.push_back({value, mantissa % 2 == 0});
    }
  }
  return out;
}

double nearest(const std::vector<Code>& all, double value) {
  const double size = std::abs(value);
  const auto above = std::lower_bound(all.begin(), all.end(), size,
                                      [](const Code& code, double v) { return code.value < v; });
  if (above == all.begin()) return std::copysign(above->value, value);
  if (above == all.end()) return std::copysign(all.back().value, value);
  const auto below = above - 1;
  const double up = above->value - size, down = size - below->value;
  const bool takes_up = up < down || (up == down && above->even);
  return std::copysign(takes_up ? above->value : below->value, value);
}

template <class Format>
void check_rounding(const std::vector<Code>& all, double smallest, double largest) {
  std::mt19937_64 draw(7);
  std::uniform_real_distribution<double> exponents(std::log2(smallest), std::log2(largest));
  for (int i = 0; i < 20000; ++i) {
    const auto value = static_cast<float>((i % 2 == 0 ? 1 : -1) * std::exp2(exponents(draw)));
    CAPTURE(value);
    REQUIRE(static_cast<double>(Format::rounded(value)) ==
            nearest(all, static_cast<double>(value)));
  }
  for (std::size_t i = 1; i < all.size();
       i += 1 + all.size() / 5000) {  // ties, and the numbers themselves
    const double middle = (all[i].value + all[i - 1].value) / 2;
    if (all[i].value > largest || all[i].value < smallest) continue;
    CAPTURE(all[i].value);
    REQUIRE(static_cast<double>(Format::rounded(static_cast<float>(all[i].value))) == all[i].value);
    REQUIRE(static_cast<double>(Format::rounded(static_cast<float>(middle))) ==
            nearest(all, middle));
  }
}

Matrix some_numbers(Index rows, Index cols, unsigned seed) {
  std::mt19937 draw(seed);
  std::normal_distribution<float> normal;
  Matrix out(rows, cols);
  for (Index i = 0; i < out.size(); ++i) out.data()[i] = normal(draw);
  return out;
}

NumberFormat format_of(const char* name) {
  return core::read<NumberFormat>(core::Node{std::string(name), {}});
}

struct Posted {
  double flops = 0, products = 0, read = 0, written = 0;
};

Posted posted(const cost::Tally& tally, cost::Action product) {
  Posted out;
  for (const cost::Entry& e : tally.entries()) {
    if (e.action == product) out.products += e.count;
    if (e.action == cost::Action::flop_fp32) out.flops += e.count;
    if (e.action == cost::Action::memory_read) out.read += e.count;
    if (e.action == cost::Action::memory_write) out.written += e.count;
  }
  return out;
}

}  // namespace

TEST_CASE("bfloat16, TF32 and E4M3 round to the nearest of all their numbers, ties to even") {
  check_rounding<crossbar::Bf16>(codes(8, 7, false), 1e-37, 1e38);
  check_rounding<crossbar::Tf32>(codes(8, 10, false), 1e-37, 1e38);
  const std::vector<Code> e4m3 = codes(4, 3, true);
  CHECK(e4m3.back().value == crossbar::Fp8::largest);
  CHECK(e4m3.size() == 127);
  check_rounding<crossbar::Fp8>(e4m3, 1e-4, 448);
  CHECK(crossbar::Fp8::rounded(0.0F) == 0.0F);
  CHECK(crossbar::Fp32::rounded(1.2345678F) == 1.2345678F);
}

TEST_CASE("products in 8-bit integers are exactly those of integers, times both scales") {
  const Matrix w = some_numbers(33, 17, 1), x = some_numbers(9, 33, 2);
  cost::Tally tally;
  crossbar::IdealArray array(33, 17, {.tally = &tally}, format_of("int8"));
  array.program(w);
  Matrix y(9, 17);
  array.read(crossbar::Direction::to_cols, x, y);
  const double in = 127 / static_cast<double>(x.cwiseAbs().maxCoeff()),
               of_weights = 127 / static_cast<double>(w.cwiseAbs().maxCoeff());
  for (Index b = 0; b < 9; ++b) {
    for (Index j = 0; j < 17; ++j) {
      long sum = 0;
      for (Index i = 0; i < 33; ++i) {
        sum += std::lround(static_cast<double>(x(b, i)) * in) *
               std::lround(static_cast<double>(w(i, j)) * of_weights);
      }
      CAPTURE(b, j);
      CHECK(static_cast<double>(y(b, j)) ==
            Approx(static_cast<double>(sum) / in / of_weights).epsilon(1e-6));
    }
  }
}

TEST_CASE(
    "in every format reads and updates are products of rounded factors, and weights stay float32") {
  const Matrix w = some_numbers(40, 24, 3), x = some_numbers(6, 40, 4), d = some_numbers(6, 24, 5);
  const auto error = [&](const char* name) {
    cost::Tally tally;
    crossbar::IdealArray array(40, 24, {.tally = &tally}, format_of(name));
    array.program(w);
    CHECK(array.weights() == w.cast<double>());
    Matrix y(6, 24), back(6, 40);
    array.read(crossbar::Direction::to_cols, x, y);
    array.read(crossbar::Direction::to_rows, d, back);
    array.update(x, d, 0.25);
    const core::MatrixD exact = x.cast<double>() * w.cast<double>(),
                        exact_back = d.cast<double>() * w.cast<double>().transpose(),
                        change = 0.25 * x.cast<double>().transpose() * d.cast<double>();
    const double forward = (y.cast<double>() - exact).norm() / exact.norm(),
                 backward = (back.cast<double>() - exact_back).norm() / exact_back.norm(),
                 written = (array.weights() - w.cast<double>() - change).norm() / change.norm();
    return std::array{forward, backward, written};
  };
  const auto within = [](const std::array<double, 3>& errors, double expected) {
    for (const double found : errors) CHECK(found == Approx(expected).epsilon(0.2));
  };
  // A step is 2^-m of its binade, so that a factor x is off by 2^-m 2^floor(log2 x) / sqrt(12): of
  // normal numbers, 2^-m sqrt(E[4^floor(log2 |x|)] / 12); products of two such factors by sqrt(2)
  // times that.
  double binades = 0;
  for (int k = -30; k < 4; ++k) {
    const double low = std::ldexp(1, k), half = std::sqrt(0.5);
    binades += low * low * (std::erf(2 * low * half) - std::erf(low * half));
  }
  const double relative = std::sqrt(binades / 6);
  within(error("bf16"), std::exp2(-7) * relative);
  within(error("tf32"), std::exp2(-10) * relative);
  within(error("fp8"), std::exp2(-3) * relative);
  // A step of integers is 1/127 of the largest; of normal numbers with deviation 1, an error of
  // that / sqrt(12).
  const auto step = [](const Matrix& m) {
    return static_cast<double>(m.cwiseAbs().maxCoeff()) / 127;
  };
  const auto both = [&](const Matrix& a, const Matrix& b) {
    return std::sqrt((step(a) * step(a) + step(b) * step(b)) / 12);
  };
  const std::array<double, 3> integers = error("int8");
  CHECK(integers[0] == Approx(both(x, w)).epsilon(0.2));
  CHECK(integers[1] == Approx(both(d, w)).epsilon(0.2));
  CHECK(integers[2] == Approx(both(x, d)).epsilon(0.2));
}

TEST_CASE("a matrix of zeros has no scale and stays zero") {
  for (const char* name : {"fp8", "int8"}) {
    cost::Tally tally;
    crossbar::IdealArray array(3, 2, {.tally = &tally}, format_of(name));
    Matrix y = Matrix::Ones(4, 2);
    array.read(crossbar::Direction::to_cols, Matrix::Zero(4, 3), y);
    CHECK(y == Matrix::Zero(4, 2));
  }
}

TEST_CASE(
    "a product is posted in its format, with a byte for each 8-bit factor and four for each sum") {
  const auto of = [](const char* name, cost::Action action, auto&& work) {
    cost::Tally tally;
    crossbar::IdealArray array(10, 4, {.tally = &tally}, format_of(name));
    work(array);
    return posted(tally, action);
  };
  const Matrix x = Matrix::Ones(3, 10), d = Matrix::Ones(3, 4);
  const auto reads = [&](crossbar::IdealArray& array) {
    Matrix y(3, 4), back(3, 10);
    array.read(crossbar::Direction::to_cols, x, y);
    array.read(crossbar::Direction::to_rows, d, back);
  };
  const auto updates = [&](crossbar::IdealArray& array) { array.update(x, d, 1); };

  const Posted read = of("int8", cost::Action::op_int8, reads);
  CHECK(read.products == 2 * (2 * 3 * 40));
  CHECK(read.read == (40 + 30) + (40 + 12));
  CHECK(read.written == 4 * 12 + 4 * 30);
  CHECK(read.flops == 2 * (30 + 12));  // the largest of the inputs, and their scale

  const Posted update = of("fp8", cost::Action::flop_fp8, updates);
  CHECK(update.products == 2 * 3 * 40);
  CHECK(update.read ==
        (30 + 12) + 4 * 40 + 4 * 40);  // factors, weights, weights again for their copy
  CHECK(update.written == 4 * 40 + 40);
  CHECK(update.flops == 2 * (30 + 12) + 2 * 40);

  const Posted half = of("bf16", cost::Action::flop_bf16, updates);
  CHECK(half.read == 2 * (30 + 12) + 4 * 40);
  CHECK(half.written == 4 * 40 + 2 * 40);
  CHECK(half.flops == 0);
}

TEST_CASE("products keep their digits however small or large an operand is as a whole") {
  NumberFormat::each([]<class Format>() {
    CAPTURE(Format::name);
    const Matrix w = some_numbers(6, 5, 1), x = some_numbers(3, 6, 2), d = some_numbers(3, 5, 3);
    cost::Tally tally;
    NumberFormat format;
    format.choice = Format{};
    const auto product = [&](float of_w, float of_x) {
      crossbar::IdealArray array(6, 5, {.tally = &tally}, format);
      array.program(of_w * w);
      Matrix y(3, 5), back(3, 6);
      array.read(crossbar::Direction::to_cols, of_x * x, y);
      array.read(crossbar::Direction::to_rows, of_x * d, back);
      CHECK(back.allFinite());
      return y;
    };
    const Matrix expected = product(1, 1);
    // powers of two change no digit but those that float32 has no room for
    for (const auto& [of_w, of_x] : {std::pair{0x1p-110F, 1.0F},
                                     {1.0F, 0x1p-110F},
                                     {0x1p-60F, 0x1p-60F},
                                     {0x1p+60F, 0x1p+60F},
                                     {0x1p-120F, 0x1p+120F},
                                     {0x1p+120F, 0x1p-120F}}) {
      CAPTURE(of_w, of_x);
      const Matrix got = product(of_w, of_x) / of_w / of_x;
      CHECK((got - expected).cwiseAbs().maxCoeff() < 1e-3F * expected.cwiseAbs().maxCoeff());
    }
    for (const float tiny : {1e-38F, 1e-40F, 1e-45F}) {
      CHECK(product(1, tiny).allFinite());
      CHECK(product(tiny, tiny).allFinite());
    }
    crossbar::IdealArray ones(2, 1, {.tally = &tally}, format);
    ones.program(Matrix::Ones(2, 1));
    Matrix y(1, 1);
    ones.read(crossbar::Direction::to_cols, Matrix::Constant(1, 2, 1e-38F), y);
    CHECK(y(0, 0) == Approx(2e-38).epsilon(0.01));
    ones.update(Matrix::Constant(1, 2, 1e-38F), Matrix::Constant(1, 1, 1e-38F), 1);
    ones.update(Matrix::Constant(1, 2, 1e-38F), Matrix::Constant(1, 1, 1e38F), 1);
    CHECK(ones.weights()(0, 0) == Approx(2).epsilon(0.01));
  });
}
