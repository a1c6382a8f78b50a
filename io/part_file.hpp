#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace ohmlab::io {

/// Makes a folder and the missing ones above it, and brings their names to disk.
/// \return folders that were made, outermost first
/// \throws core::WorldError
std::vector<std::filesystem::path> make_folders(const std::filesystem::path& folder);

/// Writes a file beside its place as `FILE.part`, then renames it. The final name never holds half
/// a file, and a crash leaves the old file as it was. Two writers of one final name would share one
/// `.part`: writers that may race must lock the name first.
class PartFile {
 public:
  /// Makes the folders of `final_path` if needed; creates no file. Throws WorldError if that fails,
  /// UserError if `final_path` is a folder.
  explicit PartFile(std::filesystem::path final_path);
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;
  /// Without commit, removes the `.part`, and the folders made by the constructor if they are
  /// empty.
  ~PartFile();

  /// The path to write to: the final path with ".part" appended.
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return part_; }
  [[nodiscard]] const std::filesystem::path& final_path() const noexcept { return final_; }

  /// Makes a new `.part` of `content` alone. An old one is removed; if it was a link, its target is
  /// unchanged. Throws WorldError, e.g. on a full disk.
  void write(std::span<const std::byte> content) const;

  /// Brings the `.part` safely to disk. Throws WorldError.
  void sync() const;

  /// Brings the `.part` safely to disk and renames it to the final name, replacing an old file.
  /// Throws WorldError; the final name is then as before, unless only the sync of its folder
  /// failed.
  void commit();

 private:
  std::filesystem::path final_;
  std::filesystem::path part_;
  std::vector<std::filesystem::path> made_folders_;
  bool committed_ = false;
};

}  // namespace ohmlab::io
