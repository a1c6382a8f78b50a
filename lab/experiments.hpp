#pragma once

#include <string_view>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/io/dataset.hpp"
#include "ohmlab/lab/deploy.hpp"
#include "ohmlab/lab/foundation_cost.hpp"
#include "ohmlab/lab/train.hpp"
#include "ohmlab/lab/train_decoder.hpp"
#include "ohmlab/lab/train_encoder.hpp"
#include "ohmlab/lab/training_cost.hpp"

namespace ohmlab::lab {

struct Experiment : core::OneOf<Train,  //
                                Deploy, TrainDecoder, TrainEncoder, TrainingCost, FoundationCost> {
  static constexpr std::string_view name = "experiment";
  static constexpr std::string_view question = "What is done?";
};

/// The examples that an experiment reads; none if it reads none.
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
