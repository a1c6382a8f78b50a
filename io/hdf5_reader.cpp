#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <memory_resource>
#include <new>
#include <type_traits>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <hdf5.h>
#include <hdf5_hl.h>

#include "../core/errors.hpp"
#include "../core/input_file.hpp"
#include "hdf5.hpp"
#include "hdf5_lock.hpp"
#include "seal.hpp"

namespace ohmlab::io {

namespace {

/// No dataset with more bytes than this is read: a wrong header must not make us allocate.
constexpr std::uint64_t max_dataset_bytes = std::uint64_t{1} << 34;

/// Transfer settings of all reads of datasets. Result files have many short columns: the cost per
/// column counts. By default HDF5 clears a buffer of 1 MiB for each conversion and allocates every
/// text of variable length. Callers must hold the lock of HDF5.
class Transfer {
 public:
  [[nodiscard]] static Transfer& instance() {
    static Transfer transfer;
    return transfer;
  }
  /// The property list of HDF5.
  [[nodiscard]] std::int64_t list() const noexcept { return list_.id(); }
  /// Frees the memory of the texts of all reads so far.
  void release_texts() noexcept { texts_.release(); }

 private:
  /// Conversion buffer. Texts of fixed length may be longer than it; they are not converted.
  static constexpr std::size_t buffer_bytes = std::size_t{1} << 12;

  Transfer() {
    H5Pset_buffer(list_.id(), buffer_bytes, nullptr, nullptr);
    const auto take = [](std::size_t bytes, void* texts) -> void* {
      try {
        return static_cast<std::pmr::monotonic_buffer_resource*>(texts)->allocate(bytes);
      } catch (const std::bad_alloc&) {
        return nullptr;
      }
    };
    const auto leave = [](void*, void*) {};
    H5Pset_vlen_mem_manager(list_.id(), take, &texts_, leave, nullptr);
  }

  Hdf5Handle list_{H5Pcreate(H5P_DATASET_XFER), H5Pclose};
  std::array<std::byte, std::size_t{1} << 14> first_texts_{};
  std::pmr::monotonic_buffer_resource texts_{first_texts_.data(), first_texts_.size()};
};

/// A dataset or attribute open for reading: its type, its shape and a function that fetches it.
struct Source {
  std::string name;
  Hdf5Handle object;
  Hdf5Handle type;
  Hdf5Shape shape;
  std::uint64_t count = 0;
  bool is_attribute = false;

