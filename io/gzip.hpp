#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace ohmlab::io {

/// The whole uncompressed content of a gzip file, every member of it if it has several.
/// Throws WorldError if the file cannot be read; UserError if it is not gzip, is truncated or
/// damaged, goes on behind the end of the compressed data, or holds more than `max_bytes`
/// uncompressed bytes.
[[nodiscard]] std::vector<std::byte> read_gzip(const std::filesystem::path& path,
                                               std::size_t max_bytes);

/// The whole content of a file that may be gzip or plain: one named `*.gz` must be gzip, any other
/// is uncompressed if it begins as gzip does and else taken as it is. Errors as for `read_gzip`.
[[nodiscard]] std::vector<std::byte> read_file(const std::filesystem::path& path,
                                               std::size_t max_bytes);

/// Writes a file whole (by way of `FILE.part`), compressed if it is named `*.gz`. Equal content
/// gives equal bytes: the gzip header carries neither time nor name. Throws WorldError.
void write_file(const std::filesystem::path& path, std::span<const std::byte> content);

}  // namespace ohmlab::io
