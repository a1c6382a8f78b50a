#include "part_file.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../core/errors.hpp"

namespace ohmlab::io {

namespace {

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

/// fsync of a file, or of the names in a folder where the system supports it: some network file
/// systems answer EINVAL, and a folder may be writable but not readable.
void bring_to_disk(const std::filesystem::path& path, bool is_folder) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const int status = descriptor < 0 ? -1 : ::fsync(descriptor);
  const int reason = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (status == 0 || reason == EINVAL || (is_folder && reason == EACCES)) return;
  throw core::WorldError(path, fmt::format("cannot be brought to disk: {}", std::strerror(reason)));
}

[[noreturn]] void fail_making(const std::filesystem::path& folder, int reason) {
  throw core::WorldError(folder, fmt::format("folder cannot be made: {}", std::strerror(reason)));
}

[[noreturn]] void fail_writing(const std::filesystem::path& file, int reason) {
  throw core::WorldError(file, fmt::format("cannot be written: {}", std::strerror(reason)));
}

/// Writes all of `content` and closes. Returns 0 or the system's error number.
int write_all(int descriptor, std::span<const std::byte> content) {
  int reason = 0;
  while (!content.empty() && reason == 0) {
    const ssize_t done = ::write(descriptor, content.data(), content.size());
    if (done < 0 && errno != EINTR) reason = errno;
    if (done > 0) content = content.subspan(static_cast<std::size_t>(done));
  }
  if (::close(descriptor) != 0 && reason == 0) reason = errno;
  return reason;
}

}  // namespace

std::vector<std::filesystem::path> make_folders(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> missing;
  struct stat found{};
  for (std::filesystem::path path = folder; !path.empty() && ::stat(path.c_str(), &found) != 0;
       path = path.parent_path()) {
    if (errno != ENOENT && errno != ENOTDIR) fail_making(folder, errno);
    missing.insert(missing.begin(), path);
  }
  std::vector<std::filesystem::path> made;
  constexpr mode_t searchable = 0777;
  for (const std::filesystem::path& path : missing) {
    if (::mkdir(path.c_str(), searchable) == 0) {
      made.push_back(path);
      bring_to_disk(folder_of(path), true);
    } else if (errno != EEXIST) {
      fail_making(folder, errno);
    }
  }
  if (::stat(folder.c_str(), &found) != 0) fail_making(folder, errno);
  if (!S_ISDIR(found.st_mode)) fail_making(folder, ENOTDIR);
  return made;
}

PartFile::PartFile(std::filesystem::path final_path)
    : final_(std::move(final_path)), part_(final_) {
  part_ += ".part";
  std::error_code ignored;
  if (!final_.has_filename() || std::filesystem::is_directory(final_, ignored))
    throw core::UserError(final_, "the name of a file", "a folder");
  made_folders_ = make_folders(folder_of(final_));
}

PartFile::~PartFile() {
  if (committed_) return;
  std::error_code ignored;
  std::filesystem::remove(part_, ignored);
  for (auto folder = made_folders_.rbegin(); folder != made_folders_.rend(); ++folder)
    std::filesystem::remove(*folder, ignored);  // does nothing if it is not empty
}

void PartFile::write(std::span<const std::byte> content) const {
  constexpr mode_t readable = 0666;
  if (::unlink(part_.c_str()) != 0 && errno != ENOENT) fail_writing(part_, errno);
  const int descriptor =
      ::open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, readable);
  if (descriptor < 0) fail_writing(part_, errno);
  if (const int reason = write_all(descriptor, content); reason != 0) fail_writing(part_, reason);
}

void PartFile::sync() const { bring_to_disk(part_, false); }

void PartFile::commit() {
  sync();
  std::error_code error;
  std::filesystem::rename(part_, final_, error);
  if (error) throw core::WorldError(final_, fmt::format("cannot be replaced: {}", error.message()));
  committed_ = true;
  bring_to_disk(folder_of(final_), true);
}

}  // namespace ohmlab::io
