#include "terminal.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../core/utf8.hpp"

namespace ohmlab::cli {
namespace {

constexpr std::string_view start_of_line = "\r\x1b[K";  // and clears the line
constexpr auto between_drawings = std::chrono::milliseconds(50);

volatile std::sig_atomic_t last_signal = 0;

extern "C" void remember_signal(int signal) { last_signal = signal; }

/// True if a bar can be redrawn on standard error.
bool can_draw() {
  if (isatty(STDERR_FILENO) != 1) return false;
  const char* kind =
      std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe): nobody here sets variables
  return kind == nullptr || std::string_view(kind) != "dumb";
}

std::size_t terminal_width() {
  constexpr std::size_t usual = 80;
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual;
}

}  // namespace

void keep_streams_open() noexcept {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) >= 0 || errno != EBADF) continue;
    const int direction = stream == STDIN_FILENO ? O_WRONLY : O_RDONLY;  // its use must fail
    static_cast<void>(::open("/dev/null", direction) < 0);  // takes the lowest number: this one
  }
}

void report_file_limits() noexcept { std::signal(SIGXFSZ, SIG_IGN); }

void catch_signals(bool job) noexcept {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction found{};
    if (::sigaction(signal, nullptr, &found) == 0 && found.sa_handler == SIG_IGN) continue;
    struct sigaction remember{};
    remember.sa_handler = remember_signal;
    remember.sa_flags = SA_RESTART;
    if (!job || signal != SIGTERM) remember.sa_flags |= static_cast<int>(SA_RESETHAND);
    ::sigaction(signal, &remember, nullptr);
  }
  std::signal(SIGPIPE, SIG_IGN);
}

int caught_signal() noexcept { return last_signal; }

void write_error(std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void complain(std::string_view message) noexcept {
  try {
    std::string line = "ohmlab: ";
    write_error(line.append(core::valid_utf8(message))
                    .append("\n"));  // one write: other processes may share the stream
  } catch (...) {
    for (const std::string_view part :
         {std::string_view("ohmlab: "), message, std::string_view("\n")})
      write_error(part);
  }
}

TerminalProgress::TerminalProgress() : terminal_(can_draw()) {}

void TerminalProgress::begin(const std::string& what, std::int64_t steps) {
  clear();
  steps_ = {.what = what, .all = steps};
  shown_tenth_ = 0;
  start_ = std::chrono::steady_clock::now();
  drawn_at_ = {};
}

void TerminalProgress::resume(std::int64_t done) {
  steps_.restored = done;
  start_ = std::chrono::steady_clock::now();
  drawn_at_ = {};
  advance(done, "resumed");
}

void TerminalProgress::advance(std::int64_t done, const std::string& note) {
  const auto now = std::chrono::steady_clock::now();
  steps_.done = done;
  steps_.note = note;
  steps_.seconds = std::chrono::duration<double>(now - start_).count();
  if (!terminal_) {
    print_tenth();
  } else if (done >= steps_.all || now - drawn_at_ >= between_drawings) {
    drawn_at_ = now;
    draw();
  }
}

void TerminalProgress::draw() {
  std::string line = "\r";
  write_error(line.append(bar_line(steps_, terminal_width())).append("\x1b[K"));
  drawn_ = true;
}

void TerminalProgress::print_tenth() {
  const std::int64_t tenth = 10 * steps_.done / std::max<std::int64_t>(1, steps_.all);
  if (tenth <= shown_tenth_) return;
  shown_tenth_ = tenth;
  write_error(plain_line(steps_) + "\n");
}

void TerminalProgress::say(const std::string& line) {
  clear();
  complain(line);
}

/// Removes the bar, and the ^C that the terminal printed after it.
void TerminalProgress::clear() noexcept {
  if (drawn_) write_error(start_of_line);
  drawn_ = false;
}

}  // namespace ohmlab::cli
