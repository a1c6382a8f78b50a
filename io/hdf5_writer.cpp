#include <algorithm>
#include <functional>
#include <numeric>
#include <stdexcept>
#include <type_traits>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <hdf5.h>
#include <hdf5_hl.h>

#include "../core/errors.hpp"
#include "hdf5.hpp"
#include "hdf5_lock.hpp"
#include "seal.hpp"

namespace ohmlab::io {

namespace {

constexpr std::size_t compressed_above_bytes = std::size_t{1} << 16;
constexpr std::size_t chunk_bytes = std::size_t{1} << 20;  // HDF5's default chunk cache
constexpr std::size_t memory_growth_bytes = std::size_t{1} << 20;
constexpr unsigned deflate_level = 4;

/// Values in the form that HDF5 takes: their address, and their type in memory and in the file.
struct Raw {
  const void* data = nullptr;
  std::size_t count = 0;
  std::size_t value_bytes = 0;
  std::int64_t memory_type = -1;
  std::int64_t file_type = -1;
};

Hdf5Handle string_type() {
  Hdf5Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.id(), H5T_VARIABLE);
  H5Tset_cset(type.id(), H5T_CSET_UTF8);
  return type;
}

template <class T>
Raw raw_numbers(std::span<const T> values) {
  Raw raw{values.data(), values.size(), sizeof(T), -1, -1};
  if constexpr (std::is_same_v<T, double>)
    raw.memory_type = H5T_NATIVE_DOUBLE, raw.file_type = H5T_IEEE_F64LE;
  if constexpr (std::is_same_v<T, float>)
    raw.memory_type = H5T_NATIVE_FLOAT, raw.file_type = H5T_IEEE_F32LE;
  if constexpr (std::is_same_v<T, std::int64_t>)
    raw.memory_type = H5T_NATIVE_INT64, raw.file_type = H5T_STD_I64LE;
  if constexpr (std::is_same_v<T, std::uint64_t>)
    raw.memory_type = H5T_NATIVE_UINT64, raw.file_type = H5T_STD_U64LE;
  if constexpr (std::is_same_v<T, std::uint8_t>)
    raw.memory_type = H5T_NATIVE_UINT8, raw.file_type = H5T_STD_U8LE;
  return raw;
}

const char* c_string(const std::string& text) {
  if (text.find('\0') != std::string::npos)
    throw std::invalid_argument("text for an HDF5 file holds a NUL");
  return text.c_str();
}

Hdf5Handle space_of(const Hdf5Shape& shape) {
  if (shape.empty()) return {H5Screate(H5S_SCALAR), H5Sclose};
  const std::vector<hsize_t> extents(shape.begin(), shape.end());
  return {H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr), H5Sclose};
}

/// Transfer settings of a write. By default HDF5 clears a buffer of 1 MiB for each conversion of
/// texts; result files have dozens of short columns of them. One pass converts all texts, as with
/// the default, so that the bytes of the file are the same.
Hdf5Handle transfer_of(std::size_t texts) {
  constexpr std::size_t least_bytes = 1 << 12, most_bytes = 1 << 20, stored_bytes = 16;
  Hdf5Handle list(H5Pcreate(H5P_DATASET_XFER), H5Pclose);
  H5Pset_buffer(list.id(), std::clamp(texts * stored_bytes, least_bytes, most_bytes), nullptr,
                nullptr);
  return list;
}

/// Shape of a chunk: the whole shape, its slowest dimensions halved until it is small enough.
std::vector<hsize_t> chunk_of(const Hdf5Shape& shape, std::size_t value_bytes) {
  std::vector<hsize_t> chunk(shape.begin(), shape.end());
  const auto bytes = [&] {
    return std::accumulate(chunk.begin(), chunk.end(), value_bytes, std::multiplies<>());
  };
  for (hsize_t& extent : chunk)
    while (extent > 1 && bytes() > chunk_bytes) extent = (extent + 1) / 2;
  return chunk;
}

Hdf5Handle untimed(std::int64_t property_class) {
  Hdf5Handle properties(H5Pcreate(property_class), H5Pclose);
  H5Pset_obj_track_times(properties.id(), false);
  return properties;
}

std::string last_part(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

}  // namespace

Hdf5Writer::Hdf5Writer(const std::filesystem::path& path) {
  part_.emplace(path);
  part_->write({});
  begin();
}

Hdf5Writer::Hdf5Writer() { begin(); }

