#include "ohmlab/ebm/trainer.hpp"

#include <random>

#include "ohmlab/crossbar/analog_array.hpp"
#include "ohmlab/crossbar/ideal_array.hpp"
#include "ohmlab/ebm/likelihood.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/machines.hpp"
#include "tests/ebm/networks.hpp"
#include "tests/ebm/trained.hpp"

using namespace ohmlab;

TEST_CASE("the mean update of long chains is the exact gradient of the log-likelihood") {
  const ebm::RbmParameters rbm = tests::random_machine(4, 3, 0.7, 12);
  core::Matrix data(4, 4);
  data << 1, 0, 1, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1;
  const ebm::RbmParameters gradient = ebm::exact_gradient(rbm, data);

  constexpr core::Index copies =
      20000;  // the same four examples in many chains, one update of rate 1
  const core::Matrix batch = data.replicate(copies, 1);
  cost::Tally tally;
  ebm::Network machine = tests::rbm_network(4, 3, {{ebm::AdcNeuron{}}}, 3, tally);
  for (const auto statistics : {ebm::Statistics::means, ebm::Statistics::samples}) {
    tests::set(machine, rbm);
    ebm::Trainer trainer =
        tests::trainer(machine, {{ebm::ContrastiveDivergence{.steps = 40}}},
                       {.rate = 1.0, .bias_rate = 1.0, .statistics = statistics});
    tests::step(trainer, batch, 1.0);
    const double five_sigma =
        5 * 0.5 * std::sqrt(2.0 / (4 * copies));  // of the difference of two mean products
    tests::check_moved(machine, rbm, gradient, five_sigma);
  }
}

TEST_CASE("persistent chains go on where they were, contrastive ones start at the data") {
  cost::Tally tally;
  ebm::Network machine = tests::rbm_network(6, 4, {{ebm::AdcNeuron{}}}, 3, tally);
  machine.initialise(core::VectorD::Constant(6, 0.5));
  const core::Matrix data = core::Matrix::Ones(10, 6);
  // With zero rates nothing is learned; the tally tells how many vectors each phase read.
  ebm::Trainer pcd = tests::trainer(machine, {{ebm::PersistentCd{.steps = 2, .chains = 7}}},
                                    {.rate = 0, .bias_rate = 0});
  tests::step(pcd, data, 1.0);
  double model_flops = 0, data_flops = 0;
  for (const cost::Entry& entry : tally.entries()) {
    if (entry.component != "weights" || entry.action != cost::Action::flop_fp32) continue;
    if (entry.stage == "train: model phase") model_flops += entry.count;
    if (entry.stage == "train: data phase") data_flops += entry.count;
  }
  CHECK(data_flops == 2 * 10 * 24);
  CHECK(model_flops == 2 * 2 * 2 * 7 * 24);  // two steps, both directions, seven chains
}

namespace {

const ebm::Neuron adc{{ebm::AdcNeuron{}}};

core::Matrix coins(core::Index rows, core::Index cols, unsigned seed) {
  std::mt19937 engine(seed);
  return core::Matrix::NullaryExpr(rows, cols, [&] { return static_cast<float>(engine() >> 31); });
}

struct Learned {
  core::MatrixD weights;
  core::Vector visible_bias, hidden_bias;
};

/// Trains a small machine on the ideal array for some batches of noise.
Learned learned(const ebm::Training& training, int steps) {
  cost::Tally tally;
  ebm::Network machine = tests::rbm_network(7, 5, adc, 3, tally);
  machine.initialise(core::VectorD::Constant(7, 0.4));
  ebm::Trainer trainer = tests::trainer(machine, {{ebm::PersistentCd{.chains = 11}}}, training);
  for (int step = 0; step < steps; ++step)
    tests::step(trainer, coins(9, 7, static_cast<unsigned>(step)), 0.5);
  return {machine.weights().weights(), machine.bias(0), machine.bias(1)};
}

}  // namespace

TEST_CASE(
    "on the ideal array the difference of both phases is what both phases make, to rounding") {
  const ebm::Training two{.rate = 0.3, .bias_rate = 0.2};
  ebm::Training difference = two;
  difference.update = ebm::Update::differenced;
  const Learned a = learned(two, 4), b = learned(difference, 4);
  CHECK((a.weights - b.weights).cwiseAbs().maxCoeff() < 1e-6);
  CHECK((a.visible_bias - b.visible_bias).cwiseAbs().maxCoeff() < 1e-6F);
  CHECK((a.hidden_bias - b.hidden_bias).cwiseAbs().maxCoeff() < 1e-6F);
}

TEST_CASE("with momentum a change goes on as a geometric series of earlier ones") {
  // Units that are certain: all on in the data, and visible ones off in the model, so that each
  // batch's gradient of every weight and visible bias is 1, whatever was learned.
  cost::Tally tally;
  ebm::Network machine = tests::rbm_network(3, 2, adc, 1, tally);
  machine.bias(0).setConstant(-100);
  machine.bias(1).setConstant(100);
  ebm::Trainer trainer = tests::trainer(
      machine, {{ebm::ContrastiveDivergence{}}},
      {.rate = 0.01, .bias_rate = 0.01, .update = ebm::Update::differenced, .momentum = 0.8});
  const core::Matrix data = core::Matrix::Ones(4, 3);
  double velocity = 0, moved = 0;
  for (int step = 0; step < 6; ++step) {
    tests::step(trainer, data, 1.0);
    velocity = 0.8 * velocity + 1;
    moved += 0.01 * velocity;
    CHECK((machine.weights().weights().array() - moved).abs().maxCoeff() < 1e-6);
    CHECK((machine.bias(0).array() + 100 - static_cast<float>(moved)).abs().maxCoeff() < 1e-4F);
    CHECK((machine.bias(1).array() - 100).abs().maxCoeff() < 1e-4F);  // as likely in both phases
  }
}

