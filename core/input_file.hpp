#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ohmlab::core {

/// A file open for reading its bytes from front to back. Every failure is a WorldError with path
/// and reason: the standard streams end a text silently where a disk fails.
class InputFile {
 public:
  /// \param failing  begins the message if it cannot be opened, before the system's reason
  explicit InputFile(const std::filesystem::path& path,
                     std::string_view failing = "cannot be opened");
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// \throws UserError if it is a folder; `expected` names what the caller hopes for, e.g. "a gzip
  /// file"
  void require_no_folder(const std::string& expected) const;

  /// The next `most` bytes, or all that are left.
  [[nodiscard]] std::vector<std::byte> read(std::size_t most);
  /// All that are left.
  [[nodiscard]] std::vector<std::byte> read_rest();
  void rewind();

 private:
  [[nodiscard]] std::size_t read_into(std::byte* to, std::size_t most);
  [[noreturn]] void fail(std::string_view doing) const;

  std::filesystem::path path_;
  std::size_t size_ = 0;  ///< of a regular file when it was opened
  int descriptor_ = -1;
  bool is_folder_ = false;
};

}  // namespace ohmlab::core