Hdf5Writer::~Hdf5Writer() {
  const Hdf5Lock lock;
  file_.close();
}

void Hdf5Writer::begin() {
  const Hdf5Lock lock;
  silence_hdf5();
  const Hdf5Handle properties = untimed(H5P_FILE_CREATE);
  H5Pset_userblock(properties.id(), seal_bytes);
  // In memory, because HDF5 does not survive a full disk: once H5Fclose has failed, the process
  // crashes at exit.
  const Hdf5Handle access = hdf5_file_access();
  H5Pset_fapl_core(access.id(), memory_growth_bytes, false);
  file_ = owned(H5Fcreate(name().c_str(), H5F_ACC_TRUNC, properties.id(), access.id()), H5Fclose,
                "create the file");
}

/// CAUTION: HDF5 refuses to create two files of one name at a time, also in memory.
std::string Hdf5Writer::name() const {
  return part_ ? part_->path().string() : fmt::format("memory {}", static_cast<const void*>(this));
}

void Hdf5Writer::group(std::string_view path) {
  const Hdf5Lock lock;
  make_group(path);
}

void Hdf5Writer::make_group(std::string_view path) {
  const Hdf5Handle properties = untimed(H5P_GROUP_CREATE);
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = path.find('/', end + 1);
    const std::string part(path.substr(0, end));
    if (part.empty() || part == "/" || H5Lexists(file_.id(), part.c_str(), H5P_DEFAULT) > 0)
      continue;
    owned(H5Gcreate2(file_.id(), part.c_str(), H5P_DEFAULT, properties.id(), H5P_DEFAULT), H5Gclose,
          "make group " + part);
  }
}

void Hdf5Writer::dataset(std::string_view path, const Hdf5Values& values, const Hdf5Shape& shape,
                         const Labels& labels) {
  const Hdf5Lock lock;
  label(create(std::string(path), values, shape).id(), labels);
}

void Hdf5Writer::scale(std::string_view path, const Hdf5Values& values, const Labels& labels) {
  const Hdf5Lock lock;
  const auto length = std::visit([](auto span) { return span.size(); }, values);
  const Hdf5Handle made = create(std::string(path), values, {length});
  check(H5DSset_scale(made.id(), last_part(path).c_str()), fmt::format("make a scale of {}", path));
  label(made.id(), labels);
}

void Hdf5Writer::attach(std::string_view dataset_path, unsigned dim, std::string_view scale_path) {
  const Hdf5Lock lock;
  const Hdf5Handle dataset = open(dataset_path);
  const Hdf5Handle scale = open(scale_path);
  const Hdf5Handle space =
      owned(H5Dget_space(dataset.id()), H5Sclose, fmt::format("measure {}", dataset_path));
  const Hdf5Handle scale_space =
      owned(H5Dget_space(scale.id()), H5Sclose, fmt::format("measure {}", scale_path));
  std::vector<hsize_t> extents(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space.id())));
  H5Sget_simple_extent_dims(space.id(), extents.data(), nullptr);
  const auto length = static_cast<hsize_t>(H5Sget_simple_extent_npoints(scale_space.id()));
  if (dim >= extents.size() || extents[dim] != length)
    throw std::invalid_argument(
        fmt::format("{}: dimension {} of {}, of shape {}, is not as long as {}, {}", name(), dim,
                    dataset_path, extents, scale_path, length));
  check(H5DSattach_scale(dataset.id(), scale.id(), dim),
        fmt::format("attach {} to {}", scale_path, dataset_path));
}

void Hdf5Writer::scalar(std::string_view path, double value, const Labels& labels) {
  dataset(path, std::span<const double>(&value, 1), {}, labels);
}

void Hdf5Writer::text(std::string_view path, std::string_view value) {
  const std::string copy(value);
  dataset(path, std::span<const std::string>(&copy, 1), {}, {});
}

void Hdf5Writer::attribute(std::string_view path, const std::string& name,
                           const Hdf5Attribute& value) {
  const Hdf5Lock lock;
  write_attribute(open(path).id(), name, value);
}

std::vector<std::byte> Hdf5Writer::bytes() {
  const Hdf5Lock lock;
  check(H5Fflush(file_.id(), H5F_SCOPE_GLOBAL), "finish the file");
  const auto size =
      H5Fget_file_image(file_.id(), nullptr, 0);  // without the user block, the seal's place
  check(size, "finish the file");
  std::vector<std::byte> out(seal_bytes + static_cast<std::size_t>(size));
  const std::span<std::byte> content = std::span(out).subspan(seal_bytes);
  check(H5Fget_file_image(file_.id(), content.data(), content.size()), "finish the file");
  file_.close();
  const std::string seal = seal_of(content);
  std::copy_n(reinterpret_cast<const std::byte*>(seal.data()), seal_bytes, out.begin());
  return out;
}