TEST_CASE("a trainer with momentum goes on from its stored state as if nothing had happened") {
  cost::Tally tally;
  const auto trained = [&](int first, int last, core::Archive::Items* items) {
    ebm::Network machine = tests::rbm_network(7, 5, adc, 3, tally);
    machine.initialise(core::VectorD::Constant(7, 0.4));
    ebm::Trainer trainer =
        tests::trainer(machine, {{ebm::PersistentCd{.chains = 11}}},
                       {.rate = 0.3, .update = ebm::Update::differenced, .momentum = 0.9});
    if (first > 0) {
      core::Archive stored(*items);
      trainer.state(stored);
    }
    for (int step = first; step < last; ++step)
      tests::step(trainer, coins(9, 7, static_cast<unsigned>(step)), 1.0);
    core::Archive archive;
    trainer.state(archive);
    *items = archive.items();
    return machine.weights().weights();
  };
  core::Archive::Items whole, parts;
  const core::MatrixD expected = trained(0, 6, &whole);
  trained(0, 4, &parts);
  CHECK(trained(4, 6, &parts) == expected);
}

TEST_CASE("momentum of pulses that are written phase by phase is refused") {
  CHECK(ebm::training_problem(ebm::Family::boltzmann, {.momentum = 0.5}, adc, {}, {})
            .find("needs training.update = \"differenced\"") != std::string::npos);
  CHECK(ebm::training_problem(ebm::Family::boltzmann,
                              {.update = ebm::Update::differenced, .momentum = 0.5}, adc, {}, {})
            .empty());
}

TEST_CASE(
    "at equilibrium two phases of pulses diffuse as theory says, and their difference writes "
    "nothing") {
  // All units are certain to be on in both phases: the gradient is zero. Each of B vectors in
  // either phase moves a cell with probability p = rate/(B dw_min), by dw_min (1 + σ ξ): the
  // variance is 2 B p dw_min² (1 − p + σ²).
  constexpr core::Index size = 150, batch = 40;
  constexpr double dw_min = 1e-4, sigma = 0.6, p = 0.25;
  const auto spread = [&](ebm::Update update) {
    crossbar::AnalogArrayModel model;
    model.device.pulse.choice = devices::ConstantStep{{.dw_min = dw_min,
                                                       .dw_min_dtod = 0,
                                                       .dw_min_std = sigma,
                                                       .up_down_dtod = 0,
                                                       .w_max_dtod = 0,
                                                       .w_min_dtod = 0}};
    cost::Tally tally;
    ebm::Network machine = tests::rbm_network(size, size, adc, 5, tally,
                                              tests::arrays_of<crossbar::AnalogArray>(model));
    machine.bias(0).setConstant(100);
    machine.bias(1).setConstant(100);
    ebm::Trainer trainer = tests::trainer(
        machine, {{ebm::ContrastiveDivergence{}}},
        {.batch = batch, .rate = p * batch * dw_min, .bias_rate = 0, .update = update});
    tests::step(trainer, core::Matrix::Ones(batch, size), 1.0);
    return machine.weights().weights().array().square().mean();
  };
  // Cells of a line share its trains: of 150 lines on each side, the mean square is known to a few
  // per cent.
  CHECK(spread(ebm::Update::two_phase) ==
        Approx(2 * batch * p * dw_min * dw_min * (1 - p + sigma * sigma)).epsilon(0.1));
  CHECK(spread(ebm::Update::differenced) == 0);
}

TEST_CASE("the digital memory of differences and of momentum is held at an array") {
  const auto bits = [&](const ebm::Training& training) {
    cost::Tally tally;
    ebm::Network machine =
        tests::rbm_network(12, 8, adc, 1, tally,
                           tests::arrays_of<crossbar::AnalogArray>(crossbar::AnalogArrayModel{}));
    const ebm::Trainer trainer =
        tests::trainer(machine, {{ebm::ContrastiveDivergence{}}}, training);
    double sum = 0;
    for (const cost::Holding& holding : tally.holdings()) {
      if (holding.part == cost::Part::buffer_bit) sum += holding.count;
    }
    return sum;
  };
  const double activities =
      2 * 5 * (12 + 8 * 16);  // two phases of 5: a bit a visible state, 16 a hidden mean
  CHECK(bits({.batch = 5}) == activities);
  CHECK(bits({.batch = 5, .update = ebm::Update::differenced}) ==
        activities + 8 * 24);  // sums of one row
  CHECK(bits({.batch = 5, .update = ebm::Update::differenced, .momentum = 0.9}) ==
        activities + 16 * (12 * 8 + 12 + 8));
}

TEST_CASE("examples are fetched from main memory, a bit a unit, where an array holds the weights") {
  cost::Tally tally;
  ebm::Network machine =
      tests::rbm_network(6, 3, {{ebm::AdcNeuron{}}}, 1, tally,
                         tests::arrays_of<crossbar::AnalogArray>(crossbar::AnalogArrayModel{}));
  ebm::Trainer trainer = tests::trainer(machine, {{ebm::PersistentCd{}}}, {.batch = 4});
  for (int step = 0; step < 5; ++step) tests::step(trainer, core::Matrix::Ones(4, 6), 1);
  double bytes = 0;
  for (const cost::Entry& entry : tally.entries()) {
    if (entry.component == "examples" && entry.action == cost::Action::memory_read)
      bytes += entry.count;
  }
  CHECK(bytes == 5 * 4 * 6 / 8.0);
}
