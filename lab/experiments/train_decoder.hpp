#pragma once

#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../io/sequences.hpp"
#include "learn_transformer.hpp"

namespace ohmlab::experiments {

/// Trains a causal transformer on sequences in float32, and bills its work.
struct TrainDecoder {
  static constexpr std::string_view name = "train_decoder";
  static constexpr std::string_view summary =
      "Trains a causal transformer on pixels or characters in float32 and bills its work.";
  static constexpr std::string_view equation = "ln p(x) = sum_i ln p(x_i | x_1 ... x_(i-1))";
  static constexpr std::string_view source =
      "Vaswani et al., arXiv 1706.03762 (2017); Radford et al., Language models are unsupervised "
      "multitask learners (2019)";

  std::int64_t seed = 1;
  io::Sequences data;
  transformer::Size model;
  std::int64_t context = 0;
  TransformerTraining training;
  transformer::AdamW optimizer;
  static constexpr auto fields = core::Fields{
      core::field("seed", &TrainDecoder::seed, "", core::at_least(0), "key of every random draw"),
      core::field("data", &TrainDecoder::data, "what is learned", core::Need::required),
      core::field("model", &TrainDecoder::model, "size of the transformer"),
      core::field("context", &TrainDecoder::context, "", core::between(0, 1 << 16),
                  "tokens that the model sees at once; 0: a whole image, or 128 bytes of a text"),
      core::field("training", &TrainDecoder::training, "updates, batch size and initial weights"),
      core::field("optimizer", &TrainDecoder::optimizer, "AdamW and its schedule"),
  };

  /// \throws core::UserError if the context does not suit the data
  [[nodiscard]] results::Result run(const io::SequenceSet& data, results::Progress& progress,
                                    results::Checkpoint checkpoint = {}) const;
};

}  // namespace ohmlab::experiments