  [[nodiscard]] bool fetch(std::int64_t memory_type, void* into) const {
    if (is_attribute) return H5Aread(object.id(), memory_type, into) >= 0;
    return H5Dread(object.id(), memory_type, H5S_ALL, H5S_ALL, Transfer::instance().list(), into) >=
           0;
  }
};

std::string type_name(std::int64_t type) {
  const std::size_t bits = 8 * H5Tget_size(type);
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
      return fmt::format("{}int{}", H5Tget_sign(type) == H5T_SGN_NONE ? "u" : "", bits);
    case H5T_FLOAT:
      return fmt::format("float{}", bits);
    case H5T_STRING:
      return "text";
    case H5T_COMPOUND:
      return "compound";
    case H5T_ENUM:
      return "enumeration";
    case H5T_REFERENCE:
      return "reference";
    case H5T_VLEN:
      return "variable-length";
    default:
      return "other";
  }
}

template <class T>
std::string type_name() {
  if constexpr (std::is_floating_point_v<T>) return fmt::format("float{}", 8 * sizeof(T));
  if constexpr (std::is_unsigned_v<T>) return fmt::format("uint{}", 8 * sizeof(T));
  if constexpr (std::is_integral_v<T>) return fmt::format("int{}", 8 * sizeof(T));
  return "text";
}

/// True if T holds every value of a stored type exactly.
template <class T>
bool holds(std::int64_t stored) {
  const auto type_class = H5Tget_class(stored);
  if constexpr (std::is_same_v<T, std::string>) return type_class == H5T_STRING;
  if (type_class == H5T_FLOAT)
    return std::is_floating_point_v<T> && H5Tget_size(stored) <= sizeof(T);
  if (type_class != H5T_INTEGER) return false;
  const bool is_signed = H5Tget_sign(stored) != H5T_SGN_NONE;
  const auto digits = static_cast<int>(H5Tget_precision(stored)) - (is_signed ? 1 : 0);
  return digits <= std::numeric_limits<T>::digits &&
         (!is_signed || std::numeric_limits<T>::is_signed);
}

template <class T>
std::int64_t memory_type() {
  if constexpr (std::is_same_v<T, double>) return H5T_NATIVE_DOUBLE;
  if constexpr (std::is_same_v<T, float>) return H5T_NATIVE_FLOAT;
  if constexpr (std::is_same_v<T, std::int64_t>) return H5T_NATIVE_INT64;
  if constexpr (std::is_same_v<T, std::uint64_t>) return H5T_NATIVE_UINT64;
  if constexpr (std::is_same_v<T, std::uint8_t>) return H5T_NATIVE_UINT8;
}

void take_space(Source& source, const Hdf5Handle& space, const std::filesystem::path& file) {
  if (H5Sget_simple_extent_type(space.id()) == H5S_NULL)
    throw core::UserError(file, fmt::format("values in {}", source.name), "a null dataspace");
  std::vector<hsize_t> extents(
      static_cast<std::size_t>(std::max(0, H5Sget_simple_extent_ndims(space.id()))));
  if (!extents.empty()) H5Sget_simple_extent_dims(space.id(), extents.data(), nullptr);
  source.shape.assign(extents.begin(), extents.end());
  source.count = 1;
  for (const std::uint64_t extent : source.shape) {
    if (extent > 0 && source.count > max_dataset_bytes / extent)
      throw core::UserError(file,
                            fmt::format("at most {} bytes in {}", max_dataset_bytes, source.name),
                            fmt::format("shape {}", source.shape));
    source.count *= extent;
  }
}

std::string kind_of(const Hdf5Handle& object) {
  if (!object) return "none";
  switch (H5Iget_type(object.id())) {
    case H5I_GROUP:
      return "a group";
    case H5I_DATASET:
      return "a dataset";
    default:
      return "a named type";
  }
}

Hdf5Handle open_object(const Hdf5Handle& file, std::string_view path) {
  return {H5Oopen(file.id(), std::string(path).c_str(), H5P_DEFAULT), H5Oclose};
}

Source open_dataset(const Hdf5Handle& file, const std::filesystem::path& file_path,
                    std::string_view path) {
  Source source{std::string(path), open_object(file, path), {}, {}, 0, false};
  if (const auto kind = kind_of(source.object); kind != "a dataset")
    throw core::UserError(file_path, fmt::format("a dataset {}", path), kind);
  source.type = {H5Dget_type(source.object.id()), H5Tclose};
  take_space(source, {H5Dget_space(source.object.id()), H5Sclose}, file_path);
  return source;
}

Source open_attribute(const Hdf5Handle& file, const std::filesystem::path& file_path,
                      std::string_view path, const std::string& attribute) {
  Source source{fmt::format("attribute {} of {}", attribute, path), {}, {}, {}, 0, true};
  const Hdf5Handle object = open_object(file, path);
  if (!object) throw core::UserError(file_path, source.name, fmt::format("no {}", path));
  source.object = {H5Aopen(object.id(), attribute.c_str(), H5P_DEFAULT), H5Aclose};
  if (!source.object) throw core::UserError(file_path, source.name, "none");
  source.type = {H5Aget_type(source.object.id()), H5Tclose};
  take_space(source, {H5Aget_space(source.object.id()), H5Sclose}, file_path);
  return source;
}

[[noreturn]] void fail_reading(const Source& source, const std::filesystem::path& file) {
  throw core::UserError(file, fmt::format("readable values in {}", source.name),
                        fmt::format("damage ({})", hdf5_reason()));
}

std::vector<std::string> fetch_variable_strings(const Source& source,
                                                const std::filesystem::path& file) {
  std::vector<char*> pointers(source.count, nullptr);
  const auto give_back = [&](void*) {
    if (!source.is_attribute) return Transfer::instance().release_texts();
    const Hdf5Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    H5Dvlen_reclaim(source.type.id(), space.id(), H5P_DEFAULT, pointers.data());
  };
  const std::unique_ptr<void, decltype(give_back)> guard(pointers.data(), give_back);
  if (!source.fetch(source.type.id(), pointers.data())) fail_reading(source, file);
  std::vector<std::string> texts;
  texts.reserve(pointers.size());
  for (const char* pointer : pointers) texts.emplace_back(pointer == nullptr ? "" : pointer);
  return texts;
}

std::vector<std::string> fetch_fixed_strings(const Source& source,
                                             const std::filesystem::path& file) {
  const std::size_t length = H5Tget_size(source.type.id());
  if (length > max_dataset_bytes / std::max<std::uint64_t>(source.count, 1))
    throw core::UserError(
        file, fmt::format("at most {} bytes in {}", max_dataset_bytes, source.name), "more");
  std::string bytes(source.count * length, '\0');
  if (!source.fetch(source.type.id(), bytes.data())) fail_reading(source, file);
  const bool space_padded = H5Tget_strpad(source.type.id()) == H5T_STR_SPACEPAD;
  std::vector<std::string> texts;
  for (std::size_t k = 0; k < source.count; ++k) {
    std::string text = bytes.substr(k * length, length);
    text.resize(space_padded ? text.find_last_not_of(' ') + 1 : std::min(text.find('\0'), length));
    texts.push_back(std::move(text));
  }
  return texts;
}

void require_shape(const Source& source, const Hdf5Reader::Expected& shape,
                   const std::filesystem::path& file) {
  if (shape && source.shape != *shape)
    throw core::UserError(file, fmt::format("shape {} of {}", *shape, source.name),
                          fmt::format("{}", source.shape));
}

std::vector<std::byte> whole(const std::filesystem::path& path) {
  core::InputFile input(path);
  input.require_no_folder("an HDF5 file");
  return input.read_rest();
}

template <class T>
std::vector<T> fetch(const Source& source, const std::filesystem::path& file) {
  if (!holds<T>(source.type.id()))
    throw core::UserError(file, fmt::format("{} values in {}", type_name<T>(), source.name),
                          type_name(source.type.id()));
  if constexpr (std::is_same_v<T, std::string>) {
    if (source.count == 0) return {};
    return H5Tis_variable_str(source.type.id()) > 0 ? fetch_variable_strings(source, file)
                                                    : fetch_fixed_strings(source, file);
  } else {
    if (source.count > max_dataset_bytes / sizeof(T))
      throw core::UserError(
          file, fmt::format("at most {} bytes in {}", max_dataset_bytes, source.name), "more");
    std::vector<T> values(source.count);
    if (source.count > 0 && !source.fetch(memory_type<T>(), values.data()))
      fail_reading(source, file);
    return values;
  }
}

}  // namespace

