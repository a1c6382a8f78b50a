#pragma once

#include <string>

namespace ohmlab::io {

/// Version of the HDF5 library in use, e.g. "1.10.8".
[[nodiscard]] std::string hdf5_version();

}  // namespace ohmlab::io
