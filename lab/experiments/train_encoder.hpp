#pragma once

#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../io/datasets.hpp"
#include "learn_transformer.hpp"

namespace ohmlab::experiments {

/// Trains a vision transformer to classify images in float32, and bills its work.
struct TrainEncoder {
  static constexpr std::string_view name = "train_encoder";
  static constexpr std::string_view summary =
      "Trains a vision transformer to classify images in float32 and bills its work.";
  static constexpr std::string_view equation = "p(class) = softmax(head(mean over patches))";
  static constexpr std::string_view source = "Dosovitskiy et al., arXiv 2010.11929 (2021)";

  std::int64_t seed = 1;
  io::Data data;
  std::int64_t validation = 0;
  std::int64_t patch = 4;
  transformer::Size model;
  TransformerTraining training;
  transformer::AdamW optimizer;
  static constexpr auto fields = core::Fields{
      core::field("seed", &TrainEncoder::seed, "", core::at_least(0), "key of every random draw"),
      core::field("data", &TrainEncoder::data, "images with labels", core::Need::required),
      core::field("validation", &TrainEncoder::validation, "", core::at_least(0),
                  "number of last training images that are set aside to choose parameters by"),
      core::field("patch", &TrainEncoder::patch, "", core::at_least(1),
                  "pixels along each side of a patch; divides height and width"),
      core::field("model", &TrainEncoder::model, "size of the transformer"),
      core::field("training", &TrainEncoder::training, "updates, batch size and initial weights"),
      core::field("optimizer", &TrainEncoder::optimizer, "AdamW and its schedule"),
  };

  /// \throws core::UserError if the images have no labels, or the patch or the validation does not
  /// suit them
  [[nodiscard]] results::Result run(const io::Dataset& data, results::Progress& progress,
                                    results::Checkpoint checkpoint = {}) const;
};

}  // namespace ohmlab::experiments
