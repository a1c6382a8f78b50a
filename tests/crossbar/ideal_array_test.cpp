#include "ohmlab/crossbar/ideal_array.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;

namespace {

core::Matrix small_integers(core::Index rows, core::Index cols, int seed) {
  core::Matrix out(rows, cols);
  for (core::Index i = 0; i < out.size(); ++i)
    out.data()[i] = static_cast<float>((i * 7919 + core::Index{seed} * 104729) % 17 - 8);
  return out;
}

}  // namespace

TEST_CASE("an ideal array multiplies and updates exactly on small integers, whatever the batch") {
  for (const core::Index batch : {1, 31, 32, 33, 100}) {
    CAPTURE(batch);
    cost::Tally tally;
    crossbar::IdealArray array(65, 17, {.tally = &tally});
    const core::Matrix w = small_integers(65, 17, 1), x = small_integers(batch, 65, 2),
                       d = small_integers(batch, 17, 3);
    array.program(w);
    core::Matrix y(batch, 17), back(batch, 65);
    array.read(crossbar::Direction::to_cols, x, y);
    array.read(crossbar::Direction::to_rows, d, back);
    CHECK(y == core::Matrix(x.lazyProduct(w)));
    CHECK(back == core::Matrix(d.lazyProduct(w.transpose())));
    array.update(x, d, 0.5);
    CHECK(array.weights() ==
          core::MatrixD(w.cast<double>() + 0.5 * x.cast<double>().transpose() * d.cast<double>()));
  }
}

TEST_CASE(
    "an ideal array posts two operations for each multiply-accumulate and every byte it moves") {
  cost::Tally tally;
  crossbar::IdealArray array(10, 4, {.name = "w", .tally = &tally});
  const core::Matrix x = core::Matrix::Ones(3, 10), d = core::Matrix::Ones(3, 4);
  core::Matrix y(3, 4);
  {
    const cost::Tally::Stage stage(tally, "read");
    array.read(crossbar::Direction::to_cols, x, y);
  }
  {
    const cost::Tally::Stage stage(tally, "write");
    array.update(x, d, 1.0);
  }
  const auto entries = tally.entries();
  const auto count = [&](const std::string& stage, cost::Action action) {
    double sum = 0;
    for (const auto& entry : entries)
      sum += entry.stage == stage && entry.action == action ? entry.count : 0;
    return sum;
  };
  CHECK(count("read", cost::Action::flop_fp32) == 2 * 3 * 40);
  CHECK(count("read", cost::Action::memory_read) == 4 * (40 + 30));
  CHECK(count("read", cost::Action::memory_write) == 4 * 12);
  CHECK(count("write", cost::Action::flop_fp32) == 2 * 3 * 40);
  CHECK(count("write", cost::Action::memory_read) == 4 * (40 + 30 + 12));
  CHECK(count("write", cost::Action::memory_write) == 4 * 40);
}
