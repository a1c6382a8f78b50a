#include "ohmlab/lab/baselines.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "ohmlab/crossbar/ideal_array.hpp"
#include "ohmlab/transformer/decoder_cost.hpp"

namespace ohmlab::lab {
namespace {

double parameters_of(const Workload& work) {
  return static_cast<double>(work.units * work.hidden + work.units + work.hidden);
}

/// What one update on a batch of this size posts.
std::vector<cost::Entry> one_update(const Workload& work, core::Index batch, const ebm::Neuron& neuron,
                                    const ebm::Rule& rule, const ebm::Training& training,
                                    const crossbar::NumberFormat& format) {
  cost::Tally tally;
  crossbar::IdealArray weights(work.units, work.hidden, {.tally = &tally}, format);
  ebm::Rbm machine(weights, neuron, 1);
  ebm::Trainer trainer(machine, rule, training);
  trainer.step(core::Matrix::Zero(batch, work.units), 0);
  std::vector<cost::Entry> entries = tally.entries();
  std::erase_if(entries, [](const cost::Entry& entry) { return entry.stage == ebm::start_stage; });
  return entries;
}

}  // namespace

System digital_twin(const Workload& work, const ebm::Neuron& neuron, const ebm::Rule& rule,
                    const ebm::Training& training, const crossbar::NumberFormat& format) {
  const core::Index batches = work.examples / training.batch, rest = work.examples % training.batch;
  const auto epochs = static_cast<double>(training.epochs);
  cost::Tally tally;
  {
    cost::Tally start;
    crossbar::IdealArray weights(work.units, work.hidden, {.tally = &start}, format);
    ebm::Rbm machine(weights, neuron, 1);
    machine.initialise(0, core::VectorD::Constant(work.units, 0.5));
    const ebm::Trainer trainer(machine, rule, training);
    tally.add(start.entries());
    for (const cost::Holding& holding : start.holdings()) {
      tally.hold(tally.component(holding.component, holding.layer), holding.part, holding.count,
                 holding.parameter);
    }
  }
  if (batches > 0 && training.epochs > 0) {
    tally.add(one_update(work, training.batch, neuron, rule, training, format),
              epochs * static_cast<double>(batches));
  }
  if (rest > 0 && training.epochs > 0)
    tally.add(one_update(work, rest, neuron, rule, training, format), epochs);
  const double passes = epochs * static_cast<double>(work.examples);
  const std::string suffix = format.is<crossbar::Fp32>() ? "" : "_" + std::string(format.kind());
  return {"rbm_digital" + suffix,
          format.visit([](const auto& f) { return fmt::format("same RBM, digital {}", f.title); }),
          "",
          true,
          parameters_of(work),
          passes,
          passes,
          tally.entries(),
          tally.holdings()};
}

System digital_transformer(const Workload& work, const ebm::Training& training) {
  // Two values a pixel and one token to begin with; the last pixel is predicted, never read.
  const auto shape = transformer::nearest_decoder(parameters_of(work), 3, work.units);
  const double passes = static_cast<double>(training.epochs) * static_cast<double>(work.examples);
  const core::Index batches = (work.examples + training.batch - 1) / training.batch;
  const auto updates = static_cast<double>(training.epochs * batches);
  cost::Tally tally;
  transformer::post_training(shape, passes, updates, tally);
  return {"transformer_digital",
          fmt::format("causal transformer {} x {}, bfloat16", shape.layers, shape.width),
          "",
          true,
          shape.parameters(),
          passes,
          passes * static_cast<double>(shape.context),
          tally.entries(),
          tally.holdings()};
}

std::vector<System> digital_baselines(const Workload& work, const ebm::Neuron& neuron, const ebm::Rule& rule,
                                      const ebm::Training& training,
                                      const std::vector<crossbar::NumberFormat>& formats) {
  std::vector<System> out{digital_twin(work, neuron, rule, training)};
  for (const crossbar::NumberFormat& format : formats) {
    System twin = digital_twin(work, neuron, rule, training, format);
    const auto same = [&](const System& other) { return other.name == twin.name; };
    if (std::none_of(out.begin(), out.end(), same)) out.push_back(std::move(twin));
  }
  out.push_back(digital_transformer(work, training));
  return out;
}

}  // namespace ohmlab::lab
