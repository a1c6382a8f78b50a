#include "baselines.hpp"

#include <string>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "../../transformer/decoder_cost.hpp"

namespace ohmlab::experiments {
core::Index Workload::units() const noexcept {
  core::Index sum = 0;
  for (const ebm::LayerPlan& layer : plan.layers) {
    const bool held = layer.role == ebm::Role::input || layer.role == ebm::Role::context;
    const bool noisy = layer.noise && layer.noise->level > 0;  // of the same example
    sum += held && !noisy ? layer.units / (layer.mirrored ? 2 : 1) : 0;
  }
  return sum;
}

core::Index Workload::classes() const noexcept {
  core::Index sum = 0;
  for (const ebm::LayerPlan& layer : plan.layers)
    sum += layer.role == ebm::Role::label ? layer.units : 0;
  return sum;
}

Repeated repeated(const Workload& work, const Learning& config) {
  const auto network = [&work, &config](const MakeArray& make, cost::Tally& tally) {
    return ebm::Network(work.plan, config.neuron, 1, tally, make);
  };
  const auto trainer = [&config](ebm::Network& of) {
    return ebm::Trainer(of, config.rule.recipe(), config.dynamics, config.training);
  };
  Repeated out{.algorithm = std::string(config.model.kind()),
               .title = std::string(title_of(config.model)),
               .parameters = ebm::parameters_of(work.plan),
               .examples = work.examples,
               .batch = config.training.batch,
               .epochs = work.epochs};
  out.start = [=, &work](const MakeArray& make, cost::Tally& tally) {
    ebm::Network made = network(make, tally);
    made.initialise(core::VectorD::Constant(work.units(), 0.5));
    static_cast<void>(trainer(made));
  };
  out.update = [=, &work](const MakeArray& make, core::Index batch, cost::Tally& tally) {
    ebm::Network made = network(make, tally);
    ebm::Trainer learns = trainer(made);
    // Numbers of one bit are 0 or 1; others are not.
    const float number = work.input_bits > 1 ? 0.5F : 0.0F;
    const core::Matrix inputs = core::Matrix::Constant(batch, work.units(), number),
                       targets = core::Matrix::Zero(batch, work.classes());
    learns.step({inputs, work.classes() > 0 ? &targets : nullptr, work.input_bits}, 0);
  };
  return out;
}

results::System digital_twin(const Workload& work, const Learning& config,
                             const crossbar::NumberFormat& format, cost::Machine machine) {
  return twin_of(repeated(work, config), format, machine);
}

results::System digital_transformer(const Workload& work, const ebm::Training& training) {
  // Two values of a pixel, or the units of a group, and a start token. The last token is predicted,
  // never read.
  const auto* groups = std::get_if<ebm::SoftmaxUnits>(&work.plan.layers[0].law.choice);
  const core::Index tokens = groups ? groups->groups : work.units(),
                    values = groups ? work.units() / tokens : 2;
  const auto shape =
      transformer::nearest_decoder(ebm::parameters_of(work.plan), values + 1, tokens);
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
  std::vector<results::System> out =
      twins_of(repeated(work, config), config.twin_formats, config.chip_formats);
  // A transformer over tokens has no density of gray pixels.
  const bool gray = work.plan.layers[0].law.is<ebm::GaussianUnits>();
  if (work.classes() == 0 && !gray) out.push_back(digital_transformer(work, config.training));
  return out;
}

}  // namespace ohmlab::experiments
