#pragma once

#include <random>

#include "tests/catch.hpp"
#include "tests/ebm/networks.hpp"

namespace ohmlab::tests {

/// Fair coins, 0 or 1.
inline core::Matrix coins(core::Index rows, core::Index cols, unsigned seed) {
  std::mt19937 engine(seed);
  return core::Matrix::NullaryExpr(rows, cols, [&] { return static_cast<float>(engine() >> 31); });
}

/// Checks that the parameters of a machine moved by a change, each to within a bound.
inline void check_moved(ebm::Network& machine, const ebm::RbmParameters& from,
                        const ebm::RbmParameters& change, double bound) {
  const auto within = [&](const auto& off) { CHECK(off.cwiseAbs().maxCoeff() < bound); };
  within(machine.weights().weights() - from.weights - change.weights);
  within(machine.bias(0).cast<double>() - from.visible_bias - change.visible_bias);
  within(machine.bias(1).cast<double>() - from.hidden_bias - change.hidden_bias);
}

/// Checks that training by a rule which stops after some of six updates and goes on from its stored
/// state ends in the same weights.
inline void check_resumes(const ebm::Rule& rule, int stop) {
  cost::Tally tally;
  const auto trained = [&](int first, int last, core::Archive::Items& items) {
    ebm::Network machine = rbm_network(7, 5, {{ebm::AdcNeuron{}}}, 3, tally);
    machine.initialise(core::VectorD::Constant(7, 0.4));
    ebm::Trainer trainer = tests::trainer(machine, rule, {.rate = 0.3});
    if (first > 0) {
      core::Archive stored(items);
      trainer.state(stored);
    }
    for (int step = first; step < last; ++step)
      tests::step(trainer, coins(9, 7, static_cast<unsigned>(step)), 1.0);
    core::Archive archive;
    trainer.state(archive);
    items = archive.items();
    return machine.weights().weights();
  };
  core::Archive::Items whole, parts;
  const core::MatrixD expected = trained(0, 6, whole);
  trained(0, stop, parts);
  CHECK(trained(stop, 6, parts) == expected);
}

}  // namespace ohmlab::tests
