#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "../lab/results/progress.hpp"
#include "progress_line.hpp"

namespace ohmlab::cli {

/// Opens /dev/null for each closed standard stream. Otherwise the next opened file would take its
/// number and receive its output. Reads and writes of the stream still fail.
void keep_streams_open() noexcept;

/// From now on a file that exceeds the size limit of the process is a reported error; the signal
/// SIGXFSZ is ignored.
void report_file_limits() noexcept;

/// From now on SIGINT, SIGTERM and SIGHUP are remembered, so that jobs can store their state. A
/// second one ends the program. A signal that was ignored before, e.g. by nohup, stays ignored.
/// SIGPIPE is ignored.
/// \param job  true for a job of a sweep. It may get SIGTERM twice, from a batch system and from
///             the sweep, and ends only after its state is stored.
void catch_signals(bool job = false) noexcept;
/// Number of the caught signal, or 0.
[[nodiscard]] int caught_signal() noexcept;

/// Writes to standard error. Failures are ignored, since they must not end the work.
void write_error(std::string_view text) noexcept;
/// Prints a message to the user on its own line. Works without free memory.
void complain(std::string_view message) noexcept;

/// Progress on standard error. On a terminal: a bar with rate and time left. Elsewhere: a plain
/// line after each tenth.
class TerminalProgress final : public results::Progress {
 public:
  TerminalProgress();
  TerminalProgress(const TerminalProgress&) = delete;
  TerminalProgress& operator=(const TerminalProgress&) = delete;
  ~TerminalProgress() override { clear(); }  // also after an exception

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
