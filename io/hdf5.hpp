#pragma once

// Result and state files: a thin layer over the HDF5 C library, whose errors become exceptions that
// name the file. What is written opens in h5py, and in xarray by `xarray.open_dataset(FILE,
// engine="h5netcdf", group=GROUP)`.
//
// Every file begins with a seal (`seal.hpp`), a digest of what follows, which a reader compares
// before HDF5 sees a byte: HDF5 crashes on damaged files, or reads other values from them.
//
// HDF5 as distributions build it is not thread-safe, so that one thread at a time is inside it
// (`hdf5_lock.hpp`). One reader or writer serves one thread at a time.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hdf5_handle.hpp"
#include "part_file.hpp"

namespace ohmlab::io {

using Hdf5Shape = std::vector<std::uint64_t>;  ///< extents, slowest first; empty for a scalar

/// A borrowed run of values of a type that files hold; a std::vector or std::array converts by
/// itself.
using Hdf5Values = std::variant<std::span<const double>, std::span<const float>,
                                std::span<const std::int64_t>, std::span<const std::uint64_t>,
                                std::span<const std::uint8_t>, std::span<const std::string>>;

using Hdf5Attribute = std::variant<double, std::int64_t, std::string>;

/// What a reader, a plot and a person need to know of a dataset; an empty part is not written.
struct Labels {
  std::string units;  ///< "J", "s", "1". CAUTION: xarray turns "seconds", "hours" etc. into time
                      ///< spans; write "s".
  std::string long_name;  ///< "energy of the array", as an axis of a plot would say it
};

class Hdf5Reader;

/// Writes one HDF5 file, whole or not at all: it grows in memory until `commit`, which needs its
/// size once more. Equal calls give equal bytes. Paths are "/metrics/loss"; groups on the way are
/// made. Strings are UTF-8 without NUL. Every method throws WorldError if HDF5 refuses (full disk,
/// name taken, no such object) and std::invalid_argument if the values given contradict each other.
class Hdf5Writer {
 public:
  /// Makes the folder of `path` if needed and an empty `path`.part to see that it can, replacing
  /// one left by a dead run.
  explicit Hdf5Writer(const std::filesystem::path& path);
  /// One that touches no disk, for `bytes`.
  Hdf5Writer();
  Hdf5Writer(const Hdf5Writer&) = delete;
  Hdf5Writer& operator=(const Hdf5Writer&) = delete;
  /// Without `commit`, leaves neither the `.part` nor a change to the final file.
  ~Hdf5Writer();

  /// Makes a group, and those above it, unless they are there.
  void group(std::string_view path);

  /// Writes values of the given shape, last dimension fastest. Numbers above 64 KiB are compressed.
  void dataset(std::string_view path, const Hdf5Values& values, const Hdf5Shape& shape,
               const Labels& labels);

  /// Writes a 1-D dataset that names and labels a dimension of others: the epochs, the entries of a
  /// table. The dimension is called as the last part of `path`.
  void scale(std::string_view path, const Hdf5Values& values, const Labels& labels);

  /// Says that dimension `dim` of a dataset is the one of a scale. All dimensions need one for
  /// xarray to open a group. One scale serves some 4000 dimensions at most. Throws
  /// std::invalid_argument if their lengths differ.
  void attach(std::string_view dataset_path, unsigned dim, std::string_view scale_path);

  void scalar(std::string_view path, double value, const Labels& labels);
  void text(std::string_view path, std::string_view value);

  /// Gives a group or dataset (that exists; "/" is the file) a fact about itself.
  void attribute(std::string_view path, const std::string& name, const Hdf5Attribute& value);

  /// Writes the `.part`, brings it to disk, reads it back and renames it to the final name. Nothing
  /// can be written afterwards.
  /// \param check  reads as later readers will; if it throws, the final name is as before
  /// \throws core::WorldError also if the file cannot be read back
  void commit(const std::function<void(const Hdf5Reader&)>& check = {});

  /// The whole file with its seal. Nothing can be written afterwards.
  [[nodiscard]] std::vector<std::byte> bytes();

