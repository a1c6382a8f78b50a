#include <cmath>

#include "ohmlab/crossbar/analog_array.hpp"
#include "ohmlab/ebm/trainer.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/networks.hpp"
#include "tests/ebm/recorder.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;

TEST_CASE("persistent chains start as independent fair coins", "[stochastic]") {
  constexpr core::Index chains = 500, hidden = 40;
  cost::Tally tally;
  ebm::Network machine = tests::rbm_network(6, hidden, {{ebm::AdcNeuron{}}}, tests::seed(3), tally,
                                            tests::arrays_of<tests::Recorder>());
  ebm::Trainer trainer =
      tests::trainer(machine, {{ebm::PersistentCd{.steps = 1, .chains = chains}}}, {});
  tests::step(trainer, core::Matrix::Ones(4, 6), 1.0);
  const auto& array = dynamic_cast<const tests::Recorder&>(machine.weights());
  REQUIRE(array.backward.size() == 1);
  const core::MatrixD start = array.backward[0].cast<double>();
  REQUIRE(start.rows() == chains);
  CHECK((start.array() * (1 - start.array())).abs().maxCoeff() == 0);  // zeros and ones
  const auto n = static_cast<double>(start.size());
  CHECK(std::abs(start.mean() - 0.5) < 5 * 0.5 / std::sqrt(n));
  // neighbours, along the units and along the chains, agree as often as not
  const auto agreement = [](const core::MatrixD& a, const core::MatrixD& b) {
    return (a.array() == b.array()).cast<double>().mean();
  };
  CHECK(std::abs(agreement(start.leftCols(hidden - 1), start.rightCols(hidden - 1)) - 0.5) <
        5 * 0.5 / std::sqrt(n - chains));
  CHECK(std::abs(agreement(start.topRows(chains - 1), start.bottomRows(chains - 1)) - 0.5) <
        5 * 0.5 / std::sqrt(n - hidden));
}

TEST_CASE("the schedule's factor scales the step of weights and biases alike") {
  const auto step = [](double factor) {
    cost::Tally tally;
    ebm::Network machine = tests::rbm_network(5, 3, {{ebm::AdcNeuron{}}}, 7, tally,
                                              tests::arrays_of<tests::Recorder>());
    ebm::Trainer trainer =
        tests::trainer(machine, {{ebm::ContrastiveDivergence{}}},
                       {.rate = 0.25, .bias_rate = 0.5, .statistics = ebm::Statistics::samples});
    tests::step(trainer, core::Matrix::Ones(8, 5), factor);
    const ebm::Parameters of = machine.parameters();
    return ebm::RbmParameters{of.weights[0], of.biases[0], of.biases[1]};
  };
  const ebm::RbmParameters whole = step(1), half = step(0.5);
  REQUIRE(whole.visible_bias.cwiseAbs().maxCoeff() > 0);
  REQUIRE(whole.hidden_bias.cwiseAbs().maxCoeff() > 0);
  CHECK((whole.weights - 2 * half.weights).cwiseAbs().maxCoeff() < 1e-6);
  CHECK((whole.visible_bias - 2 * half.visible_bias).cwiseAbs().maxCoeff() < 1e-6);
  CHECK((whole.hidden_bias - 2 * half.hidden_bias).cwiseAbs().maxCoeff() < 1e-6);
}

TEST_CASE("each phase of an update adds to the bias registers, which are read and written") {
  cost::Tally tally;
  ebm::Network machine =
      tests::rbm_network(5, 3, {{ebm::AdcNeuron{}}}, 7, tally, tests::arrays_of<tests::Recorder>());
  ebm::Trainer trainer = tests::trainer(machine, {{ebm::ContrastiveDivergence{}}}, {});
  tests::step(trainer, core::Matrix::Ones(8, 5), 1.0);
  double flops = 0, read = 0, written = 0;
  for (const cost::Entry& entry : tally.entries()) {
    if (entry.component != "biases") continue;
    CHECK(entry.stage == "train: update");
    if (entry.action == cost::Action::flop_fp32) flops += entry.count;
    if (entry.action == cost::Action::memory_read) read += entry.count;
    if (entry.action == cost::Action::memory_write) written += entry.count;
  }
  CHECK(flops == 2 * (8 * (5 + 3) + (5 + 3)));  // a sum over the batch, then the rate
  CHECK(read == 2 * (5 + 3) * 2);               // registers of two bytes
  CHECK(written == 2 * (5 + 3) * 2);
}

TEST_CASE("several chains per example write what so many copies of the examples would") {
  const core::Matrix data =
      core::Matrix::Identity(3, 6) + core::Matrix::Identity(3, 6).rowwise().reverse();
  struct Trained {
    core::MatrixD weights;
    double fetched = 0;
  };
  const auto trained = [](const core::Matrix& batch, std::int64_t chains, ebm::Update update) {
    cost::Tally tally;
    ebm::Network machine =
        tests::rbm_network(6, 4, {{ebm::AdcNeuron{}}}, 7, tally,
                           tests::arrays_of<crossbar::AnalogArray>(crossbar::AnalogArrayModel{}));
    machine.initialise(core::VectorD::Constant(6, 0.3));
    ebm::Trainer trainer =
        tests::trainer(machine, {{ebm::ContrastiveDivergence{.chains_per_example = chains}}},
                       {.statistics = ebm::Statistics::samples, .update = update});
    tests::step(trainer, batch);
    Trained out{machine.weights().weights()};
    for (const cost::Entry& entry : tally.entries()) {
      if (entry.component == "examples" && entry.action == cost::Action::memory_read)
        out.fetched += entry.count;
    }
    return out;
  };
  for (const ebm::Update update : {ebm::Update::two_phase, ebm::Update::differenced}) {
    const Trained five = trained(data, 5, update);
    const Trained copied = trained(data.replicate(5, 1), 1, update);
    CHECK(five.weights == copied.weights);
    CHECK(five.weights != trained(data, 1, update).weights);
    REQUIRE(five.fetched > 0);
    CHECK(5 * five.fetched == copied.fetched);  // main memory is read once per example
  }
}
