#pragma once

#include <string>

namespace ohmlab::cli {

/// Version, commit, compiler, kernels, processor and HDF5, one a line.
[[nodiscard]] std::string version_screen();

}  // namespace ohmlab::cli
