#include "ohmlab/lab/sweep_jobs.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

#include <fmt/format.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/lab/checkpoint.hpp"

namespace ohmlab::lab {
namespace {

constexpr auto between_looks = std::chrono::milliseconds(100);

/// Processes that are told to stop and waited for, whatever happens.
class Processes {
 public:
  Processes() = default;
  Processes(const Processes&) = delete;
  Processes& operator=(const Processes&) = delete;
  ~Processes() {
    stop();
    for (const pid_t process : running_) ::waitpid(process, nullptr, 0);
  }

  void start(const std::vector<std::string>& command) {
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_t process = 0;
    const int status = ::posix_spawn(&process, arguments[0], nullptr, nullptr, arguments.data(), ::environ);
    if (status != 0) {
      throw core::WorldError(command[0], fmt::format("cannot be started: {}", std::strerror(status)));
    }
    running_.push_back(process);
  }

  void stop() const {
    for (const pid_t process : running_) ::kill(process, SIGTERM);
  }

  /// Forgets those that have ended. False when none is left.
  bool look(Progress& progress) {
    std::erase_if(running_, [&](pid_t process) {
      int status = 0;
      if (::waitpid(process, &status, WNOHANG) != process) return false;
      if (WIFSIGNALED(status)) {
        progress.say(
            fmt::format("a job ended by signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status))));
      }
      return true;
    });
    return !running_.empty();
  }

 private:
  std::vector<pid_t> running_;
};

}  // namespace

SweepStatus sweep_in_jobs(const SweepPlan& plan, const SweepOptions& options, std::int64_t jobs,
                          const std::vector<std::string>& command, Progress& progress) {
  prepare_sweep(plan, options);
  const auto all = static_cast<std::int64_t>(plan.points.size());
  progress.begin("sweep", all);
  {
    Processes processes;
    for (std::int64_t job = 0; job < jobs; ++job) processes.start(command);
    std::int64_t shown = -1;
    while (processes.look(progress)) {
      if (progress.interrupted()) processes.stop();
      if (const std::int64_t done = all - sweep_status(plan, options.out).open; done > shown) {
        shown = done;
        progress.advance(done, "");
      }
      std::this_thread::sleep_for(between_looks);
    }
  }
  progress.end();
  if (progress.interrupted()) throw Interrupted(options.out);
  return finish_sweep(plan, options.out);
}

void follow_parent() {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() == 1) ::raise(SIGTERM);  // it was gone before we asked
}

}  // namespace ohmlab::lab