 private:
  void begin();
  [[nodiscard]] std::string name() const;
  void make_group(std::string_view path);
  Hdf5Handle create(const std::string& path, const Hdf5Values& values, const Hdf5Shape& shape);
  void label(std::int64_t object, const Labels& labels);
  void write_attribute(std::int64_t object, const std::string& name, const Hdf5Attribute& value);
  [[nodiscard]] Hdf5Handle open(std::string_view path) const;
  Hdf5Handle owned(std::int64_t id, Hdf5Handle::Close close, std::string_view doing) const;
  void check(std::int64_t status, std::string_view doing) const;

  std::optional<PartFile> part_;
  Hdf5Handle file_;
};

/// Values and their shape as read from a file; their number is the product of `shape`.
template <class T>
struct Hdf5Array {
  std::vector<T> values;
  Hdf5Shape shape;
};

/// Which bytes a reader takes.
enum class Trust {
  sealed,  ///< those that ohmlab wrote: their digest is compared
  any      ///< CAUTION: HDF5 may crash on them, or never end; see `in_sandbox`
};

/// Reads an HDF5 file, which is taken into memory whole: what was compared with its digest is what
/// HDF5 sees, and no disk can fail inside HDF5. Numbers are read into any type that holds all
/// values of the stored type exactly (float32 or int16 into double, but not int64 into double).
/// Throws WorldError if the file is missing or the disk fails; ChangedFile if its bytes are not
/// those that ohmlab wrote; UserError, naming file and object, if it is not HDF5, truncated, or an
/// object is missing or of another kind, type or shape.
class Hdf5Reader {
 public:
  explicit Hdf5Reader(const std::filesystem::path& path, Trust trust = Trust::sealed);
  /// \param content  of a file, as `Hdf5Writer::bytes` gives it
  /// \param path     for messages
  Hdf5Reader(std::vector<std::byte> content, std::filesystem::path path,
             Trust trust = Trust::sealed);
  Hdf5Reader(const Hdf5Reader&) = delete;
  Hdf5Reader& operator=(const Hdf5Reader&) = delete;
  ~Hdf5Reader();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

  [[nodiscard]] bool has(std::string_view path) const;
  [[nodiscard]] std::vector<std::string> names(std::string_view group) const;  ///< members, sorted
  [[nodiscard]] Hdf5Shape shape(std::string_view path) const;
  /// The shape that values must have, if only one will do.
  using Expected = std::optional<Hdf5Shape>;
  [[nodiscard]] Hdf5Array<double> read_doubles(std::string_view path,
                                               const Expected& shape = {}) const;
  [[nodiscard]] Hdf5Array<float> read_floats(std::string_view path,
                                             const Expected& shape = {}) const;
  [[nodiscard]] Hdf5Array<std::int64_t> read_int64(std::string_view path,
                                                   const Expected& shape = {}) const;
  [[nodiscard]] Hdf5Array<std::uint64_t> read_uint64(std::string_view path,
                                                     const Expected& shape = {}) const;
  [[nodiscard]] Hdf5Array<std::uint8_t> read_uint8(std::string_view path,
                                                   const Expected& shape = {}) const;
  [[nodiscard]] Hdf5Array<std::string> read_strings(std::string_view path,
                                                    const Expected& shape = {}) const;
  [[nodiscard]] double read_scalar(std::string_view path) const;
  [[nodiscard]] std::string read_text(std::string_view path) const;

  [[nodiscard]] bool has_attribute(std::string_view path, const std::string& name) const;
  [[nodiscard]] double attribute_double(std::string_view path, const std::string& name) const;
  [[nodiscard]] std::int64_t attribute_int64(std::string_view path, const std::string& name) const;
  [[nodiscard]] std::string attribute_text(std::string_view path, const std::string& name) const;

  /// Path of the scale attached to a dimension of a dataset; empty if there is none.
  [[nodiscard]] std::string scale_name(std::string_view path, unsigned dim) const;

 private:
  template <class T>
  Hdf5Array<T> read(std::string_view path, const Expected& shape) const;
  template <class T>
  T read_one(std::string_view path, const std::string& attribute) const;

  std::filesystem::path path_;
  std::vector<std::byte> content_;
  Hdf5Handle file_;
};

}  // namespace ohmlab::io
