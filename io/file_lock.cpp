#include "ohmlab/io/file_lock.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "ohmlab/core/errors.hpp"

namespace ohmlab::io {

FileLock::FileLock(const std::filesystem::path& file, Wait wait) {
  constexpr mode_t readable = 0666;
  descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, readable);
  if (descriptor_ < 0) {
    throw core::WorldError(file, fmt::format("cannot be made: {}", std::strerror(errno)));
  }
  int status = 0;
  do {
    status = ::flock(descriptor_, LOCK_EX | (wait == Wait::yes ? 0 : LOCK_NB));
  } while (status != 0 && errno == EINTR);
  held_ = status == 0;
  if (!held_ && errno != EWOULDBLOCK) {
    const int reason = errno;
    ::close(descriptor_);
    throw core::WorldError(file, fmt::format("cannot be locked: {}", std::strerror(reason)));
  }
}

FileLock::~FileLock() { ::close(descriptor_); }

}  // namespace ohmlab::io
