#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "../core/errors.hpp"

namespace ohmlab::io {

/// Bytes of the seal of a file: a text in front of the content, with the length and the digest of
/// the content. It is a user block of HDF5, which HDF5, h5py, xarray and h5dump skip.
///
///     ohmlab file 1
///     bytes 60432
///     sha256 5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03
///
/// `tail -c +513 FILE | sha256sum` gives the same digest.
constexpr std::size_t seal_bytes = 512;

/// The seal of a content.
[[nodiscard]] std::string seal_of(std::span<const std::byte> content);

/// A file that ohmlab did not write, or whose bytes have changed since.
class ChangedFile : public core::UserError {
 public:
  using core::UserError::UserError;
};

/// Refuses a file that is no HDF5 file, or a truncated one of ohmlab. Compares no digest.
/// \throws core::UserError
void require_whole(std::span<const std::byte> file, const std::filesystem::path& path);

/// Compares the seal of a whole file with its content.
/// \throws ChangedFile
void require_sealed(std::span<const std::byte> file, const std::filesystem::path& path);

}  // namespace ohmlab::io
