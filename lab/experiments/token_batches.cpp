#include "token_batches.hpp"

#include <algorithm>

#include "../../core/rng.hpp"

namespace ohmlab::experiments {
namespace {

using transformer::Index;

/// Sets example `row` of a batch: the tokens from `first` on, with the token after each as its
/// target.
void put(const io::SequenceSet& data, std::span<const std::int32_t> part, std::size_t first,
         Index row, transformer::TokenBatch& batch) {
  const auto context = static_cast<std::size_t>(batch.inputs.cols());
  std::int32_t* inputs = batch.inputs.row(row).data();
  std::int32_t* targets = batch.targets.row(row).data();
  if (data.running()) {
    std::copy_n(part.begin() + static_cast<std::ptrdiff_t>(first), context, inputs);
    std::copy_n(part.begin() + static_cast<std::ptrdiff_t>(first) + 1, context, targets);
  } else {
    inputs[0] = static_cast<std::int32_t>(data.vocabulary - 1);
    std::copy_n(part.begin() + static_cast<std::ptrdiff_t>(first), context - 1, inputs + 1);
    std::copy_n(part.begin() + static_cast<std::ptrdiff_t>(first), context, targets);
  }
}

std::int64_t examples_in(const io::SequenceSet& data, std::span<const std::int32_t> part,
                         std::int64_t context, std::int64_t offset) {
  const auto tokens = static_cast<std::int64_t>(part.size());
  return data.running() ? std::max<std::int64_t>(0, (tokens - 1 - offset) / context)
                        : tokens / context;
}

transformer::TokenBatch sized(Index rows, std::int64_t context) {
  return {transformer::Tokens(rows, context), transformer::Tokens(rows, context)};
}

}  // namespace

TokenBatches::TokenBatches(const io::SequenceSet& data, std::int64_t context, std::int64_t batch,
                           std::uint64_t seed)
    : data_(data),
      context_(context),
      examples_(examples_in(data, data.train, context, data.running() ? context - 1 : 0)),
      seed_(seed) {
  batch_ = std::min(batch, examples_);
  made_ = sized(batch_, context);
}

void TokenBatches::start(std::int64_t pass) {
  if (pass_ == pass) return;
  pass_ = pass;
  const core::Stream stream = core::stream(seed_, core::StreamId::shuffle);
  order_ = core::permutation(stream, static_cast<std::uint64_t>(pass),
                             static_cast<std::uint32_t>(examples_));
  const core::Stream offsets = core::stream(seed_, core::StreamId::data);
  offset_ = data_.running() ? core::random_below(offsets, 0, static_cast<std::uint64_t>(pass),
                                                 static_cast<std::uint32_t>(context_))
                            : 0;
}

const transformer::TokenBatch& TokenBatches::of(std::int64_t update) {
  const std::int64_t a_pass = examples_ / batch_;
  start(update / a_pass);
  const std::int64_t first = update % a_pass * batch_;
  for (Index row = 0; row < batch_; ++row) {
    const std::int64_t example = order_[static_cast<std::size_t>(first + row)];
    put(data_, data_.train, static_cast<std::size_t>(offset_ + example * context_), row, made_);
  }
  return made_;
}

transformer::TokenBatch whole_part(const io::SequenceSet& data, std::span<const std::int32_t> part,
                                   std::int64_t context) {
  const std::int64_t examples = examples_in(data, part, context, 0);
  transformer::TokenBatch batch = sized(examples, context);
  for (Index row = 0; row < examples; ++row)
    put(data, part, static_cast<std::size_t>(row * context), row, batch);
  return batch;
}

}  // namespace ohmlab::experiments
