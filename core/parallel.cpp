#include "parallel.hpp"

#include <atomic>
#include <stdexcept>

#include <pthread.h>

namespace ohmlab::core {
namespace {

/// True in a process forked from one that had woken threads. The child lacks these threads, but
/// OpenMP would wait for them for ever. The flag is global because it describes the process.
std::atomic<bool>& lost_threads() noexcept {
  static std::atomic<bool> lost = false;
  return lost;
}

void note_fork() noexcept { lost_threads().store(true, std::memory_order_relaxed); }

}  // namespace

bool wake_threads() noexcept {
  static const int watched = ::pthread_atfork(nullptr, nullptr, note_fork);
  static_cast<void>(watched);
  return !lost_threads().load(std::memory_order_relaxed);
}

void require_threads() {
  if (!lost_threads().load(std::memory_order_relaxed)) return;
  throw std::runtime_error(
      "this process was forked from one in which ohmlab had worked in threads, which a fork does "
      "not copy: start processes by \"spawn\" or \"forkserver\" (multiprocessing.get_context), or "
      "fork before the first run");
}

}  // namespace ohmlab::core