void Hdf5Writer::commit(const std::function<void(const Hdf5Reader&)>& check) {
  part_->write(bytes());
  part_->sync();
  try {
    const Hdf5Reader back(part_->path());
    if (check) check(back);
  } catch (const core::UserError& error) {
    throw core::WorldError(fmt::format("not stored, for it cannot be read back: {}", error.what()));
  }
  part_->commit();
}

Hdf5Handle Hdf5Writer::create(const std::string& path, const Hdf5Values& values,
                              const Hdf5Shape& shape) {
  const Hdf5Handle strings = string_type();
  std::vector<const char*> pointers;
  const Raw raw = std::visit([&]<class T>(std::span<const T> span) {
    if constexpr (std::is_same_v<T, std::string>) {
      for (const std::string& text : span) pointers.push_back(c_string(text));
      return Raw{pointers.data(), span.size(), sizeof(char*), strings.id(), strings.id()};
    } else {
      return raw_numbers(span);
    }
  }, values);
  if (std::accumulate(shape.begin(), shape.end(), std::uint64_t{1}, std::multiplies<>()) !=
      raw.count)
    throw std::invalid_argument(
        fmt::format("{}: {} of shape {} does not have {} values", name(), path, shape, raw.count));

  if (const auto slash = path.rfind('/'); slash != std::string::npos && slash > 0)
    make_group(path.substr(0, slash));
  const Hdf5Handle properties = untimed(H5P_DATASET_CREATE);
  if (raw.memory_type != strings.id() && raw.count * raw.value_bytes > compressed_above_bytes) {
    const auto chunk = chunk_of(shape, raw.value_bytes);
    H5Pset_chunk(properties.id(), static_cast<int>(chunk.size()), chunk.data());
    H5Pset_shuffle(properties.id());
    H5Pset_deflate(properties.id(), deflate_level);
  }
  Hdf5Handle made = owned(H5Dcreate2(file_.id(), path.c_str(), raw.file_type, space_of(shape).id(),
                                     H5P_DEFAULT, properties.id(), H5P_DEFAULT),
                          H5Dclose, "make " + path);
  if (raw.count > 0)
    check(H5Dwrite(made.id(), raw.memory_type, H5S_ALL, H5S_ALL, transfer_of(raw.count).id(),
                   raw.data),
          "write " + path);
  return made;
}

void Hdf5Writer::label(std::int64_t object, const Labels& labels) {
  if (!labels.units.empty()) write_attribute(object, "units", labels.units);
  if (!labels.long_name.empty()) write_attribute(object, "long_name", labels.long_name);
}

void Hdf5Writer::write_attribute(std::int64_t object, const std::string& name,
                                 const Hdf5Attribute& value) {
  const Hdf5Handle strings = string_type();
  const char* pointer = nullptr;
  const Raw raw = std::visit([&]<class T>(const T& held) {
    if constexpr (std::is_same_v<T, std::string>) {
      pointer = c_string(held);
      return Raw{&pointer, 1, sizeof(char*), strings.id(), strings.id()};
    } else {
      return raw_numbers(std::span<const T>(&held, 1));
    }
  }, value);
  const Hdf5Handle made = owned(
      H5Acreate2(object, name.c_str(), raw.file_type, space_of({}).id(), H5P_DEFAULT, H5P_DEFAULT),
      H5Aclose, "make attribute " + name);
  check(H5Awrite(made.id(), raw.memory_type, raw.data), "write attribute " + name);
}

Hdf5Handle Hdf5Writer::open(std::string_view path) const {
  return owned(H5Oopen(file_.id(), std::string(path).c_str(), H5P_DEFAULT), H5Oclose,
               fmt::format("find {}", path));
}

Hdf5Handle Hdf5Writer::owned(std::int64_t id, Hdf5Handle::Close close,
                             std::string_view doing) const {
  check(id, doing);
  return {id, close};
}

void Hdf5Writer::check(std::int64_t status, std::string_view doing) const {
  if (status < 0)
    throw core::WorldError(name(), fmt::format("cannot {}: {}", doing, hdf5_reason()));
}

}  // namespace ohmlab::io
