#include "ohmlab/ebm/trainer.hpp"

#include "ohmlab/crossbar/ideal_array.hpp"
#include "ohmlab/ebm/likelihood.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/machines.hpp"

using namespace ohmlab;

TEST_CASE("the mean update of long chains is the exact gradient of the log-likelihood") {
  const ebm::RbmParameters rbm = tests::random_machine(4, 3, 0.7, 12);
  core::Matrix data(4, 4);
  data << 1, 0, 1, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1;
  const ebm::RbmParameters gradient = ebm::exact_gradient(rbm, data);

  constexpr core::Index copies = 20000;  // the same four examples in many chains, one update of rate 1
  const core::Matrix batch = data.replicate(copies, 1);
  cost::Tally tally;
  crossbar::IdealArray array(4, 3, {.seed = 3, .tally = &tally});
  array.program(rbm.weights.cast<float>());
  ebm::Rbm machine(array, {{ebm::AdcNeuron{}}}, 3);
  machine.visible_bias = rbm.visible_bias.cast<float>();
  machine.hidden_bias = rbm.hidden_bias.cast<float>();
  for (const auto statistics : {ebm::Statistics::means, ebm::Statistics::samples}) {
    array.program(rbm.weights.cast<float>());
    machine.visible_bias = rbm.visible_bias.cast<float>();
    machine.hidden_bias = rbm.hidden_bias.cast<float>();
    ebm::Trainer trainer(machine, {{ebm::ContrastiveDivergence{.steps = 40}}},
                         {.rate = 1.0, .bias_rate = 1.0, .statistics = statistics});
    trainer.step(batch, 1.0);
    const double five_sigma =
        5 * 0.5 * std::sqrt(2.0 / (4 * copies));  // of the difference of two mean products
    CHECK((array.weights() - rbm.weights - gradient.weights).cwiseAbs().maxCoeff() < five_sigma);
    CHECK((machine.visible_bias.cast<double>() - rbm.visible_bias - gradient.visible_bias)
              .cwiseAbs()
              .maxCoeff() < five_sigma);
    CHECK(
        (machine.hidden_bias.cast<double>() - rbm.hidden_bias - gradient.hidden_bias).cwiseAbs().maxCoeff() <
        five_sigma);
  }
}

TEST_CASE("persistent chains go on where they were, contrastive ones start at the data") {
  cost::Tally tally;
  crossbar::IdealArray array(6, 4, {.seed = 3, .tally = &tally});
  ebm::Rbm machine(array, {{ebm::AdcNeuron{}}}, 3);
  machine.initialise(0.0, core::VectorD::Constant(6, 0.5));
  const core::Matrix data = core::Matrix::Ones(10, 6);
  // With zero rates nothing is learned; the tally tells how many vectors each phase read.
  ebm::Trainer pcd(machine, {{ebm::PersistentCd{.steps = 2, .chains = 7}}}, {.rate = 0, .bias_rate = 0});
  pcd.step(data, 1.0);
  double model_flops = 0, data_flops = 0;
  for (const cost::Entry& entry : tally.entries()) {
    if (entry.component != "weights" || entry.action != cost::Action::flop_fp32) continue;
    if (entry.stage == "train: model phase") model_flops += entry.count;
    if (entry.stage == "train: data phase") data_flops += entry.count;
  }
  CHECK(data_flops == 2 * 10 * 24);
  CHECK(model_flops == 2 * 2 * 2 * 7 * 24);  // two steps, both directions, seven chains
}
