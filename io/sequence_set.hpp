#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ohmlab::io {

/// What a model of sequences learns, chooses by and is tested on, as numbers of tokens; the parts
/// share nothing.
struct SequenceSet {
  std::int64_t vocabulary =
      0;  ///< tokens are 0 … vocabulary - 1; the last begins a sequence if it has a length
  std::int64_t length = 0;  ///< tokens of each sequence, one after another; 0: one running text
  std::vector<std::int32_t> train, validation, test;
  std::string digest;  ///< SHA-256 of what was read; part of a run's identity
  double tokens_per_character =
      1;  ///< of the test; above 1 where letters of a text are several bytes

  [[nodiscard]] bool running() const noexcept { return length == 0; }
};

}  // namespace ohmlab::io
