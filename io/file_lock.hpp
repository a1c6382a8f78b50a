#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace ohmlab::io {

/// A lock between processes: an open file. It ends with its holder, also if that crashes. A holder
/// that ends normally removes the file.
class FileLock {
 public:
  enum class Wait { no, yes };

  /// Makes the file if needed and locks it. Without waiting the lock may fail: see `held`.
  /// \throws core::WorldError
  explicit FileLock(std::filesystem::path file, Wait wait = Wait::no);
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

  [[nodiscard]] bool held() const noexcept { return held_; }

  /// Leaves a note for processes that find the lock held. A failure to write it is ignored.
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
