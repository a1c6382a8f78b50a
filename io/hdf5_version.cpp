#include "hdf5_version.hpp"

#include <fmt/format.h>
#include <hdf5.h>

#include "hdf5_lock.hpp"

namespace ohmlab::io {

std::string hdf5_version() {
  const Hdf5Lock lock;
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

}  // namespace ohmlab::io
