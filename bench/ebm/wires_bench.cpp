// What do exact wires cost while an RBM learns? 256 visible and 256 hidden units, one tile, pulses
// on constant-step cells of 1 to 25 uS, converters, PCD with one step, batches of 1, 10 and 100
// random images; r ohm a cell in both lines, 0: without wires. "ms_an_update" is processor time of
// one thread for everything that training does; "alone" counts the inputs of an update that were
// solved one by one. "rbm_quality" learns patterns through wires and scores them exactly. No goal:
// the price of exactness beside the same training without wires.
#include <ctime>

#include <benchmark/benchmark.h>

#include "ohmlab/core/parallel.hpp"
#include "ohmlab/core/rng.hpp"
#include "ohmlab/crossbar/analog_array.hpp"
#include "ohmlab/ebm/likelihood.hpp"
#include "ohmlab/ebm/model/rbm.hpp"
#include "ohmlab/ebm/trainer.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;

namespace {

constexpr Index units = 256;

/// state.range: images of a batch, ohm.
void rbm_updates(benchmark::State& state) {
  core::set_threads(1);
  const Index batch = state.range(0), updates = 3;
  Matrix data(batch * updates, units);
  core::fill_uniform(core::stream(1, core::StreamId::data), 0, 0,
                     {data.data(), static_cast<std::size_t>(data.size())});
  data = (data.array() < 0.3F).cast<float>().eval();
  crossbar::AnalogArrayModel model;
  model.device.g_min = 1e-6;
  model.device.g_max = 25e-6;
  model.device.v_read = 0.2;
  model.device.t_read = 1e-7;
  if (state.range(1) > 0) {
    const auto r = static_cast<double>(state.range(1));
    model.wires.choice = crossbar::ExactWires{.r_row = r, .r_col = r};
  }
  cost::Tally tally;
  const crossbar::Array* array = nullptr;
  ebm::Network machine(ebm::RbmModel{.hidden = units}.plan(units, 0), {}, 1, tally,
                       [&](Index rows, Index cols, const crossbar::ArrayContext& context) {
    auto made = std::make_unique<crossbar::AnalogArray>(model, rows, cols, context);
    array = made.get();
    return made;
  });
  machine.initialise(data.cast<double>().colwise().mean());
  ebm::Trainer trainer(machine, ebm::PersistentCd{}.recipe(), {},
                       {.batch = batch, .rate = 0.1, .bias_rate = 0.1});
  const auto figure = [&](std::string_view name) {
    for (const crossbar::Figure& of : array->figures()) {
      if (of.name == name) return of.value;
    }
    return 0.0;
  };
  trainer.step({data.topRows(batch)}, 1);
  for ([[maybe_unused]] auto turn : state) {
    const double before = figure("wire_inputs_alone");
    const std::clock_t start = std::clock();
    for (Index k = 0; k < updates; ++k) trainer.step({data.middleRows(k * batch, batch)}, 1);
    state.counters["ms_an_update"] = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC *
                                     1e3 / static_cast<double>(updates);
    state.counters["alone"] = (figure("wire_inputs_alone") - before) / static_cast<double>(updates);
    state.counters["loss"] = figure("wire_loss");
    state.counters["error"] = figure("wire_error");
  }
}
BENCHMARK(rbm_updates)->ArgsProduct({{1, 10, 100}, {0, 1, 8}})->Iterations(1);

/// Eight patterns of 128 pixels, a twentieth of the pixels flipped, learned by 16 hidden units
/// through lines of state.range / 10 ohm a cell: exact mean log-likelihood of other such images, of
/// the weights as reads see them.
void rbm_quality(benchmark::State& state) {
  constexpr Index pixels = 128, images = 400, batch = 20, patterns = 8;
  Matrix draws(patterns + 2 * images, pixels);
  core::fill_uniform(core::stream(2, core::StreamId::data), 0, 0,
                     {draws.data(), static_cast<std::size_t>(draws.size())});
  Matrix data(2 * images, pixels);
  for (Index i = 0; i < data.rows(); ++i) {
    for (Index j = 0; j < pixels; ++j) {
      const bool on = draws(i % patterns, j) < 0.3F, flipped = draws(patterns + i, j) < 0.05F;
      data(i, j) = on != flipped ? 1 : 0;
    }
  }
  crossbar::AnalogArrayModel model;
  model.device.g_min = 1e-6;
  model.device.g_max = 25e-6;
  model.device.v_read = 0.2;
  model.device.t_read = 1e-7;
  model.weight_scale = 4;
  if (state.range(0) > 0) {
    const double r = static_cast<double>(state.range(0)) / 10;
    model.wires.choice =
        crossbar::ExactWires{.r_row = r, .r_col = r, .r_row_end = r, .r_col_end = r};
  }
  cost::Tally tally;
  const crossbar::Array* array = nullptr;
  ebm::Network machine(ebm::RbmModel{.hidden = 16}.plan(pixels, 0), {}, 1, tally,
                       [&](Index rows, Index cols, const crossbar::ArrayContext& context) {
    auto made = std::make_unique<crossbar::AnalogArray>(model, rows, cols, context);
    array = made.get();
    return made;
  });
  machine.initialise(data.cast<double>().colwise().mean());
  ebm::Trainer trainer(machine, ebm::PersistentCd{}.recipe(), {},
                       {.batch = batch, .rate = 0.05, .bias_rate = 0.05});
  for ([[maybe_unused]] auto turn : state) {
    for (int epoch = 0; epoch < 20; ++epoch) {
      for (Index first = 0; first < images; first += batch)
        trainer.step({data.middleRows(first, batch)}, 1);
    }
  }
  ebm::RbmParameters rbm;
  rbm.weights = array->effective_weights(crossbar::Direction::to_cols);
  rbm.visible_bias = machine.bias(0).cast<double>();
  rbm.hidden_bias = machine.bias(1).cast<double>();
  state.counters["nats"] =
      ebm::log_likelihood(rbm, data.bottomRows(images), ebm::exact_log_z(rbm)).value;
  for (const crossbar::Figure& of : array->figures()) {
    if (of.name == "wire_loss" || of.name == "wire_error" || of.name == "wire_inputs_alone")
      state.counters[of.name] = of.value;
  }
}
BENCHMARK(rbm_quality)->Arg(0)->Arg(5)->Arg(20)->Arg(80)->Iterations(1);

}  // namespace

BENCHMARK_MAIN();
