#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ohmlab::cli {

/// Progress of one part of a job.
struct Steps {
  std::string what;
  std::int64_t done = 0, all = 0;
  std::int64_t restored = 0;  ///< steps done by an earlier process; part of `done`
  double seconds = 0;         ///< time since this process began its steps
  std::string note;           ///< newest figure

  /// Steps per second of this process; 0 while unknown.
  [[nodiscard]] double rate() const;
  /// Remaining time, e.g. "12 s left"; empty while unknown.
  [[nodiscard]] std::string time_left() const;
};

/// Line without a bar, e.g. "training 3/10, 12 s left  note".
[[nodiscard]] std::string plain_line(const Steps& steps);

/// Line with a bar, redrawn in place. It is shorter than the terminal is wide: a line that wraps
/// cannot be redrawn. First the bar gets shorter, then the end is cut.
[[nodiscard]] std::string bar_line(const Steps& steps, std::size_t terminal_width);

/// Number of columns of UTF-8 text, one per character.
[[nodiscard]] std::size_t columns(std::string_view text);

/// First characters of UTF-8 text, at most `count`.
[[nodiscard]] std::string_view first_columns(std::string_view text, std::size_t count);

}  // namespace ohmlab::cli
