#pragma once

#include <string_view>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/lab/deploy.hpp"
#include "ohmlab/lab/train.hpp"
#include "ohmlab/lab/train_decoder.hpp"
#include "ohmlab/lab/train_encoder.hpp"

namespace ohmlab::lab {

struct Experiment : core::OneOf<Train,  //
                                Deploy, TrainDecoder, TrainEncoder> {
  static constexpr std::string_view name = "experiment";
  static constexpr std::string_view question = "What is done?";
};

}  // namespace ohmlab::lab
