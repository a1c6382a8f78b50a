#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "ohmlab/lab/progress.hpp"

namespace ohmlab::cli {

/// Progress on standard error: a bar with rate and time left on a terminal, a plain line every tenth
/// elsewhere.
class TerminalProgress final : public lab::Progress {
 public:
  TerminalProgress();

  void begin(const std::string& what, std::int64_t steps) override;
  void advance(std::int64_t done, const std::string& note) override;
  void end() override;

 private:
  bool terminal_;
  std::string what_;
  std::int64_t steps_ = 0, shown_tenth_ = 0;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace ohmlab::cli
