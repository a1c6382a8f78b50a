#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>

namespace ohmlab::io {

/// Opens a file for reading bytes. `expected` names what the caller hopes for, e.g. "a gzip file".
/// Throws WorldError if the file is missing or may not be read, UserError if it is a folder.
[[nodiscard]] std::ifstream open_input(const std::filesystem::path& path, const std::string& expected);

/// Up to `most` bytes from the front of a file, or all of a shorter one. Leaves the stream after them.
[[nodiscard]] std::vector<std::byte> read_front(std::ifstream& input, const std::filesystem::path& path,
                                                std::size_t most);

/// What a file with these first bytes seems to be, for error messages: "an empty file", "a gzip file",
/// "a file starting with 7b 22 61". Looks at eight bytes at most.
[[nodiscard]] std::string looks_like(std::span<const std::byte> front);

}  // namespace ohmlab::io
