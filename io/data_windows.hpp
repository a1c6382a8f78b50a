#pragma once

#include <cstdint>
#include <string_view>

#include "../core/fields.hpp"
#include "dataset.hpp"

namespace ohmlab::io {

/// The byte behind every window of a text, as the label of the window. A window is one-hot: so many
/// bytes, each one unit of as many as there are different bytes.
///
/// The parts of the text are those of `TextFile`: the first to train, the last to test, the one
/// between is left out.
struct TextWindows {
  static constexpr std::string_view name = "text_windows";
  static constexpr std::string_view summary =
      "Windows of a text in UTF-8 with the byte that follows as their label; first part to train, "
      "last to test.";

  core::DataPath file;
  std::int64_t context = 4;
  std::int64_t stride = 1;
  double validation = 0.05;
  double test = 0.05;
  std::int64_t characters = 0;
  static constexpr core::Range share{.low = 0, .high = 0.5, .low_open = true, .high_open = true};
  static constexpr auto fields = core::Fields{
      core::field("file", &TextWindows::file,
                  "plain or .gz; relative to the config that names it, else below $OHMLAB_DATA",
                  core::Need::required),
      core::field("context", &TextWindows::context, "", core::between(1, 1024),
                  "bytes of a window"),
      core::field("stride", &TextWindows::stride, "", core::at_least(1),
                  "bytes from one training window to the next; test windows are all taken"),
      core::field("validation", &TextWindows::validation, "", share,
                  "share of the text that is left out, just before the test's"),
      core::field("test", &TextWindows::test, "", share,
                  "share of the text for the test, at its end"),
      core::field("characters", &TextWindows::characters, "", core::at_least(0),
                  "number of characters (letters of UTF-8), the first of the file; 0: all"),
  };

  /// \throws core::UserError or core::WorldError naming the file
  [[nodiscard]] Dataset load() const;
};

}  // namespace ohmlab::io
