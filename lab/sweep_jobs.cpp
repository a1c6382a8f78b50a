#include "sweep_jobs.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../core/errors.hpp"
#include "results/checkpoint.hpp"
#include "sweep_handover.hpp"

namespace ohmlab::lab {
namespace {

constexpr auto between_looks = std::chrono::milliseconds(100);

/// A file in memory that child processes inherit; it vanishes with the last of them.
class SharedText {
 public:
  explicit SharedText(std::string_view text)
      : descriptor_(::memfd_create("ohmlab sweep", MFD_CLOEXEC)) {
    if (descriptor_ < 0) fail();
    while (!text.empty()) {
      const ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno != EINTR) fail();
      if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  SharedText(const SharedText&) = delete;
  SharedText& operator=(const SharedText&) = delete;
  ~SharedText() { ::close(descriptor_); }

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  void fail() const {
    const int reason = errno;
    if (descriptor_ >= 0) ::close(descriptor_);
    throw core::WorldError("points of the sweep",
                           fmt::format("cannot be handed to jobs: {}", std::strerror(reason)));
  }

  int descriptor_;
};

/// All of standard input. Jobs share its file position, which `pread` leaves alone.
std::string read_shared_text() {
  std::string out;
  std::string piece(1 << 16, '\0');
  for (;;) {
    const ssize_t size =
        ::pread(STDIN_FILENO, piece.data(), piece.size(), static_cast<off_t>(out.size()));
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return out;
    out.append(piece, 0, static_cast<std::size_t>(size));
  }
}

/// Rules to start a job. The handover is its standard input; SIGTERM stops it even if the parent
/// process ignores that signal.
class SpawnRules {
 public:
  explicit SpawnRules(int standard_input) {
    ::posix_spawn_file_actions_init(&files_);
    ::posix_spawn_file_actions_adddup2(&files_, standard_input, STDIN_FILENO);
    ::posix_spawnattr_init(&attributes_);
    sigset_t heard;
    ::sigemptyset(&heard);
    ::sigaddset(&heard, SIGTERM);
    ::posix_spawnattr_setsigdefault(&attributes_, &heard);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
  }
  SpawnRules(const SpawnRules&) = delete;
  SpawnRules& operator=(const SpawnRules&) = delete;
  ~SpawnRules() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&files_);
  }

  /// Returns the new process, or 0 with the reason in errno.
  [[nodiscard]] pid_t start(char* const* arguments) const {
    pid_t process = 0;
    const int status =
        ::posix_spawn(&process, arguments[0], &files_, &attributes_, arguments, ::environ);
    if (status == 0) return process;
    errno = status;
    return 0;
  }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

/// Running jobs; the destructor stops them and waits for them.
class Processes {
 public:
  Processes() = default;
  Processes(const Processes&) = delete;
  Processes& operator=(const Processes&) = delete;
  ~Processes() {
    stop();
    for (const pid_t process : running_) ::waitpid(process, nullptr, 0);
  }

  void start(const std::vector<std::string>& command, const SpawnRules& rules) {
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const pid_t process = rules.start(arguments.data());
    if (process == 0)
      throw core::WorldError(command[0],
                             fmt::format("cannot be started: {}", std::strerror(errno)));
    running_.push_back(process);
  }

  /// Signals all jobs, once only: a second signal would end a job before its state is stored.
  void stop() {
    if (std::exchange(stopped_, true)) return;
    for (const pid_t process : running_) ::kill(process, SIGTERM);
  }

  /// Forgets the jobs that have ended. False if none is left.
  bool look(results::Progress& progress) {
    std::erase_if(running_, [&](pid_t process) {
      int status = 0;
      if (::waitpid(process, &status, WNOHANG) != process) return false;
      if (WIFSIGNALED(status)) {
        progress.say(fmt::format("a job ended by signal {} ({})", WTERMSIG(status),
                                 ::strsignal(WTERMSIG(status))));
      }
      return true;
    });
    return !running_.empty();
  }

 private:
  std::vector<pid_t> running_;
  bool stopped_ = false;
};

/// Asks a job to stop when its parent process is gone, whichever process adopted the job.
class JobProgress final : public results::Progress {
 public:
  JobProgress(results::Progress& outer, pid_t parent) : outer_(outer), parent_(parent) {}
  void say(const std::string& line) override { outer_.say(line); }
  [[nodiscard]] bool interrupted() override {
    return outer_.interrupted() || ::getppid() != parent_;
  }

 private:
  results::Progress& outer_;
  pid_t parent_;
};

}  // namespace

SweepStatus sweep_in_jobs(const SweepPlan& plan, const SweepOptions& options, std::int64_t jobs,
                          const std::vector<std::string>& command, results::Progress& progress) {
  prepare_sweep(plan, options);
  std::vector<const SweepPoint*> left = open_points(plan, options);
  const auto all = static_cast<std::int64_t>(left.size());
  progress.begin("sweep", all);
  {
    const SharedText handover(to_bytes(::getpid(), options, left));
    const SpawnRules rules(handover.descriptor());
    Processes processes;
    for (std::int64_t job = 0; job < std::min(jobs, all); ++job) processes.start(command, rules);
    while (processes.look(progress)) {
      if (progress.interrupted()) processes.stop();
      if (std::erase_if(left,
                        [&](const SweepPoint* point) { return !is_open(*point, options.out); }) > 0)
        progress.advance(all - static_cast<std::int64_t>(left.size()), "");
      std::this_thread::sleep_for(between_looks);
    }
  }
  progress.end();
  if (progress.interrupted()) throw results::Interrupted(options.out);
  return finish_sweep(plan, options.out);
}

void work_as_job(results::Progress& progress) {
  // Wakes a job that waits; JobProgress notices a parent that ended before this call.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  const std::string bytes = read_shared_text();
  const SweepHandover work = handover_of(bytes);
  std::vector<const SweepPoint*> points;
  for (const SweepPoint& point : work.points) points.push_back(&point);
  JobProgress followed(progress, static_cast<pid_t>(work.parent));
  work_on_points(std::move(points), work.options, followed);
}

}  // namespace ohmlab::lab
