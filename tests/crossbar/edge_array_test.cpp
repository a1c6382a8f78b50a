// Arrays along edges beside whole matrices with zeros: the same bits, and the work of edges alone.
#include "ohmlab/crossbar/edge_array.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "ohmlab/core/parallel.hpp"
#include "ohmlab/core/rng.hpp"
#include "ohmlab/crossbar/ideal_array.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using crossbar::Direction;

namespace {

constexpr Index rows = 53, cols = 70, batch = 37;

Matrix uniform(Index r, Index c, std::uint64_t operation) {
  Matrix out(r, c);
  core::fill_uniform(core::stream(3, core::StreamId::data), operation, 0,
                     {out.data(), static_cast<std::size_t>(out.size())});
  return out;
}

/// A pattern in which some lines have no weight and others have many.
std::vector<std::pair<Index, Index>> pattern() {
  const Matrix u = uniform(rows, cols, 0);
  std::vector<std::pair<Index, Index>> out;
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < cols; ++j) {
      if (i % 7 != 3 && u(i, j) < (i == 5 ? 0.9F : 0.08F)) out.emplace_back(i, j);
    }
  }
  return out;
}

/// The same weights twice.
struct Twins {
  explicit Twins(const crossbar::NumberFormat& format = {},
                 cost::Machine machine = cost::Machine::accelerator, bool listed = true)
      : at(std::make_shared<crossbar::Crossings>(
            crossbar::Crossings::of(rows, cols, pattern(), listed))),
        edges(at->dense()),
        whole(rows, cols, {.seed = 5, .tally = &of_whole, .edges = &edges}, format, machine),
        along(at, {.seed = 5, .tally = &of_edges}, format, machine) {
    const Matrix start = 2 * uniform(rows, cols, 1).array() - 1;
    whole.program(start);
    along.program(start);
  }
  std::shared_ptr<const crossbar::Crossings> at;
  Matrix edges;
  cost::Tally of_whole, of_edges;
  crossbar::IdealArray whole;
  crossbar::EdgeArray along;
};

Matrix read(crossbar::Array& array, Direction direction, const Matrix& x) {
  Matrix y(x.rows(), direction == Direction::to_cols ? array.cols() : array.rows());
  array.read(direction, x, y);
  return y;
}

double products(const cost::Tally& tally, cost::Action action) {
  double sum = 0;
  for (const cost::Entry& e : tally.entries()) sum += e.action == action ? e.count : 0;
  return sum;
}

crossbar::NumberFormat int8() {
  crossbar::NumberFormat out;
  out.choice = crossbar::Int8Shift{};
  return out;
}

}  // namespace

TEST_CASE("reads and decisions along edges have the bits of a matrix with zeros") {
  for (const bool rounds : {false, true}) {
    Twins twins(rounds ? int8() : crossbar::NumberFormat{});
    for (const Direction direction : {Direction::to_cols, Direction::to_rows}) {
      CAPTURE(rounds, static_cast<int>(direction));
      const Index from = direction == Direction::to_cols ? rows : cols,
                  to = direction == Direction::to_cols ? cols : rows;
      const Matrix numbers = 3 * uniform(batch, from, 2), bits = numbers.array().round().min(1.0F);
      CHECK(read(twins.along, direction, numbers) == read(twins.whole, direction, numbers));
      CHECK(read(twins.along, direction, bits) == read(twins.whole, direction, bits));
      Matrix some(batch, 9), same(batch, 9);
      twins.along.read(direction, bits, some, {11, 9});
      twins.whole.read(direction, bits, same, {11, 9});
      CHECK(some == same);
      const Matrix offset = uniform(1, to, 3);
      Matrix decided(batch, to), wanted(batch, to);
      twins.along.decide(direction, bits, offset, decided);
      twins.whole.decide(direction, bits, offset, wanted);
      CHECK(decided == wanted);
    }
  }
}

TEST_CASE("updates, increments and programming along edges have the bits of a matrix with zeros") {
  for (const bool rounds : {false, true}) {
    Twins twins(rounds ? int8() : crossbar::NumberFormat{});
    const Matrix x = uniform(batch, rows, 4), d = 2 * uniform(batch, cols, 5).array() - 1;
    twins.along.update(x, d, 0.03);
    twins.whole.update(x, d, 0.03);
    CHECK(twins.along.weights() == twins.whole.weights());
    const Matrix change = uniform(rows, cols, 6);
    twins.along.increment(change);
    twins.whole.increment(change);
    CHECK(twins.along.weights() == twins.whole.weights());
    CHECK((twins.along.weights().array() * (1 - twins.edges.cast<double>().array())).abs().sum() ==
          0);
    CHECK(read(twins.along, Direction::to_cols, x) == read(twins.whole, Direction::to_cols, x));
  }
}

TEST_CASE("an array along edges is billed for its edges, and for their places if they are listed") {
  Twins twins;
  const double edges = static_cast<double>(twins.at->size());
  Matrix y(batch, cols);
  twins.along.read(Direction::to_cols, uniform(batch, rows, 2), y);
  CHECK(products(twins.of_edges, cost::Action::flop_fp32) == 2.0 * batch * edges);
  twins.along.update(uniform(batch, rows, 4), uniform(batch, cols, 5), 0.1);
  CHECK(products(twins.of_edges, cost::Action::flop_fp32) == 4.0 * batch * edges);

  const auto held = [](const cost::Tally& tally) {
    double sum = 0;
    for (const cost::Holding& h : tally.holdings())
      sum += h.part == cost::Part::accelerator ? 0 : h.count;
    return sum;
  };
  Twins regular({}, cost::Machine::accelerator, false);
  CHECK(held(regular.of_edges) * rows * cols == Approx(held(regular.of_whole) * edges));
  // 53 rows and 70 columns are numbered by 6 and 7 bits beside the 32 of a weight.
  CHECK(held(twins.of_edges) * 32 == Approx(held(regular.of_edges) * (32 + 6 + 7)));
}

TEST_CASE("an array along edges has the same bits for any number of threads, and resumes") {
  const int before = core::threads();
  std::vector<Matrix> seen;
  for (const int threads : {1, 2, 4}) {
    core::set_threads(threads);
    constexpr Index many = 20'000;
    std::vector<std::pair<Index, Index>> ring;
    for (Index i = 0; i < many; ++i) {
      ring.emplace_back(i, std::min(i, (i + 1) % many));
      ring.emplace_back(i, std::max(i, (i + 1) % many));
    }
    cost::Tally tally, other;
    const auto at =
        std::make_shared<crossbar::Crossings>(crossbar::Crossings::of(many, many, ring, false));
    crossbar::EdgeArray array(at, {.seed = 1, .tally = &tally}),
        resumed(at, {.seed = 1, .tally = &other});
    array.program_edges(2 * uniform(1, 2 * many, 1).array() - 1);
    Matrix bits(3, many);
    array.decide(Direction::to_cols, uniform(3, many, 2).array().round(), Matrix::Zero(1, many),
                 bits);
    array.update(uniform(3, many, 2), bits, 0.1);
    core::Archive saved;
    array.state(saved);
    core::Archive restored(saved.items());
    resumed.state(restored);
    Matrix next(3, many), again(3, many);
    array.decide(Direction::to_rows, bits, Matrix::Zero(1, many), next);
    resumed.decide(Direction::to_rows, bits, Matrix::Zero(1, many), again);
    CHECK(next == again);
    seen.push_back(next);
  }
  core::set_threads(before);
  CHECK(seen[0] == seen[1]);
  CHECK(seen[0] == seen[2]);
}
