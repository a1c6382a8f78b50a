#pragma once

namespace ohmlab::io {

/// Makes one thread wait for another before it enters HDF5, which as distributions build it keeps
/// its identifiers and errors in one place for all files. A thread that holds it may take it again.
class Hdf5Lock {
 public:
  Hdf5Lock();
  Hdf5Lock(const Hdf5Lock&) = delete;
  Hdf5Lock& operator=(const Hdf5Lock&) = delete;
  ~Hdf5Lock();
};

}  // namespace ohmlab::io
