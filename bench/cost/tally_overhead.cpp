// Which share of training's instructions is spent on counting? Trains a small machine on an analog
// array; run by bench/tally_overhead.py under callgrind, which counts. Goal: less than 2 %.

#include <cstdlib>

#include "ohmlab/core/rng.hpp"
#include "ohmlab/crossbar/analog_array.hpp"
#include "ohmlab/ebm/model/rbm.hpp"
#include "ohmlab/ebm/trainer.hpp"

using namespace ohmlab;

/// What is counted; setting up is not.
extern "C" [[gnu::noinline]] void ohmlab_counted_steps(ebm::Trainer& trainer,
                                                       const core::Matrix& data, int steps) {
  for (int n = 0; n < steps; ++n) trainer.step({data}, 1);
}

/// Arguments: visible and hidden units, examples of a batch, steps.
int main(int count, char** arguments) {
  if (count != 5) return 2;
  const core::Index visible = std::atoi(arguments[1]), hidden = std::atoi(arguments[2]);
  core::Matrix data(std::atoi(arguments[3]), visible);
  core::fill_uniform(core::stream(1, core::StreamId::data), 0, 0,
                     {data.data(), static_cast<std::size_t>(data.size())});
  data = data.array().round().eval();
  cost::Tally tally;
  crossbar::AnalogArrayModel model;
  model.device.pulse.choice = devices::ConstantStep{};
  model.device.g_min = 1e-6;
  model.device.g_max = 25e-6;
  model.device.v_read = 0.2;
  model.device.t_read = 1e-7;
  model.device.v_write = 2;
  model.device.t_pulse = 1e-8;
  ebm::Network machine(
      ebm::RbmModel{.hidden = hidden}.plan(visible, 0), {}, 1, tally,
      [&](core::Index rows, core::Index cols, const crossbar::ArrayContext& context) {
    return std::make_unique<crossbar::AnalogArray>(model, rows, cols, context);
  });
  machine.initialise(core::VectorD::Constant(visible, 0.5));
  ebm::Trainer trainer(machine, ebm::PersistentCd{}.recipe(), {}, {.batch = data.rows()});
  ohmlab_counted_steps(trainer, data, std::atoi(arguments[4]));
  return 0;
}
