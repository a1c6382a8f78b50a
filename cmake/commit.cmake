# Writes OUTPUT, a header with the commit that last changed the sources in SOURCE and a digest of what was changed since.
# Run at each build; the file is touched only if it would differ.
set(rooms CMakeLists.txt cmake core cost devices io crossbar ebm transformer lab)
set(commit "unknown")
find_package(Git QUIET)
function(git output)
  execute_process(COMMAND ${GIT_EXECUTABLE} -C ${SOURCE} ${ARGN}
                  OUTPUT_VARIABLE said RESULT_VARIABLE failed ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(failed)
    set(said "failed")
  endif()
  set(${output} "${said}" PARENT_SCOPE)
endfunction()
if(GIT_FOUND)
  git(prefix rev-parse --show-prefix)
  if(prefix STREQUAL "")  # the sources are no folder of somebody else's repository
    git(commit log -1 --abbrev=12 --format=%h -- ${rooms})
    git(changes diff HEAD -- ${rooms})
    if(NOT changes STREQUAL "")
      string(SHA256 digest "${changes}")
      string(SUBSTRING ${digest} 0 8 digest)
      string(APPEND commit " with changes ${digest}")
    endif()
  endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[
#pragma once

namespace ohmlab::results {

constexpr const char* commit = "@commit@";

}  // namespace ohmlab::results
]])
