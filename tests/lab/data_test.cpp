#include <filesystem>

#include "ohmlab/core/config.hpp"
#include "ohmlab/core/field_values.hpp"
#include "ohmlab/ebm/task.hpp"
#include "ohmlab/io/datasets.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;

namespace {

io::Dataset load(const std::string& preset) {
  return core::read<io::Data>(core::parse_config("base = 'data/" + preset + "'", "test")).load();
}

}  // namespace

TEST_CASE("the prepared digits are those of the published split") {
  const io::Dataset digits = load("digits");
  CHECK(digits.train.rows() == 1437);
  CHECK(digits.test.rows() == 360);
  CHECK(digits.train.cols() == 64);
  CHECK(digits.train_labels.size() == 1437);
  CHECK(ebm::independent_units(ebm::frequencies(digits.train), digits.test).value ==
        Approx(-25.06).margin(0.005));
}

TEST_CASE("Fashion-MNIST at threshold 128 is the known data") {
  const io::Dataset fashion = load("fashion_mnist");
  CHECK(fashion.train.rows() == 60000);
  CHECK(fashion.test.rows() == 10000);
  CHECK(fashion.height == 28);
  CHECK(100 * fashion.train.mean() == Approx(31.47).margin(0.005));
  CHECK(ebm::independent_units(ebm::frequencies(fashion.train), fashion.test).value ==
        Approx(-383.13).margin(0.01));
}

TEST_CASE(
    "bars and stripes are all full rows and all full columns, the empty and the full image twice") {
  const io::Dataset bars = io::BarsAndStripes{.size = 3}.load();
  REQUIRE(bars.train.rows() == 16);
  int empty = 0, full = 0;
  for (core::Index i = 0; i < 16; ++i) {
    const float sum = bars.train.row(i).sum();
    empty += sum == 0.0F;
    full += sum == 9.0F;
    CHECK(static_cast<int>(sum) % 3 == 0);
  }
  CHECK(empty == 2);
  CHECK(full == 2);
}
