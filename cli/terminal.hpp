#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "ohmlab/lab/progress.hpp"

namespace ohmlab::cli {

/// From now on SIGINT, SIGTERM and SIGHUP are remembered, so that jobs can store their state; a second one
/// ends the program as if nobody listened.
void catch_signals();
/// The signal that was caught, or 0.
[[nodiscard]] int caught_signal() noexcept;

/// Progress on standard error: a bar with rate and time left on a terminal, a plain line every tenth
/// elsewhere.
class TerminalProgress final : public lab::Progress {
 public:
  TerminalProgress();

  void begin(const std::string& what, std::int64_t steps) override;
  void advance(std::int64_t done, const std::string& note) override;
  void end() override;
  void say(const std::string& line) override;
  [[nodiscard]] bool interrupted() override { return caught_signal() != 0; }

 private:
  bool terminal_;
  std::string what_;
  std::int64_t steps_ = 0, shown_tenth_ = 0;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace ohmlab::cli
