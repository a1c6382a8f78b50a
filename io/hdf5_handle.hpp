#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace ohmlab::io {

/// Owns one identifier of the HDF5 library. `hid_t` is written std::int64_t, as HDF5 1.10 and later
/// define it, so that no header of ours includes HDF5's.
class Hdf5Handle {
 public:
  using Close = int (*)(std::int64_t);  ///< H5Dclose or a similar function

  Hdf5Handle() = default;
  /// Takes over `id`, to be closed with `closer`. A negative `id` (HDF5's failure) is kept and
  /// never closed.
  Hdf5Handle(std::int64_t id, Close closer) noexcept : id_(id), close_(closer) {}
  Hdf5Handle(Hdf5Handle&& other) noexcept
      : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept;
  ~Hdf5Handle() { close(); }

  [[nodiscard]] std::int64_t id() const noexcept { return id_; }
  [[nodiscard]] explicit operator bool() const noexcept { return id_ >= 0; }

  /// Closes now; false if HDF5 could not, e.g. because the disk is full.
  bool close() noexcept;

 private:
  std::int64_t id_ = -1;
  Close close_ = nullptr;
};

/// Stops HDF5 from printing its error stack to stderr in this process.
void silence_hdf5() noexcept;

/// The innermost reason of the HDF5 call that has just failed, e.g. "name already exists".
[[nodiscard]] std::string hdf5_reason();

/// Access settings of files: one format for every version of the library, and no locks. Locks fail
/// on some network file systems. They are not needed: a file gets its final name when it is
/// complete.
[[nodiscard]] Hdf5Handle hdf5_file_access();

}  // namespace ohmlab::io
