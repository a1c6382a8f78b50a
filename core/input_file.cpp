#include "input_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "errors.hpp"

namespace ohmlab::core {

InputFile::InputFile(const std::filesystem::path& path, std::string_view failing) : path_(path) {
  do {
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  } while (descriptor_ < 0 && errno == EINTR);
  if (descriptor_ < 0) fail(failing);
  struct stat status{};
  if (::fstat(descriptor_, &status) != 0) {
    const int reason = errno;
    ::close(descriptor_);
    errno = reason;
    fail(failing);
  }
  is_folder_ = S_ISDIR(status.st_mode);
  if (S_ISREG(status.st_mode)) size_ = static_cast<std::size_t>(status.st_size);
}

InputFile::~InputFile() { ::close(descriptor_); }

void InputFile::require_no_folder(const std::string& expected) const {
  if (is_folder_) throw UserError(path_, expected, "a folder");
}

std::vector<std::byte> InputFile::read(std::size_t most) {
  constexpr std::size_t step = std::size_t{1} << 20;
  std::vector<std::byte> bytes;
  while (bytes.size() < most) {
    const std::size_t before = bytes.size(), more = std::min(step, most - before);
    bytes.resize(before + more);
    const std::size_t got = read_into(bytes.data() + before, more);
    bytes.resize(before + got);
    if (got < more) break;
  }
  return bytes;
}

std::vector<std::byte> InputFile::read_rest() {
  std::vector<std::byte> bytes(size_);  // read at once if the size is known
  bytes.resize(read_into(bytes.data(), bytes.size()));
  if (size_ > 0) return bytes;
  const std::vector<std::byte> more = read(std::numeric_limits<std::size_t>::max());
  bytes.insert(bytes.end(), more.begin(), more.end());
  return bytes;
}

void InputFile::rewind() {
  if (::lseek(descriptor_, 0, SEEK_SET) < 0) fail("cannot be read again from its beginning");
}

std::size_t InputFile::read_into(std::byte* to, std::size_t most) {
  std::size_t done = 0;
  while (done < most) {
    const ssize_t got = ::read(descriptor_, to + done, most - done);
    if (got == 0) break;
    if (got < 0 && errno != EINTR) fail("cannot be read");
    if (got > 0) done += static_cast<std::size_t>(got);
  }
  return done;
}

void InputFile::fail(std::string_view doing) const {
  throw WorldError(path_, fmt::format("{}: {}", doing, std::strerror(errno)));
}

}  // namespace ohmlab::core
