#pragma once

#include <string>

namespace ohmlab::results {

/// Name of this machine's processor.
[[nodiscard]] std::string cpu_name();

[[nodiscard]] std::string version_text();   ///< version of this library, e.g. "0.1.0"
[[nodiscard]] std::string compiler_text();  ///< compiler of this library, e.g. "GNU 12.2.0"

[[nodiscard]] std::string commit_text();  ///< commit of the sources, changes since included
/// Kernels of this library, "native" or "portable", and the instruction set that they choose here.
[[nodiscard]] std::string kernels_text();

[[nodiscard]] std::string hdf5_text();  ///< version of the HDF5 library in use

/// All that decides the bits of a result besides config and data: version, commit, compiler,
/// kernels, processor and instruction set. The processor selects kernels and mathematical
/// functions.
[[nodiscard]] std::string build();

}  // namespace ohmlab::results
