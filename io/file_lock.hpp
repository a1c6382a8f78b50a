#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace ohmlab::io {

/// A lock between processes, kept by holding a file open. It ends with its holder, however that
/// ends; a holder that ends in order removes the file.
class FileLock {
 public:
  enum class Wait { no, yes };

  /// Makes the file if needed and locks it; without waiting, look at `held`. \throws
  /// core::WorldError
  explicit FileLock(std::filesystem::path file, Wait wait = Wait::no);
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

  [[nodiscard]] bool held() const noexcept { return held_; }

  /// Leaves a word for those who find the lock held. An advice only: a failure to write it is
  /// ignored.
  void leave(std::string_view note) const noexcept;
  /// The holder's note; empty if there is none yet.
  [[nodiscard]] std::string note() const;

 private:
  void open();
  [[nodiscard]] bool lock(Wait wait) const;
  void close() noexcept;
  [[nodiscard]] bool bears_the_name() const;

  std::filesystem::path file_;
  int descriptor_ = -1;
  bool held_ = false;
};

}  // namespace ohmlab::io
