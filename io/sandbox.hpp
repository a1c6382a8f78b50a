#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <vector>

namespace ohmlab::io {

/// What `make` returns, made in a child process: HDF5 may crash, or never end, on bytes that no
/// digest vouches for. The child has a limited time of the processor and limited memory, writes
/// nothing on the screen, and runs none of the program's threads.
/// \param path  the file that is read, for messages
/// \throws what `make` throws of core::UserError and core::WorldError; core::UserError if the child
/// crashes
[[nodiscard]] std::vector<std::byte> in_sandbox(
    const std::filesystem::path& path, const std::function<std::vector<std::byte>()>& make);

}  // namespace ohmlab::io
