#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace ohmlab::io {

/// Probable kind of a file with these first bytes, for error messages: "an empty file", "a gzip
/// file", "a file starting with 7b 22 61". Looks at eight bytes at most.
[[nodiscard]] std::string looks_like(std::span<const std::byte> front);

}  // namespace ohmlab::io
