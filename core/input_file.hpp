#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ohmlab::core {

/// A file open for reading its bytes from front to back. Every failure is a WorldError with path
/// and reason. Standard streams would end the text silently if the disk fails.
class InputFile {
 public:
  /// \param failing  begin of the message if the file cannot be opened; the system's reason follows
  explicit InputFile(const std::filesystem::path& path,
                     std::string_view failing = "cannot be opened");
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// \param expected  kind of file that the caller expects, e.g. "a gzip file"
  /// \throws UserError if it is a folder
  void require_no_folder(const std::string& expected) const;

  /// The next `most` bytes, or all remaining ones if there are fewer.
  [[nodiscard]] std::vector<std::byte> read(std::size_t most);
  /// All remaining bytes.
  [[nodiscard]] std::vector<std::byte> read_rest();
  void rewind();

 private:
  [[nodiscard]] std::size_t read_into(std::byte* to, std::size_t most);
  [[noreturn]] void fail(std::string_view doing) const;

  std::filesystem::path path_;
  std::size_t size_ = 0;  ///< size of a regular file when it was opened
  int descriptor_ = -1;
  bool is_folder_ = false;
};

}  // namespace ohmlab::core