Hdf5Reader::Hdf5Reader(const std::filesystem::path& path, Trust trust)
    : Hdf5Reader(whole(path), path, trust) {}

Hdf5Reader::Hdf5Reader(std::vector<std::byte> content, std::filesystem::path path, Trust trust)
    : path_(std::move(path)), content_(std::move(content)) {
  require_whole(content_, path_);
  if (trust == Trust::sealed) require_sealed(content_, path_);
  const Hdf5Lock lock;
  silence_hdf5();
  constexpr unsigned in_place = H5LT_FILE_IMAGE_DONT_COPY | H5LT_FILE_IMAGE_DONT_RELEASE;
  file_ = {H5LTopen_file_image(content_.data(), content_.size(), in_place), H5Fclose};
  if (!file_)
    throw core::UserError(path_, "a complete HDF5 file",
                          fmt::format("a truncated one ({})", hdf5_reason()));
}

Hdf5Reader::~Hdf5Reader() {
  const Hdf5Lock lock;
  file_.close();
}

bool Hdf5Reader::has(std::string_view path) const {
  const Hdf5Lock lock;
  return static_cast<bool>(open_object(file_, path));
}

std::vector<std::string> Hdf5Reader::names(std::string_view group) const {
  const Hdf5Lock lock;
  const Hdf5Handle object = open_object(file_, group);
  if (const auto kind = kind_of(object); kind != "a group")
    throw core::UserError(path_, fmt::format("a group {}", group), kind);
  H5G_info_t info{};
  H5Gget_info(object.id(), &info);
  std::vector<std::string> names;
  for (hsize_t k = 0; k < info.nlinks; ++k) {
    const auto name = [&](char* into, std::size_t size) {
      return H5Lget_name_by_idx(object.id(), ".", H5_INDEX_NAME, H5_ITER_INC, k, into, size,
                                H5P_DEFAULT);
    };
    const auto length = name(nullptr, 0);
    if (length < 0)
      throw core::UserError(path_, fmt::format("a readable group {}", group), hdf5_reason());
    std::string text(static_cast<std::size_t>(length), '\0');
    name(text.data(), text.size() + 1);
    names.push_back(std::move(text));
  }
  std::sort(names.begin(), names.end());
  return names;
}

