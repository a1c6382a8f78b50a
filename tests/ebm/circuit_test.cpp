// Arrays joined into one circuit: states of rest against the solver of crossbar, work against sums
// over cells, noise against the law of a divider.
#include "ohmlab/crossbar/circuit.hpp"

#include <cmath>
#include <string>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/ebm/models.hpp"
#include "ohmlab/ebm/trainer.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"
#include "tests/ebm/at_rest.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index, core::Matrix, core::MatrixD;
using tests::Example, tests::long_enough;

namespace {

constexpr Index inputs = 4, hidden = 6, classes = 3;
constexpr double v_read = 0.2, g_min = 1e-6, g_max = 9e-6;
const ebm::Neuron diodes{{ebm::DiodeNeuron{}}};

/// Cells that hold what they are given, behind exact drivers and converters.
crossbar::AnalogArrayModel exact_cells() {
  crossbar::AnalogArrayModel out;
  out.device.g_min = g_min;
  out.device.g_max = g_max;
  out.device.v_read = v_read;
  out.device.t_read = 1e-7;
  out.dac.choice = crossbar::NoDac{};
  out.adc.choice = crossbar::NoAdc{};
  out.output_noise = 0;
  return out;
}

ebm::Network::MakeArray arrays(const crossbar::AnalogArrayModel& model) {
  return [model](Index rows, Index cols, const crossbar::ArrayContext& context) {
    return model.make(rows, cols, context);
  };
}

ebm::NetworkPlan plan(const std::vector<std::int64_t>& layers = {hidden}) {
  return ebm::ResistiveModel{.hidden = layers, .input_gain = 3}.plan(inputs, classes);
}

/// Weights within the cells' range, and currents into free nodes.
ebm::Parameters some_circuit(const ebm::NetworkPlan& plan) {
  std::mt19937 engine(9);
  std::uniform_real_distribution<float> state(-0.8F, 0.8F), current(-0.3F, 0.3F);
  const double rest = (g_max + g_min) / (g_max - g_min);
  ebm::Parameters out{plan, {}, {}};
  for (const ebm::CouplingPlan& c : plan.couplings) {
    out.weights.push_back(
        MatrixD::NullaryExpr(plan.layers[c.rows].units, plan.layers[c.cols].units,
                             [&] { return rest + static_cast<double>(state(engine)); }));
  }
  for (const ebm::LayerPlan& layer : plan.layers) {
    out.biases.push_back(core::VectorD::NullaryExpr(
        layer.units, [&] { return static_cast<double>(current(engine)); }));
  }
  return out;
}

/// A circuit of cells after one phase with its inputs held.
struct Settled {
  cost::Tally tally;
  ebm::Network network;
  ebm::States states;

  Settled(const ebm::Parameters& of, const Matrix& examples, const ebm::Dynamics& dynamics,
          const crossbar::AnalogArrayModel& model, std::int64_t sweeps = long_enough,
          const ebm::Nudge& nudge = {}, std::uint64_t seed = 1)
      : network(of.plan, diodes, seed, tally, arrays(model)), states(of.plan.layers.size()) {
    network.program(of);
    std::vector<bool> free(states.size(), true);
    std::vector<ebm::Nudge> nudges(states.size());
    nudges.back() = nudge;
    free[0] = false;
    for (std::size_t l = 0; l < states.size(); ++l)
      states[l].state.setZero(examples.rows(), of.plan.layers[l].units);
    states[0].state = ebm::inputs_of(of.plan.layers[0], examples);
    const cost::Tally::Stage stage(tally, "settling");
    dynamics.visit([&](const auto& kind) { kind.run(network, free, nudges, sweeps, states); });
  }

