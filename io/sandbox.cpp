#include "sandbox.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <exception>
#include <fstream>
#include <span>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../core/errors.hpp"
#include "hdf5_lock.hpp"

namespace ohmlab::io {
namespace {

constexpr rlim_t most_seconds = 20, most_more_memory = rlim_t{4} << 30;

/// First byte of the child's answer: kind of the content behind it.
enum class Answer : unsigned char { made, users_mistake, worlds_fault, other };

class Pipe {
 public:
  explicit Pipe(const std::filesystem::path& path) {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) fail(path);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  [[noreturn]] static void fail(const std::filesystem::path& path) {
    throw core::WorldError(path, fmt::format("no process to read it in: {}", std::strerror(errno)));
  }
  [[nodiscard]] int out() const { return ends_[1]; }
  void close_end(std::size_t which) {
    if (ends_[which] >= 0) ::close(ends_[which]);
    ends_[which] = -1;
  }
  /// All bytes until the other end is closed.
  [[nodiscard]] std::vector<std::byte> read_all() {
    close_end(1);
    std::vector<std::byte> bytes;
    std::array<std::byte, std::size_t{1} << 16> block;
    for (;;) {
      const ssize_t got = ::read(ends_[0], block.data(), block.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return bytes;
      bytes.insert(bytes.end(), block.begin(), block.begin() + got);
    }
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

void send(int to, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::write(to, bytes.data(), bytes.size());
    if (sent < 0 && errno != EINTR) return;
    if (sent > 0) bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
}

void answer(int to, Answer kind, std::span<const std::byte> bytes) {
  const auto first = static_cast<std::byte>(kind);
  send(to, {&first, 1});
  send(to, bytes);
}

void answer(int to, Answer kind, std::string_view text) {
  answer(to, kind, std::as_bytes(std::span(text.data(), text.size())));
}

/// Address space of this process, in bytes.
rlim_t memory_now() {
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return static_cast<rlim_t>(pages) * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
}

void limit(__rlimit_resource_t resource, rlim_t most) {
  rlimit now{};
  if (::getrlimit(resource, &now) != 0) return;
  const rlim_t value = std::min(most, now.rlim_max);
  const rlimit limited{value, value};
  ::setrlimit(resource, &limited);
}

void close_in() {
  for (const int signal :
       {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGTERM, SIGINT, SIGHUP, SIGXCPU})
    std::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, most_seconds);
  limit(RLIMIT_AS, memory_now() + most_more_memory);
  if (const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC); nowhere >= 0) {
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
  }
}

[[noreturn]] void work(int to, const std::function<std::vector<std::byte>()>& make) {
  close_in();
  try {
    answer(to, Answer::made, make());
  } catch (const core::UserError& error) {
    answer(to, Answer::users_mistake, error.what());
  } catch (const core::WorldError& error) {
    answer(to, Answer::worlds_fault, error.what());
  } catch (const std::exception& error) {
    answer(to, Answer::other, error.what());
  }
  ::_exit(0);
}

[[noreturn]] void fail_reading(const std::filesystem::path& path, const std::string& found) {
  throw core::UserError(path, "an HDF5 file that can be read", fmt::format("damage ({})", found));
}

}  // namespace

std::vector<std::byte> in_sandbox(const std::filesystem::path& path,
                                  const std::function<std::vector<std::byte>()>& make) {
  Pipe pipe(path);
  pid_t child = -1;
  {
    const Hdf5Lock lock;  // no other thread is inside HDF5 when its state is copied
    child = ::fork();
    if (child == 0) {
      pipe.close_end(0);
      work(pipe.out(), make);
    }
  }
  if (child < 0) Pipe::fail(path);
  std::vector<std::byte> bytes = pipe.read_all();
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status))
    fail_reading(path, fmt::format("the HDF5 library ended by signal {}, {}", WTERMSIG(status),
                                   ::strsignal(WTERMSIG(status))));
  if (bytes.empty() || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    fail_reading(path, "the HDF5 library gave up");
  const auto kind = static_cast<Answer>(bytes.front());
  bytes.erase(bytes.begin());
  if (kind == Answer::made) return bytes;
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (kind == Answer::users_mistake) throw core::UserError(text);
  if (kind == Answer::worlds_fault) throw core::WorldError(text);
  fail_reading(path, text);
}

}  // namespace ohmlab::io