Hdf5Shape Hdf5Reader::shape(std::string_view path) const {
  const Hdf5Lock lock;
  return open_dataset(file_, path_, path).shape;
}

template <class T>
Hdf5Array<T> Hdf5Reader::read(std::string_view path, const Expected& shape) const {
  const Hdf5Lock lock;
  const Source source = open_dataset(file_, path_, path);
  require_shape(source, shape, path_);
  return {fetch<T>(source, path_), source.shape};
}

/// Reads a scalar dataset or, with `attribute`, an attribute of one value.
template <class T>
T Hdf5Reader::read_one(std::string_view path, const std::string& attribute) const {
  const Hdf5Lock lock;
  const Source source = attribute.empty() ? open_dataset(file_, path_, path)
                                          : open_attribute(file_, path_, path, attribute);
  const bool is_one = attribute.empty() ? source.shape.empty() : source.count == 1;
  if (!is_one)
    throw core::UserError(path_, fmt::format("one value in {}", source.name),
                          fmt::format("shape {}", source.shape));
  return fetch<T>(source, path_).front();
}

Hdf5Array<double> Hdf5Reader::read_doubles(std::string_view path, const Expected& shape) const {
  return read<double>(path, shape);
}
Hdf5Array<float> Hdf5Reader::read_floats(std::string_view path, const Expected& shape) const {
  return read<float>(path, shape);
}
Hdf5Array<std::int64_t> Hdf5Reader::read_int64(std::string_view path, const Expected& shape) const {
  return read<std::int64_t>(path, shape);
}
Hdf5Array<std::uint64_t> Hdf5Reader::read_uint64(std::string_view path,
                                                 const Expected& shape) const {
  return read<std::uint64_t>(path, shape);
}
Hdf5Array<std::uint8_t> Hdf5Reader::read_uint8(std::string_view path, const Expected& shape) const {
  return read<std::uint8_t>(path, shape);
}
Hdf5Array<std::string> Hdf5Reader::read_strings(std::string_view path,
                                                const Expected& shape) const {
  return read<std::string>(path, shape);
}
double Hdf5Reader::read_scalar(std::string_view path) const { return read_one<double>(path, {}); }
std::string Hdf5Reader::read_text(std::string_view path) const {
  return read_one<std::string>(path, {});
}

bool Hdf5Reader::has_attribute(std::string_view path, const std::string& name) const {
  const Hdf5Lock lock;
  const Hdf5Handle object = open_object(file_, path);
  return object && H5Aexists(object.id(), name.c_str()) > 0;
}

double Hdf5Reader::attribute_double(std::string_view path, const std::string& name) const {
  return read_one<double>(path, name);
}

std::int64_t Hdf5Reader::attribute_int64(std::string_view path, const std::string& name) const {
  return read_one<std::int64_t>(path, name);
}

std::string Hdf5Reader::attribute_text(std::string_view path, const std::string& name) const {
  return read_one<std::string>(path, name);
}

std::string Hdf5Reader::scale_name(std::string_view path, unsigned dim) const {
  const Hdf5Lock lock;
  const Source source = open_dataset(file_, path_, path);
  std::string name;
  const auto take_first = [](hid_t, unsigned, hid_t scale, void* into) -> herr_t {
    auto& text = *static_cast<std::string*>(into);
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(0, H5Iget_name(scale, nullptr, 0))));
    H5Iget_name(scale, text.data(), text.size() + 1);
    return 1;
  };
  H5DSiterate_scales(source.object.id(), dim, nullptr, take_first, &name);
  return name;
}

}  // namespace ohmlab::io
