#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "../lab/results/progress.hpp"
#include "progress_line.hpp"

namespace ohmlab::cli {

/// Makes the three standard streams safe to name: one that is closed would be the next file that is
/// opened, and get what is written to the stream. Reads and writes of it fail, as before.
void keep_streams_open() noexcept;

/// From now on a file that grows beyond the limit of the process is an error that is reported.
void report_file_limits() noexcept;

/// From now on SIGINT, SIGTERM and SIGHUP are remembered, so that jobs can store their state; a
/// second one ends the program as if nobody listened. One that was ignored before, e.g. by nohup,
/// stays ignored. A reader of standard output or error that goes away ends nothing.
/// \param job  whether this is a job of a sweep: SIGTERM may come to it twice, from a batch system
/// and from
///             the sweep, and ends it only when its state is stored
void catch_signals(bool job = false) noexcept;
/// The signal that was caught, or 0.
[[nodiscard]] int caught_signal() noexcept;

/// Writes to standard error. A stream that takes nothing is no reason to end work: failures are
/// ignored.
void write_error(std::string_view text) noexcept;
/// A message to the user, on a line of its own. Needs no memory.
void complain(std::string_view message) noexcept;

/// Progress on standard error: a bar with rate and time left on a terminal, a plain line every
/// tenth elsewhere.
class TerminalProgress final : public results::Progress {
 public:
  TerminalProgress();
  TerminalProgress(const TerminalProgress&) = delete;
  TerminalProgress& operator=(const TerminalProgress&) = delete;
  ~TerminalProgress() override { clear(); }  // also when work ends by an exception

  void begin(const std::string& what, std::int64_t steps) override;
  void advance(std::int64_t done, const std::string& note) override;
  void resume(std::int64_t done) override;
  void end() override { clear(); }
  void say(const std::string& line) override;
  [[nodiscard]] bool interrupted() override { return caught_signal() != 0; }

 private:
  void draw();
  void print_tenth();
  void clear() noexcept;

  bool terminal_, drawn_ = false;
  Steps steps_;
  std::int64_t shown_tenth_ = 0;
  std::chrono::steady_clock::time_point start_, drawn_at_;
};

}  // namespace ohmlab::cli
