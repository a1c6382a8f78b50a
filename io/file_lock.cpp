#include "file_lock.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../core/errors.hpp"

namespace ohmlab::io {

FileLock::FileLock(std::filesystem::path file, Wait wait) : file_(std::move(file)) {
  try {
    for (;;) {
      open();
      held_ = lock(wait);
      // The last holder removed the file between our opening and our locking it: this lock guards
      // nothing.
      if (!held_ || bears_the_name()) return;
      close();
    }
  } catch (...) {
    close();
    throw;
  }
}

FileLock::~FileLock() {
  if (held_) ::unlink(file_.c_str());  // while locked: no process locks a file that is removed
  close();
}

void FileLock::open() {
  constexpr mode_t readable = 0666;
  constexpr int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  descriptor_ = ::open(file_.c_str(), flags, readable);
  if (descriptor_ < 0)
    throw core::WorldError(file_, fmt::format("cannot be made: {}", std::strerror(errno)));
  struct stat status{};
  if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode))
    throw core::WorldError(file_, "cannot be locked: no regular file");
}

bool FileLock::lock(Wait wait) const {
  int status = 0;
  do {
    status = ::flock(descriptor_, LOCK_EX | (wait == Wait::yes ? 0 : LOCK_NB));
  } while (status != 0 && errno == EINTR);
  if (status != 0 && errno != EWOULDBLOCK)
    throw core::WorldError(file_, fmt::format("cannot be locked: {}", std::strerror(errno)));
  return status == 0;
}

void FileLock::close() noexcept {
  if (descriptor_ < 0) return;
  // A process forked meanwhile has this descriptor too; closing ours alone would keep the lock.
  if (held_) ::flock(descriptor_, LOCK_UN);
  ::close(descriptor_);
  descriptor_ = -1;
}

bool FileLock::bears_the_name() const {
  struct stat opened{}, named{};
  return ::fstat(descriptor_, &opened) == 0 && ::lstat(file_.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

void FileLock::leave(std::string_view note) const noexcept {
  if (::ftruncate(descriptor_, 0) != 0) return;
  static_cast<void>(::pwrite(descriptor_, note.data(), note.size(), 0) < 0);
}

std::string FileLock::note() const {
  std::array<char, 256> text{};
  const ssize_t size = ::pread(descriptor_, text.data(), text.size(), 0);
  return size <= 0 ? "" : std::string(text.data(), static_cast<std::size_t>(size));
}

}  // namespace ohmlab::io
