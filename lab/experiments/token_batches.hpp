#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "../../io/sequence_set.hpp"
#include "../../transformer/decoder.hpp"

namespace ohmlab::experiments {

/// Training examples of a decoder, in a new order for each pass.
///
/// A running text is cut into windows of `context` tokens, from an offset that each pass draws
/// anew. Examples that do not fill a batch are left out of a pass.
class TokenBatches {
 public:
  /// \param data  outlives this object
  TokenBatches(const io::SequenceSet& data, std::int64_t context, std::int64_t batch,
               std::uint64_t seed);

  /// Batch of an update; valid until the next call.
  [[nodiscard]] const transformer::TokenBatch& of(std::int64_t update);
  /// Examples per batch: as many as asked for, or all there are.
  [[nodiscard]] std::int64_t batch() const noexcept { return batch_; }

 private:
  void start(std::int64_t pass);

  const io::SequenceSet& data_;
  std::int64_t context_, batch_, examples_;
  std::uint64_t seed_;
  std::optional<std::int64_t> pass_;
  std::int64_t offset_ = 0;
  std::vector<std::uint32_t> order_;
  transformer::TokenBatch made_;
};

/// A whole part of the data, in order. Each token of a running text but the first is predicted
/// once, from the tokens before it in its window of `context`. A last window that is not full is
/// left out.
[[nodiscard]] transformer::TokenBatch whole_part(const io::SequenceSet& data,
                                                 std::span<const std::int32_t> part,
                                                 std::int64_t context);

}  // namespace ohmlab::experiments
