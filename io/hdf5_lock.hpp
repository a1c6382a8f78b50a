#pragma once

namespace ohmlab::io {

/// Lets one thread at a time into HDF5: as distributions build it, HDF5 keeps the identifiers and
/// errors of all files in one place. A thread that holds the lock may take it again.
class Hdf5Lock {
 public:
  Hdf5Lock();
  Hdf5Lock(const Hdf5Lock&) = delete;
  Hdf5Lock& operator=(const Hdf5Lock&) = delete;
  ~Hdf5Lock();
};

}  // namespace ohmlab::io
