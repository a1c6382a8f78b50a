#pragma once

#include <cstdint>
#include <string_view>

#include "../core/fields.hpp"
#include "sequence_set.hpp"

namespace ohmlab::io {

/// A text file in UTF-8, byte by byte.
///
/// A token is a byte. A character is a letter of UTF-8, of one to four bytes; no part begins or
/// ends inside of one. Figures "per character" are sums over bytes, divided by characters. The
/// first part is for training, the next for validation, the last for the test. A random choice of
/// lines would flatter the test: neighbouring lines are closer than parts of different books. The
/// alphabet is that of the whole text used, which tells nothing about the order of its characters.
struct TextFile {
  static constexpr std::string_view name = "text";
  static constexpr std::string_view summary =
      "A text file in UTF-8, byte by byte: first part to train, next to choose, last to test.";

  core::DataPath file;
  double validation = 0.05;
  double test = 0.05;
  std::int64_t characters = 0;
  static constexpr core::Range share{.low = 0, .high = 0.5, .low_open = true, .high_open = true};
  static constexpr auto fields = core::Fields{
      core::field("file", &TextFile::file,
                  "plain or .gz; relative to the config that names it, else below $OHMLAB_DATA",
                  core::Need::required),
      core::field("validation", &TextFile::validation, "", share,
                  "share of the text for validation, just before the test's"),
      core::field("test", &TextFile::test, "", share, "share of the text for the test, at its end"),
      core::field("characters", &TextFile::characters, "", core::at_least(0),
                  "number of characters (letters of UTF-8), the first of the file; 0: all"),
  };

  /// \throws core::UserError or core::WorldError naming the file
  [[nodiscard]] SequenceSet load() const;
};

}  // namespace ohmlab::io
