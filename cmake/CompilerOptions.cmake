# Build requirements of our own sources; none of them is exported.
add_library(ohmlab_options INTERFACE)
target_compile_options(ohmlab_options INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wpedantic -Werror
  -ffp-contract=off    # random numbers and pulse kernels have the same bits on every instruction set
  -fno-math-errno      # lets sqrt vectorise; changes no value
  -Wno-psabi            # 64-byte vectors never cross a library boundary
  -Wno-missing-field-initializers)  # members have defaults; designated initialisers name the rest

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False positives of g++ 12's flow analysis at -O3: in Eigen's kernels, PR 105651 in std::string, and PR 105593 in
  # the compiler's own header of AVX-512 intrinsics, which stops a build on such a machine.
  target_compile_options(ohmlab_options INTERFACE -Wno-uninitialized -Wno-maybe-uninitialized -Wno-array-bounds
                                                  -Wno-restrict -Wno-stringop-overread -Wno-stringop-overflow)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    # Without these, AVX2 code copies 64-byte vectors through memory in 16-byte pieces (4 times slower kernels).
    target_compile_options(ohmlab_options INTERFACE -mmove-max=512 -mstore-max=512)
  endif()
endif()

if(OHMLAB_NATIVE)
  target_compile_options(ohmlab_options INTERFACE -march=native)
endif()

foreach(sanitizer IN LISTS OHMLAB_SANITIZE)
  target_compile_options(ohmlab_options INTERFACE -fsanitize=${sanitizer} -fno-omit-frame-pointer
                                                  -fno-sanitize-recover=all)  # what is reported fails its test
  target_link_options(ohmlab_options INTERFACE -fsanitize=${sanitizer})
endforeach()

# Function clones per instruction set: useless in a native build, and sanitizers crash on them.
if(NOT OHMLAB_NATIVE AND NOT OHMLAB_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU"
   AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_definitions(ohmlab_options INTERFACE OHMLAB_CLONES=1)
endif()

# Headers that most of our sources include, parsed once for all rooms. A source includes them all the same, and
# clang-tidy reads it without this. CMAKE_DISABLE_PRECOMPILE_HEADERS turns it off.
set(OHMLAB_PRECOMPILED <algorithm> <array> <cmath> <concepts> <cstdint> <filesystem> <functional> <limits> <map> <memory>
    <optional> <set> <span> <string> <string_view> <tuple> <utility> <variant> <vector> <Eigen/Core> <fmt/format.h>
    <fmt/ranges.h>)
