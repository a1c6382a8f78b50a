#include "idx.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../core/errors.hpp"
#include "gzip.hpp"
#include "looks_like.hpp"

namespace ohmlab::io {

namespace {

constexpr std::size_t max_dimensions = 4;
constexpr std::byte unsigned_byte{0x08};

std::size_t header_bytes(std::size_t dimensions) { return 4 + 4 * dimensions; }

/// Product of a shape; nothing if it is above `max_idx_values`.
std::optional<std::size_t> value_count(const std::vector<std::uint32_t>& shape) {
  if (std::find(shape.begin(), shape.end(), 0u) != shape.end()) return 0;
  std::uint64_t count = 1;
  for (const std::uint32_t extent : shape) {
    count *= extent;  // at most 2^31 * (2^32 - 1): no overflow
    if (count > max_idx_values) return std::nullopt;
  }
  return count;
}

std::string type_name(std::byte code) {
  switch (std::to_integer<int>(code)) {
    case 0x09:
      return "signed byte";
    case 0x0b:
      return "int16";
    case 0x0c:
      return "int32";
    case 0x0d:
      return "float32";
    case 0x0e:
      return "float64";
    default:
      return "unknown";
  }
}

std::vector<std::uint32_t> read_shape(const std::filesystem::path& path,
                                      std::span<const std::byte> bytes) {
  if (bytes.size() < 4 || bytes[0] != std::byte{0} || bytes[1] != std::byte{0})
    throw core::UserError(path, "an IDX file", looks_like(bytes));
  if (bytes[2] != unsigned_byte)
    throw core::UserError(
        path, "IDX values of type 0x08 (unsigned byte)",
        fmt::format("type {:#04x} ({})", std::to_integer<int>(bytes[2]), type_name(bytes[2])));
  const auto dimensions = std::to_integer<std::size_t>(bytes[3]);
  if (dimensions < 1 || dimensions > max_dimensions)
    throw core::UserError(path, fmt::format("1 to {} IDX dimensions", max_dimensions),
                          std::to_string(dimensions));
  if (bytes.size() < header_bytes(dimensions))
    throw core::UserError(path, fmt::format("an IDX header of {} bytes", header_bytes(dimensions)),
                          fmt::format("{} bytes", bytes.size()));
  std::vector<std::uint32_t> shape(dimensions);
  for (std::size_t d = 0; d < dimensions; ++d)
    for (std::size_t k = 0; k < 4; ++k)
      shape[d] = shape[d] << 8 | std::to_integer<std::uint32_t>(bytes[header_bytes(d) + k]);
  return shape;
}

}  // namespace

IdxArray read_idx(const std::filesystem::path& path) {
  const auto bytes = read_file(path, header_bytes(max_dimensions) + max_idx_values);
  IdxArray array{read_shape(path, bytes), {}};
  const auto count = value_count(array.shape);
  if (!count)
    throw core::UserError(path, fmt::format("at most {} IDX values", max_idx_values),
                          fmt::format("shape {}", array.shape));
  const std::size_t header = header_bytes(array.shape.size());
  if (bytes.size() != header + *count)
    throw core::UserError(path,
                          fmt::format("{} bytes for IDX shape {}", header + *count, array.shape),
                          fmt::format("{} bytes", bytes.size()));
  array.values.resize(*count);
  if (*count > 0) std::memcpy(array.values.data(), bytes.data() + header, *count);
  return array;
}

void write_idx(const std::filesystem::path& path, const IdxArray& array) {
  const std::size_t dimensions = array.shape.size();
  if (dimensions < 1 || dimensions > max_dimensions)
    throw std::invalid_argument(
        fmt::format("an IDX array has 1 to {} dimensions, not {}", max_dimensions, dimensions));
  if (value_count(array.shape) != array.values.size())
    throw std::invalid_argument(fmt::format("an IDX array of shape {} does not have {} values",
                                            array.shape, array.values.size()));
  std::vector<std::byte> bytes{std::byte{0}, std::byte{0}, unsigned_byte,
                               static_cast<std::byte>(dimensions)};
  bytes.reserve(header_bytes(dimensions) + array.values.size());
  for (const std::uint32_t extent : array.shape)
    for (int shift = 24; shift >= 0; shift -= 8)
      bytes.push_back(static_cast<std::byte>(extent >> shift & 0xff));
  const auto values = std::as_bytes(std::span(array.values));
  bytes.insert(bytes.end(), values.begin(), values.end());
  write_file(path, bytes);
}

}  // namespace ohmlab::io
