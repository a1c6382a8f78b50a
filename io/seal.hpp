#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "../core/errors.hpp"

namespace ohmlab::io {

/// The seal of a file: a text of 512 bytes in front of its content, with the length and the digest
/// of that content. HDF5 calls such a space a user block and skips it, as do h5py, xarray and
/// h5dump.
///
///     ohmlab file 1
///     bytes 60432
///     sha256 5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03
///
/// The digest is that of `tail -c +513 FILE | sha256sum`.
constexpr std::size_t seal_bytes = 512;

/// The seal of a content.
[[nodiscard]] std::string seal_of(std::span<const std::byte> content);

/// A file whose bytes are not those that ohmlab wrote, or that ohmlab did not write.
class ChangedFile : public core::UserError {
 public:
  using core::UserError::UserError;
};

/// Says if a file is no HDF5 file, or a part of one that ohmlab wrote; looks at no content.
/// \throws core::UserError
void require_whole(std::span<const std::byte> file, const std::filesystem::path& path);

/// Compares the seal of a whole file with its content.
/// \throws ChangedFile
void require_sealed(std::span<const std::byte> file, const std::filesystem::path& path);

}  // namespace ohmlab::io
