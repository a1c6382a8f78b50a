#pragma once

#include <string>

namespace ohmlab::lab {

/// Name of this machine's processor.
[[nodiscard]] std::string cpu_name();

/// Everything beside config and data that decides the bits of a result: version, commit, compiler, kernels,
/// and the processor with its instruction set, by which kernels and mathematical functions are chosen.
[[nodiscard]] std::string build();

}  // namespace ohmlab::lab
