#pragma once

#include <string>
#include <vector>

namespace ohmlab::lab {

/// A room, catalogue, entry or field whose texts contain a word.
struct Found {
  std::string path;  ///< dotted path, e.g. "devices.pulse.soft_bounds.dw_min"
  std::string text;  ///< what it is: question, summary or meaning
  std::string in;    ///< text that contains the word: name, summary, equation, source, meaning, …
};

/// Everything in `describe` that contains a word, in its order; capitals do not matter.
/// \throws core::UserError if the word is empty, or nothing contains it
[[nodiscard]] std::vector<Found> search(const std::string& word);

}  // namespace ohmlab::lab
