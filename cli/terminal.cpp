#include "ohmlab/cli/terminal.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

namespace ohmlab::cli {
namespace {

volatile std::sig_atomic_t last_signal = 0;

extern "C" void remember_signal(int signal) {
  last_signal = signal;
  std::signal(signal, SIG_DFL);
}

}  // namespace

void catch_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, remember_signal);
}

int caught_signal() noexcept { return last_signal; }

TerminalProgress::TerminalProgress() : terminal_(isatty(STDERR_FILENO) == 1) {}

void TerminalProgress::begin(const std::string& what, std::int64_t steps) {
  what_ = what;
  steps_ = steps;
  shown_tenth_ = 0;
  start_ = std::chrono::steady_clock::now();
}

void TerminalProgress::advance(std::int64_t done, const std::string& note) {
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  const double left = done > 0 ? seconds / static_cast<double>(done) * static_cast<double>(steps_ - done) : 0;
  if (terminal_) {
    constexpr std::int64_t width = 24;
    const auto filled = static_cast<std::size_t>(width * done / std::max<std::int64_t>(1, steps_));
    fmt::print(stderr, "\r{} [{:<{}}] {}/{}, {:.1f}/s, {:.0f} s left  {}\x1b[K", what_,
               std::string(filled, '#'), width, done, steps_,
               static_cast<double>(done) / std::max(seconds, 1e-9), left, note);
    std::fflush(stderr);
  } else if (const std::int64_t tenth = 10 * done / std::max<std::int64_t>(1, steps_); tenth > shown_tenth_) {
    shown_tenth_ = tenth;
    fmt::print(stderr, "{} {}/{}, {:.0f} s left  {}\n", what_, done, steps_, left, note);
  }
}

void TerminalProgress::say(const std::string& line) {
  if (terminal_) fmt::print(stderr, "\r\x1b[K");
  fmt::print(stderr, "ohmlab: {}\n", line);
}

void TerminalProgress::end() {
  if (terminal_) fmt::print(stderr, "\r\x1b[K");
}

}  // namespace ohmlab::cli
