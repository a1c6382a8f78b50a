// The entry of libFuzzer, which is built once for each target: OHMLAB_FUZZ_TARGET is its name.

#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Target& target = fuzz::target(OHMLAB_FUZZ_TARGET);
  fuzz::read(target, {reinterpret_cast<const char*>(data), size});
  return 0;
}
