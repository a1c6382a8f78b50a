#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ohmlab::cli {

/// How far a part of a job is.
struct Steps {
  std::string what;
  std::int64_t done = 0, all = 0;
  std::int64_t restored = 0;  ///< of those done, by an earlier process
  double seconds = 0;         ///< since the first of the others
  std::string note;           ///< newest figure

  /// Steps a second of this process; 0 while unknown.
  [[nodiscard]] double rate() const;
  /// "12 s left"; empty while unknown.
  [[nodiscard]] std::string time_left() const;
};

/// One line without a bar: "training 3/10, 12 s left  note".
[[nodiscard]] std::string plain_line(const Steps& steps);

/// One line with a bar that is drawn over again: shorter than the terminal is wide, or the terminal
/// would break it and each drawing leave a line. First the bar gets shorter, then the end is cut.
[[nodiscard]] std::string bar_line(const Steps& steps, std::size_t terminal_width);

/// Columns that UTF-8 text takes, one for each character.
[[nodiscard]] std::size_t columns(std::string_view text);

/// The first characters of UTF-8 text, so many at most.
[[nodiscard]] std::string_view first_columns(std::string_view text, std::size_t count);

}  // namespace ohmlab::cli
