#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

#include "result.hpp"

/// Files of runs, for work on very many of them.
namespace ohmlab::results {

/// As `write_result`. Returns the result as it was read back before the file got its name.
[[nodiscard]] StoredResult write_and_read_back(const std::filesystem::path& file,
                                               const Identity& identity, const Result& result,
                                               const RunFacts& facts);

/// Reads only the id and the final figures.
/// \throws core::UserError if it is no result file, or one of another schema; ChangedFile
[[nodiscard]] StoredResult read_quality(const std::filesystem::path& file);

/// A result as the bytes of a file, and the result of such bytes, e.g. to send it to another
/// process.
/// \throws core::UserError for bytes of something else
[[nodiscard]] std::vector<std::byte> to_bytes(const StoredResult& stored);
[[nodiscard]] StoredResult from_bytes(std::span<const std::byte> bytes);

}  // namespace ohmlab::results
