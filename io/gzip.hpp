#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace ohmlab::io {

/// The uncompressed content of all members of a gzip file. Throws WorldError if the file cannot be
/// read. Throws UserError if it is not gzip, is truncated or damaged, goes on behind the end of the
/// compressed data, or holds more than `max_bytes` uncompressed bytes.
[[nodiscard]] std::vector<std::byte> read_gzip(const std::filesystem::path& path,
                                               std::size_t max_bytes);

/// The content of a file, gzip or plain. A file named `*.gz` must be gzip. Any other is
/// uncompressed if it begins like gzip, and else taken as it is. Errors as for `read_gzip`.
[[nodiscard]] std::vector<std::byte> read_file(const std::filesystem::path& path,
                                               std::size_t max_bytes);

/// Writes a file whole (by way of `FILE.part`), compressed if it is named `*.gz`. Equal content
/// gives equal bytes: the gzip header carries neither time nor name. Throws WorldError.
void write_file(const std::filesystem::path& path, std::span<const std::byte> content);

}  // namespace ohmlab::io
