#pragma once

#include <cstdint>
#include <vector>

#include "adamw.hpp"
#include "decoder.hpp"
#include "encoder.hpp"

namespace ohmlab::transformer {

/// Trains a transformer, one update after another.
///
/// A batch is cut into slices of about 512 tokens and at least one example, on any number of
/// threads. Each slice goes forward and backward on one thread, into its own gradients. These are
/// added up in the order of the slices: results are bitwise equal on any number of threads.
template <class Model>
class Trainer {
 public:
  using T = typename Model::Scalar;
  using Batch = typename Model::Batch;

  /// \param model   outlives the trainer, as does the tally
  /// \param total   number of updates, for the schedule
  Trainer(const Model& model, const AdamW& adamw, std::int64_t total, RowOf<T> parameters,
          cost::Tally& tally);

  /// Learns from one batch. Returns the score before the update.
  Score step(const Batch& batch);

  /// Score of examples with the trainer's or with other parameters; nothing is billed.
  [[nodiscard]] Score evaluate(const Batch& batch) { return evaluate(batch, parameters_); }
  [[nodiscard]] Score evaluate(const Batch& batch, const RowOf<T>& parameters);

  [[nodiscard]] const RowOf<T>& parameters() const noexcept { return parameters_; }
  /// Gradients of the last batch, before clipping.
  [[nodiscard]] const RowOf<T>& gradients() const noexcept { return gradients_; }
  [[nodiscard]] double rate() const noexcept { return adamw_.rate_at(moments_.updates, total_); }

  /// State of the trainer between steps.
  void state(core::Archive& archive);

 private:
  struct Slice {
    typename Model::Workspace work;
    RowOf<T> gradients;
    Meter meter;
    Score score;
  };
  Score run(const RowOf<T>& parameters, const Batch& batch, Index first, Index slices, bool learns,
            Meter& meter);
  void add_up_gradients(Index slices);
  [[nodiscard]] Index slices_of(const Batch& batch) const noexcept;

  const Model& model_;
  Index each_;  ///< examples per slice
  AdamW adamw_;
  std::int64_t total_;
  cost::Tally& tally_;
  RowOf<T> parameters_, gradients_;
  Moments<T> moments_;
  std::vector<Slice> slices_;
};

extern template class Trainer<Decoder<float>>;
extern template class Trainer<Decoder<double>>;
extern template class Trainer<Encoder<float>>;
extern template class Trainer<Encoder<double>>;

}  // namespace ohmlab::transformer
