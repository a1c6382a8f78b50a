#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <vector>

namespace ohmlab::io {

/// Runs `make` in a child process and returns its result: HDF5 may crash or never end on bytes
/// without a valid digest. The child has limited processor time and memory, prints nothing, and
/// runs none of the program's threads.
/// \param path  file that is read, for messages
/// \throws core::UserError and core::WorldError of `make`; core::UserError if the child fails
/// otherwise or crashes; core::WorldError if no child can be made
[[nodiscard]] std::vector<std::byte> in_sandbox(
    const std::filesystem::path& path, const std::function<std::vector<std::byte>()>& make);

}  // namespace ohmlab::io
