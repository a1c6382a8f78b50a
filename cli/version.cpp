#include "version.hpp"

#include <fmt/format.h>

#include "../lab/results/build.hpp"

namespace ohmlab::cli {

std::string version_screen() {
  return fmt::format(
      "ohmlab    {}\ncommit    {}\ncompiler  {}\nkernels   {}\nprocessor {}\nHDF5      {}\n",
      results::version_text(), results::commit_text(), results::compiler_text(),
      results::kernels_text(), results::cpu_name(), results::hdf5_text());
}

}  // namespace ohmlab::cli
