#pragma once

#include <string>

namespace ohmlab::results {

/// Name of this machine's processor.
[[nodiscard]] std::string cpu_name();

[[nodiscard]] std::string version_text();   ///< version of this library, e.g. "0.1.0"
[[nodiscard]] std::string compiler_text();  ///< its compiler, e.g. "GNU 12.2.0"

/// Everything beside config and data that decides the bits of a result: version, commit, compiler,
/// kernels, and the processor with its instruction set, by which kernels and mathematical functions
/// are chosen.
[[nodiscard]] std::string build();

}  // namespace ohmlab::results
