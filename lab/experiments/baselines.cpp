#include "baselines.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "../../cost/stages.hpp"
#include "../../crossbar/ideal_array.hpp"
#include "../../transformer/decoder_cost.hpp"

namespace ohmlab::experiments {
namespace {

/// A digital machine: its kind, and the number format of its products.
struct Twin {
  const crossbar::NumberFormat& format;
  cost::Machine machine;
};

/// A network on ideal arrays.
ebm::Network twin_network(const Workload& work, const Learning& config, const Twin& twin,
                          cost::Tally& tally) {
  return {work.plan, config.neuron, 1, tally,
          [&](core::Index rows, core::Index cols, const crossbar::ArrayContext& context) {
    return std::make_unique<crossbar::IdealArray>(rows, cols, context, twin.format, twin.machine);
  }};
}

/// Tally entries of one update on a batch of this size.
std::vector<cost::Entry> one_update(const Workload& work, core::Index batch, const Learning& config,
                                    const Twin& twin) {
  cost::Tally tally;
  ebm::Network network = twin_network(work, config, twin, tally);
  ebm::Trainer trainer(network, config.rule.recipe(), config.dynamics, config.training);
  // Numbers of one bit are 0 or 1; others are not.
  const float number = work.input_bits > 1 ? 0.5F : 0.0F;
  const core::Matrix inputs = core::Matrix::Constant(batch, work.units(), number),
                     targets = core::Matrix::Zero(batch, work.classes());
  trainer.step({inputs, work.classes() > 0 ? &targets : nullptr, work.input_bits}, 0);
  std::vector<cost::Entry> entries = tally.entries();
  std::erase_if(entries, [](const cost::Entry& entry) { return entry.stage == cost::start_stage; });
  return entries;
}

}  // namespace

core::Index Workload::units() const noexcept {
  core::Index sum = 0;
  for (const ebm::LayerPlan& layer : plan.layers)
    sum += layer.role == ebm::Role::input ? layer.units : 0;
  return sum;
}

core::Index Workload::classes() const noexcept {
  core::Index sum = 0;
  for (const ebm::LayerPlan& layer : plan.layers)
    sum += layer.role == ebm::Role::label ? layer.units : 0;
  return sum;
}

results::System digital_twin(const Workload& work, const Learning& config,
                             const crossbar::NumberFormat& format, cost::Machine machine) {
  const Twin twin{format, machine};
  const core::Index batches = work.examples / config.training.batch,
                    rest = work.examples % config.training.batch;
  const auto epochs = static_cast<double>(work.epochs);
  cost::Tally tally;
  {
    cost::Tally start;
    ebm::Network network = twin_network(work, config, twin, start);
    network.initialise(core::VectorD::Constant(work.units(), 0.5));
    const ebm::Trainer trainer(network, config.rule.recipe(), config.dynamics, config.training);
    tally.add(start.entries());
    for (const cost::Holding& holding : start.holdings()) {
      tally.hold(tally.component(holding.component, holding.layer), holding.part, holding.count,
                 holding.parameter);
    }
  }
  if (batches > 0 && epochs > 0) {
    tally.add(one_update(work, config.training.batch, config, twin),
              epochs * static_cast<double>(batches));
  }
  if (rest > 0 && epochs > 0) tally.add(one_update(work, rest, config, twin), epochs);
  const double passes = epochs * static_cast<double>(work.examples);
  const bool chip = machine == cost::Machine::chip;
  const std::string suffix = format.is<crossbar::Fp32>() ? "" : "_" + std::string(format.kind());
  return {fmt::format("{}_digital{}{}", config.model.kind(), chip ? "_chip" : "", suffix),
          format.visit([&](const auto& f) {
    return fmt::format("same {}, digital {}{}", title_of(config.model), chip ? "chip, " : "",
                       f.title);
  }),
          "",
          machine,
          ebm::parameters_of(work.plan),
          passes,
          passes,
          tally.entries(),
          tally.holdings(),
          std::string(config.model.kind())};
}

results::System digital_transformer(const Workload& work, const ebm::Training& training) {
  // Three tokens: two values of a pixel and a start token. The last pixel is predicted, never read.
  const auto shape = transformer::nearest_decoder(ebm::parameters_of(work.plan), 3, work.units());
  const double passes = static_cast<double>(work.epochs) * static_cast<double>(work.examples);
  const core::Index batches = (work.examples + training.batch - 1) / training.batch;
  const auto updates = static_cast<double>(work.epochs * batches);
  cost::Tally tally;
  transformer::post_training(shape, passes, updates, tally);
  return {"transformer_digital",
          fmt::format("causal transformer {} x {}, bfloat16", shape.layers, shape.width),
          "",
          cost::Machine::accelerator,
          shape.parameters(),
          passes,
          passes * static_cast<double>(shape.context),
          tally.entries(),
          tally.holdings(),
          "transformer"};
}

std::vector<results::System> digital_baselines(const Workload& work, const Learning& config) {
  std::vector<results::System> out{digital_twin(work, config)};
  const auto add = [&](results::System twin) {
    const auto same = [&](const results::System& other) { return other.name == twin.name; };
    if (std::none_of(out.begin(), out.end(), same)) out.push_back(std::move(twin));
  };
  for (const auto& format : config.twin_formats) add(digital_twin(work, config, format));
  for (const auto& format : config.chip_formats)
    add(digital_twin(work, config, format, cost::Machine::chip));
  if (work.classes() == 0) out.push_back(digital_transformer(work, config.training));
  return out;
}

}  // namespace ohmlab::experiments
