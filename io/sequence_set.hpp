#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ohmlab::io {

/// Sequences for training, validation and the test, as numbers of tokens.
struct SequenceSet {
  std::int64_t vocabulary =
      0;  ///< number of tokens; if `length` is set, the last one begins each sequence
  std::int64_t length = 0;  ///< tokens of each sequence; 0: one running text
  std::vector<std::int32_t> train, validation, test;
  std::string digest;               ///< SHA-256 of the data read; part of a run's identity
  double tokens_per_character = 1;  ///< mean over the test; above 1 if letters have several bytes

  [[nodiscard]] bool running() const noexcept { return length == 0; }
};

}  // namespace ohmlab::io
