#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace ohmlab::io {

/// Makes a folder and those above it that are missing, and brings their names to disk.
/// \return those that were made, outermost first
/// \throws core::WorldError
std::vector<std::filesystem::path> make_folders(const std::filesystem::path& folder);

/// The road a finished file takes: written beside its place as `FILE.part`, then moved there whole,
/// so that nobody ever sees half a file under the final name and a crash leaves the old one as it
/// was. Two writers of one final name would share one `.part`; whoever may race locks the name
/// first.
class PartFile {
 public:
  /// Makes the folders of `final_path` if needed; throws WorldError if that fails. Creates no file.
  explicit PartFile(std::filesystem::path final_path);
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;
  /// Without commit, removes the `.part`, and the folders that were made here if they are empty.
  ~PartFile();

  /// Where to write: the final path with ".part" behind it.
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return part_; }
  [[nodiscard]] const std::filesystem::path& final_path() const noexcept { return final_; }

  /// Makes a new `.part` of `content` alone; one that was there is removed, and if it was a link,
  /// its target stays as it is. Throws WorldError, e.g. on a full disk.
  void write(std::span<const std::byte> content) const;

  /// Brings the `.part` safely to disk. Throws WorldError.
  void sync() const;

  /// Brings the `.part` safely to disk and renames it to the final name, replacing a
  /// file that was there. Throws WorldError; the final name is then as before.
  void commit();

 private:
  std::filesystem::path final_;
  std::filesystem::path part_;
  std::vector<std::filesystem::path> made_folders_;
  bool committed_ = false;
};

}  // namespace ohmlab::io
