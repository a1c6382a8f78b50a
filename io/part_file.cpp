#include "ohmlab/io/part_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "ohmlab/core/errors.hpp"

namespace ohmlab::io {

namespace {

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

/// fsync of a file or of a folder's list of names.
void sync(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const int status = descriptor < 0 ? -1 : ::fsync(descriptor);
  const int reason = errno;
  if (descriptor >= 0) ::close(descriptor);
  // Some network file systems answer EINVAL because a folder cannot be synced there; nothing is left to do.
  if (status != 0 && reason != EINVAL)
    throw core::WorldError(path, fmt::format("cannot be brought to disk: {}", std::strerror(reason)));
}

}  // namespace

PartFile::PartFile(std::filesystem::path final_path) : final_(std::move(final_path)), part_(final_) {
  part_ += ".part";
  std::error_code ignored;
  if (!final_.has_filename() || std::filesystem::is_directory(final_, ignored))
    throw core::UserError(final_, "the name of a file", "a folder");
  std::error_code error;
  made_folder_ = std::filesystem::create_directories(folder_of(final_), error);
  if (error)
    throw core::WorldError(folder_of(final_), fmt::format("folder cannot be made: {}", error.message()));
}

PartFile::~PartFile() {
  std::error_code ignored;
  if (committed_) return;
  std::filesystem::remove(part_, ignored);
  if (made_folder_)
    std::filesystem::remove(folder_of(final_), ignored);  // nothing is done if it is not empty
}

void PartFile::write(std::span<const std::byte> content) const {
  errno = 0;
  std::ofstream output(part_, std::ios::binary | std::ios::trunc);
  output.write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
  output.close();
  if (!output) throw core::WorldError(part_, fmt::format("cannot be written: {}", std::strerror(errno)));
}

void PartFile::commit() {
  sync(part_);
  std::error_code error;
  std::filesystem::rename(part_, final_, error);
  if (error) throw core::WorldError(final_, fmt::format("cannot be replaced: {}", error.message()));
  committed_ = true;
  sync(folder_of(final_));
}

}  // namespace ohmlab::io
