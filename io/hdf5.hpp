#pragma once

// Result and state files: a thin layer over the HDF5 C library. Its errors become exceptions that
// name the file. The files open in h5py, and in xarray by `xarray.open_dataset(FILE,
// engine="h5netcdf", group=GROUP)`.
//
// Every file begins with a seal (`seal.hpp`), a digest of its content. A reader compares it before
// HDF5 sees a byte: HDF5 crashes on damaged files or reads wrong values from them.
//
// HDF5 as distributions build it is not thread-safe: one thread at a time is inside it
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

/// A borrowed sequence of values of a type that files hold; std::vector and std::array convert
/// implicitly.
using Hdf5Values = std::variant<std::span<const double>, std::span<const float>,
                                std::span<const std::int64_t>, std::span<const std::uint64_t>,
                                std::span<const std::uint8_t>, std::span<const std::string>>;

using Hdf5Attribute = std::variant<double, std::int64_t, std::string>;

/// Labels of a dataset for readers and plots; an empty part is not written.
struct Labels {
  std::string units;  ///< unit: "J", "s", "1". CAUTION: xarray turns "seconds", "hours" etc. into
                      ///< time spans; write "s".
  std::string long_name;  ///< label of an axis, e.g. "energy of the array"
};

class Hdf5Reader;

/// Writes one HDF5 file, whole or not at all. It grows in memory until `commit`, which needs its
/// size once more. Equal calls give equal bytes. Paths are like "/metrics/loss"; groups above are
/// made. Strings are UTF-8 without NUL. Every method throws WorldError if HDF5 refuses (full disk,
/// name taken, object missing), and std::invalid_argument if the arguments contradict each other.
class Hdf5Writer {
 public:
  /// Makes the folder of `path` if needed. Also makes an empty `path`.part, to test that it can;
  /// this replaces the one of a dead run.
  explicit Hdf5Writer(const std::filesystem::path& path);
  /// A writer without a file, for `bytes`.
  Hdf5Writer();
  Hdf5Writer(const Hdf5Writer&) = delete;
  Hdf5Writer& operator=(const Hdf5Writer&) = delete;
  /// Without `commit`, leaves neither the `.part` nor a change to the final file.
  ~Hdf5Writer();

  /// Makes a group and those above it if they are missing.
  void group(std::string_view path);

  /// Writes values of the given shape, last dimension fastest. Numbers above 64 KiB are compressed.
  void dataset(std::string_view path, const Hdf5Values& values, const Hdf5Shape& shape,
               const Labels& labels);

  /// Writes a 1-D dataset that labels a dimension of other datasets, e.g. the epochs or the entries
  /// of a table. The last part of `path` is the name of the dimension.
  void scale(std::string_view path, const Hdf5Values& values, const Labels& labels);

  /// Attaches a scale to dimension `dim` of a dataset. xarray opens a group only if all dimensions
  /// have a scale. One scale serves some 4000 dimensions at most. Throws std::invalid_argument if
  /// their lengths differ.
  void attach(std::string_view dataset_path, unsigned dim, std::string_view scale_path);

  void scalar(std::string_view path, double value, const Labels& labels);
  void text(std::string_view path, std::string_view value);

  /// Writes an attribute of an existing group or dataset; "/" is the file.
  void attribute(std::string_view path, const std::string& name, const Hdf5Attribute& value);

  /// Writes the `.part`, brings it to disk, reads it back and renames it to the final name. Nothing
  /// can be written afterwards.
  /// \param check  reads the file as later readers will; if it throws, the final name is as before
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

/// Values read from a file, and their shape; their number is the product of `shape`.
template <class T>
struct Hdf5Array {
  std::vector<T> values;
  Hdf5Shape shape;
};

/// Bytes that a reader accepts.
enum class Trust {
  sealed,  ///< bytes that ohmlab wrote: their digest is compared
  any      ///< any bytes. CAUTION: HDF5 may crash or never end; see `in_sandbox`
};

/// Reads an HDF5 file. The whole file is taken into memory: HDF5 sees the bytes whose digest was
/// compared, and no disk can fail inside HDF5. Numbers are read into any type that holds all values
/// of the stored type exactly (float32 or int16 into double, but not int64 into double). Throws
/// WorldError if the file is missing or the disk fails; ChangedFile if its bytes are not those that
/// ohmlab wrote; UserError, naming file and object, if the file is not HDF5 or is truncated, or if
/// an object is missing or of another kind, type or shape.
class Hdf5Reader {
 public:
  explicit Hdf5Reader(const std::filesystem::path& path, Trust trust = Trust::sealed);
  /// \param content  bytes of a file, as from `Hdf5Writer::bytes`
  /// \param path     name of the file, for messages
  Hdf5Reader(std::vector<std::byte> content, std::filesystem::path path,
             Trust trust = Trust::sealed);
  Hdf5Reader(const Hdf5Reader&) = delete;
  Hdf5Reader& operator=(const Hdf5Reader&) = delete;
  ~Hdf5Reader();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

  [[nodiscard]] bool has(std::string_view path) const;
  [[nodiscard]] std::vector<std::string> names(
      std::string_view group) const;  ///< names of members, sorted
  [[nodiscard]] Hdf5Shape shape(std::string_view path) const;
  /// The shape that the values must have; empty if any is accepted.
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
