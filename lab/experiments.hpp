#pragma once

#include <string_view>

#include "../core/fields.hpp"
#include "../io/dataset.hpp"
#include "experiments/backprop.hpp"
#include "experiments/characterize.hpp"
#include "experiments/converter_bench.hpp"
#include "experiments/deploy.hpp"
#include "experiments/recall.hpp"
#include "experiments/sample.hpp"
#include "experiments/train.hpp"
#include "experiments/train_decoder.hpp"
#include "experiments/train_encoder.hpp"
#include "experiments/training_cost.hpp"
#include "foundation/foundation_cost.hpp"

namespace ohmlab::lab {

struct Experiment
    : core::OneOf<experiments::Train,  //
                  experiments::Backprop, experiments::Deploy, experiments::Characterize,
                  experiments::ConverterBench, experiments::Sample, experiments::Recall,
                  experiments::TrainDecoder, experiments::TrainEncoder, experiments::TrainingCost,
                  foundation::FoundationCost> {
  static constexpr std::string_view name = "experiment";
  static constexpr std::string_view question = "What is done?";
};

/// Examples that an experiment reads; empty if it reads none.
template <class Entry>
[[nodiscard]] auto examples_of(const Entry& experiment) {
  if constexpr (requires { experiment.examples(); }) {
    return experiment.examples();
  } else if constexpr (requires { experiment.data.load(); }) {
    return experiment.data.load();
  } else {
    return io::Dataset{};
  }
}

}  // namespace ohmlab::lab
