#include "build.hpp"

#include <fstream>

#include <fmt/format.h>

#include "../../io/hdf5_version.hpp"
#include "ohmlab/lab/results/commit.hpp"
#include "ohmlab/lab/results/version.hpp"

namespace ohmlab::results {
namespace {

/// Widest instruction set of this processor that changes the bits of a result.
const char* instruction_set() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return "avx512";
  if (__builtin_cpu_supports("fma")) return "fma";
  if (__builtin_cpu_supports("avx2")) return "avx2";
  return "sse2";
#else
  return "baseline";
#endif
}

}  // namespace

std::string cpu_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

std::string version_text() { return version; }
std::string compiler_text() { return compiler; }

std::string commit_text() { return commit; }
std::string kernels_text() { return fmt::format("{}, {}", kernels, instruction_set()); }

std::string hdf5_text() { return io::hdf5_version(); }

std::string build() {
  return fmt::format("{}, commit {}, {}, {}, {}, {}", version, commit, compiler, kernels,
                     cpu_name(), instruction_set());
}

}  // namespace ohmlab::results
