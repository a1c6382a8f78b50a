#include "hdf5_lock.hpp"

#include <mutex>

namespace ohmlab::io {
namespace {

// CAUTION: not a recursive mutex, which belongs to a thread by its number: a forked child, whose
// only thread has another, could never release it.
std::mutex one_at_a_time;
thread_local int held = 0;

}  // namespace

Hdf5Lock::Hdf5Lock() {
  if (held++ == 0) one_at_a_time.lock();
}

Hdf5Lock::~Hdf5Lock() {
  if (--held == 0) one_at_a_time.unlock();
}

}  // namespace ohmlab::io
