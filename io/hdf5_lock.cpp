#include "hdf5_lock.hpp"

#include <mutex>

namespace ohmlab::io {
namespace {

// CAUTION: no recursive mutex. It belongs to a thread by its number, and the only thread of a
// forked child has another number: the child could never release it.
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
