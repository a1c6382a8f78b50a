#pragma once

#include <filesystem>

namespace ohmlab::io {

/// A lock between processes, kept by holding a file open. It ends with its holder, however that ends.
class FileLock {
 public:
  enum class Wait { no, yes };

  /// Makes the file if needed and locks it; without waiting, look at `held`. \throws core::WorldError
  explicit FileLock(const std::filesystem::path& file, Wait wait = Wait::no);
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

  [[nodiscard]] bool held() const noexcept { return held_; }

 private:
  int descriptor_ = -1;
  bool held_ = false;
};

}  // namespace ohmlab::io
