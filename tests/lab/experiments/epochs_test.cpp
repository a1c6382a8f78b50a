#include "ohmlab/lab/experiments/epochs.hpp"

#include <algorithm>
#include <vector>

#include "tests/catch.hpp"
#include "tests/ebm/networks.hpp"
#include "tests/ebm/recorder.hpp"

using namespace ohmlab;

TEST_CASE("every epoch shows every example once, in an order of its own") {
  constexpr core::Index count = 10;
  core::Matrix examples = core::Matrix::Zero(count, count);
  examples.diagonal().setOnes();  // an example is known by its one pixel
  cost::Tally tally;
  ebm::Network machine = tests::rbm_network(count, 2, {{ebm::AdcNeuron{}}}, 1, tally,
                                            tests::arrays_of<tests::Recorder>());
  auto& array = dynamic_cast<tests::Recorder&>(machine.weights());
  const ebm::Training training{.epochs = 3, .batch = 4, .rate = 0, .bias_rate = 0};
  ebm::Trainer trainer = tests::trainer(machine, {{ebm::PersistentCd{}}}, training);
  std::vector<std::vector<core::Index>> orders(1);
  experiments::Position at;
  int batches = 0;
  const auto after_epoch = [&](std::int64_t done) {
    for (std::size_t read = 0; read < array.forward.size();
         read += 2) {  // data phase, then model phase
      const core::Matrix& batch = array.forward[read];
      CHECK((batch.rows() == 4 || (batch.rows() == 2 && read + 2 == array.forward.size())));
      for (core::Index row = 0; row < batch.rows(); ++row) {
        core::Index pixel = 0;
        batch.row(row).maxCoeff(&pixel);
        orders.back().push_back(pixel);
      }
    }
    array.forward.clear();
    CHECK(done == static_cast<std::int64_t>(orders.size()));
    orders.emplace_back();
    return false;
  };
  experiments::run_epochs(experiments::course_of(training, 5), {examples, examples, {}, {}}, at,
                          {.learn = [&](const ebm::Examples& batch, double factor) {
    trainer.step(batch, factor);
  }, .after_epoch = after_epoch, .after_batch = [&] { ++batches; }});
  CHECK(batches == 9);
  CHECK(at.epoch == 3);
  orders.pop_back();
  REQUIRE(orders.size() == 3);
  CHECK(orders[0] != orders[1]);
  CHECK(orders[1] != orders[2]);
  CHECK(orders[0] != orders[2]);
  for (std::vector<core::Index>& order : orders) {
    std::sort(order.begin(), order.end());
    CHECK(order == std::vector<core::Index>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  }
}