  [[nodiscard]] cost::Entry sum(cost::Action action) const {
    cost::Entry out;
    for (const cost::Entry& entry : tally.entries()) {
      if (entry.stage != "settling" || entry.action != action) continue;
      out.count += entry.count;
      out.joules += entry.joules;
      out.seconds += entry.seconds;
      out.serial += entry.serial;
    }
    return out;
  }
};

const ebm::Dynamics circuit{{ebm::CircuitDynamics{}}};

std::string refusal(crossbar::AnalogArrayModel model, std::int64_t copies = 1) {
  model.copies = copies;
  try {
    const Settled settled(some_circuit(plan()), tests::some_examples(inputs, classes).inputs,
                          circuit, model);
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("joined arrays rest where the relaxation in float64 ends") {
  const Example example = tests::some_examples(inputs, classes);
  for (const std::vector<std::int64_t>& layers : {std::vector<std::int64_t>{hidden}, {6, 4}}) {
    const ebm::Parameters of = some_circuit(plan(layers));
    const Settled settled(of, example.inputs, circuit, exact_cells());
    const MatrixD outputs = ebm::settled_outputs(of, example.inputs, long_enough);
    CHECK((settled.states.back().state.cast<double>() - outputs).cwiseAbs().maxCoeff() < 2e-5);
    CHECK(outputs.cwiseAbs().maxCoeff() > 0.1);
  }
}

TEST_CASE("on arrays of no cells a circuit relaxes by products") {
  const Example example = tests::some_examples(inputs, classes);
  const ebm::Parameters of = some_circuit(plan());
  const ebm::Recipe recipe = ebm::VoltageDropEp{}.recipe();
  const ebm::Dynamics relaxation{{ebm::RelaxationDynamics{}}};
  const ebm::Parameters a = tests::update(of, example, recipe, diodes, circuit),
                        b = tests::update(of, example, recipe, diodes, relaxation);
  CHECK(tests::distance(a, b) == 0);
}

TEST_CASE("heat and time of a settling are those of its cells and of its slowest node") {
  const Example example = tests::some_examples(inputs, classes);
  const ebm::Parameters of = some_circuit(plan());
  constexpr std::int64_t sweeps = 40;
  const Settled settled(of, example.inputs, circuit, exact_cells(), sweeps);

  const double siemens = (g_max - g_min) / 2, highest = 3, cell = 1.5e-15;
  double slowest = 0, watts = 0, charge = 0;
  for (std::size_t l = 1; l < 3; ++l) {
    for (Index k = 0; k < of.plan.layers[l].units; ++k) {
      double sum = of.weights[l - 1].col(k).sum();
      double cells = 30 + static_cast<double>(of.weights[l - 1].rows());
      if (l == 1) {
        sum += of.weights[1].row(k).sum();
        cells += static_cast<double>(of.weights[1].cols());
      }
      slowest = std::max(slowest, cells * cell / (sum * siemens));
    }
  }
  for (std::size_t c = 0; c < 2; ++c) {
    const Matrix &rows = settled.states[c].state, &cols = settled.states[c + 1].state;
    for (Index b = 0; b < rows.rows(); ++b) {
      for (Index i = 0; i < rows.cols(); ++i) {
        for (Index j = 0; j < cols.cols(); ++j) {
          const double drop = static_cast<double>(rows(b, i) - cols(b, j)) / highest * v_read;
          watts += of.weights[c](i, j) * siemens * drop * drop;
        }
      }
    }
    charge += static_cast<double>(rows.squaredNorm() + cols.squaredNorm()) *
              std::pow(v_read / highest, 2);
  }
  const auto examples = static_cast<double>(example.inputs.rows());
  const double seconds = sweeps * 3 * slowest;
  const cost::Entry reads = settled.sum(cost::Action::array_read);
  CHECK(reads.count == 2 * examples);  // one of each array
  CHECK(reads.serial == examples);     // both settle at the same time
  CHECK(reads.seconds == Approx(examples * seconds));
  CHECK(reads.joules == Approx(watts * seconds).epsilon(1e-5));
  CHECK(settled.sum(cost::Action::line_charge).count == Approx(charge).epsilon(1e-5));
  // Drivers: two for each input, one current source for each bias of a free node. Converters: one
  // number for each free node. No digital logic takes part.
  CHECK(settled.sum(cost::Action::dac_drive).count == examples * (2 * inputs + hidden + classes));
  CHECK(settled.sum(cost::Action::adc_convert).count == examples * (hidden + classes));
  for (const cost::Entry& entry : settled.tally.entries()) {
    if (entry.stage == "settling") {
      CHECK(cost::info(entry.action).group != cost::Group::digital);
    }
  }
}

TEST_CASE("a nudge is a source at every output") {
  const Example example = tests::some_examples(inputs, classes);
  const ebm::Parameters of = some_circuit(plan());
  const auto examples = static_cast<double>(example.inputs.rows());
  const Settled free(of, example.inputs, circuit, exact_cells()),
      nudged(of, example.inputs, circuit, exact_cells(), long_enough, {&example.targets, 0.5F});
  CHECK(nudged.sum(cost::Action::dac_drive).count - free.sum(cost::Action::dac_drive).count ==
        examples * classes);
  const double before = (free.states[2].state - example.targets).norm(),
               after = (nudged.states[2].state - example.targets).norm();
  CHECK(after < before);
}

TEST_CASE("the noise of a divider is that of its two cells", "[stochastic]") {
  // One input and its negative feed one output: v = (g1 - g2) V/(g1 + g2).
  constexpr double a = 1.2, b = 0.9, gain = 3, share = 0.01;
  ebm::Parameters of{ebm::ResistiveModel{.hidden = {}, .input_gain = gain}.plan(1, 1), {}, {}};
  of.weights.push_back((MatrixD(2, 1) << a, b).finished());
  of.biases = {core::VectorD::Zero(2), core::VectorD::Zero(1)};
  crossbar::AnalogArrayModel noisy = exact_cells();
  noisy.device.read_noise.choice = devices::WhiteReadNoise{.std = share};
  constexpr Index vectors = 20000;
  const Settled settled(of, Matrix::Ones(vectors, 1), circuit, noisy, 2, {}, tests::seed(41));

  const double sigma = share * 2;  // the range is two units of weights
  const double sum = a + b;
  const double deviation = 2 * gain * sigma * std::hypot(a, b) / (sum * sum);
  const core::VectorD volts = settled.states[1].state.col(0).transpose().cast<double>();
  const double mean = volts.mean();
  const double variance = (volts.array() - mean).square().mean();
  // The mean and the variance of so many draws are within 5 of their standard errors; the law of
  // the quotient adds terms of the order of share².
  CHECK(std::abs(mean - gain * (a - b) / sum) < 5 * deviation / std::sqrt(vectors) + 1e-3);
  CHECK(variance == Approx(deviation * deviation).epsilon(5 * std::sqrt(2.0 / vectors) + 2e-3));
}

TEST_CASE("every vector of a circuit meets noise of its own, in any number of slices") {
  const Example example = tests::some_examples(inputs, classes);
  const ebm::Parameters of = some_circuit(plan());
  crossbar::AnalogArrayModel noisy = exact_cells();
  noisy.device.read_noise.choice = devices::WhiteReadNoise{.std = 0.02};
  const Matrix twice = example.inputs.row(0).replicate(2, 1);
  const Settled settled(of, twice, circuit, noisy);
  CHECK((settled.states[2].state.row(0) - settled.states[2].state.row(1)).norm() > 1e-4F);
}

TEST_CASE("voltages at rest are converted with the layer's full scale") {
  const Example example = tests::some_examples(inputs, classes);
  const ebm::Parameters of = some_circuit(plan());
  crossbar::AnalogArrayModel coarse = exact_cells();
  coarse.adc.choice = crossbar::UniformAdc{};
  std::get<crossbar::UniformAdc>(coarse.adc.choice).resolution = 4;
  const Settled exact(of, example.inputs, circuit, exact_cells()),
      seen(of, example.inputs, circuit, coarse);
  for (std::size_t l = 1; l < 3; ++l) {
    const auto step = static_cast<float>(of.plan.layers[l].full_scale / 7);
    const Matrix steps = seen.states[l].state / step;
    CHECK((steps - steps.array().round().matrix()).cwiseAbs().maxCoeff() < 1e-5F);
    const Matrix clipped = exact.states[l].state.cwiseMax(-7 * step).cwiseMin(7 * step);
    CHECK((seen.states[l].state - clipped).cwiseAbs().maxCoeff() < 0.5001F * step);
  }
}

TEST_CASE("of twin circuits the one settles whose phase it is") {
  const ebm::Parameters of = some_circuit(plan());
  const Matrix examples = tests::some_examples(inputs, classes).inputs;
  crossbar::AnalogArrayModel cells = exact_cells();
  cells.device.programming.choice = devices::GaussianProgramming{.std = 0.1};
  const auto settle = [&](ebm::Network& network, std::size_t phase) {
    network.program(of);
    ebm::States states(of.plan.layers.size());
    std::vector<bool> free(states.size(), true);
    free[0] = false;
    for (std::size_t l = 0; l < states.size(); ++l)
      states[l].state.setZero(examples.rows(), of.plan.layers[l].units);
    states[0].state = ebm::inputs_of(of.plan.layers[0], examples);
    const ebm::Network::KeptInputs kept(network);
    for (std::size_t p = 0; p <= phase; ++p) {
      network.begin_phase(p);
      circuit.visit([&](const auto& kind) {
        kind.run(network, free, std::vector<ebm::Nudge>(states.size()), long_enough, states);
      });
    }
    return states.back().state;
  };
  cost::Tally tally;
  crossbar::AnalogArrayModel twins = cells;
  twins.copies = 2;
  twins.copies_share = crossbar::CopiesShare::phases;
  const auto of_twins = [&](std::size_t phase) {
    ebm::Network network(of.plan, diodes, 1, tally, arrays(twins));
    return settle(network, phase);
  };
  const auto of_one = [&](std::uint32_t copy) {
    ebm::Network network(of.plan, diodes, 1, tally,
                         [&](Index rows, Index cols, crossbar::ArrayContext context) {
      context.copy = copy;
      return cells.make(rows, cols, context);
    });
    return settle(network, 0);
  };
  CHECK(of_twins(0) == of_one(0));
  CHECK(of_twins(1).isApprox(of_one(1), 1e-5F));  // from another start
  CHECK(of_twins(2).isApprox(of_one(0), 1e-5F));
  CHECK(!of_one(0).isApprox(of_one(1), 1e-2F));
}

TEST_CASE("twins of equal cells learn bit for bit what one circuit learns") {
  crossbar::AnalogArrayModel cells = exact_cells();
  cells.device.pulse.choice = devices::IdealPulse{};
  cells.pulser.choice = crossbar::ExactPulser{};
  const auto learned = [&](std::int64_t copies) {
    crossbar::AnalogArrayModel model = cells;
    model.copies = copies;
    if (copies > 1) model.copies_share = crossbar::CopiesShare::phases;
    cost::Tally tally;
    ebm::Network network(plan(), diodes, 1, tally, arrays(model));
    network.program(some_circuit(plan()));
    const ebm::VoltageDropEp rule{.nudge = 0.2, .free_steps = 20, .nudged_steps = 20};
    ebm::Trainer trainer(network, rule.recipe(), circuit,
                         {.rate = 0.05, .bias_rate = 0.05, .update = ebm::Update::differenced});
    const Example example = tests::some_examples(inputs, classes);
    for (int step = 0; step < 3; ++step) trainer.step({example.inputs, &example.targets}, 1);
    return network.weights(0).weights();
  };
  const MatrixD one = learned(1);
  CHECK(one != MatrixD(some_circuit(plan()).weights[0]));
  CHECK(learned(2) == one);
}

TEST_CASE("what cannot be part of a circuit is refused with the reason") {
  crossbar::AnalogArrayModel model = exact_cells();
  CHECK(refusal(model) == "accepted");
  CHECK_THAT(refusal(model, 2), ContainsSubstring("array.copies"));
  model.dac.choice = crossbar::PulseWidthDac{};
  CHECK_THAT(refusal(model), ContainsSubstring("array.dac"));
  model = exact_cells();
  model.wires.choice = crossbar::ExactWires{};
  CHECK_THAT(refusal(model), ContainsSubstring("array.wires"));
  model = exact_cells();
  model.device.conduction.choice = devices::SinhConduction{};
  CHECK_THAT(refusal(model), ContainsSubstring("array.device.conduction"));
  model = exact_cells();
  model.mapping.choice = crossbar::PairMapping{};
  CHECK_THAT(refusal(model), ContainsSubstring("array.mapping"));
  model = exact_cells();
  model.pipelined = true;
  CHECK_THAT(refusal(model), ContainsSubstring("array.pipelined"));
  model = exact_cells();
  model.tile_rows = 4;
  CHECK_THAT(refusal(model), ContainsSubstring("array.tile_rows"));
}
