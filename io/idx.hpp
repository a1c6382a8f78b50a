#pragma once

// IDX, the format of MNIST and its successors (Y. LeCun, C. Cortes, C. Burges, "The MNIST database
// of handwritten digits"): two zero bytes, a type code, the number of dimensions, one big-endian
// uint32 per dimension, the values with the last dimension fastest. Only unsigned bytes (type 0x08)
// are read here: datasets use no other type.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace ohmlab::io {

/// An array of unsigned bytes, e.g. shape {60000, 28, 28} with images row by row, or {60000} with
/// labels.
struct IdxArray {
  std::vector<std::uint32_t> shape;  ///< extents of 1 to 4 dimensions, slowest first
  std::vector<std::uint8_t> values;  ///< values; their number is the product of `shape`
};

/// Most values of an IDX file that is read: a damaged header must not make us allocate more.
inline constexpr std::size_t max_idx_values = std::size_t{1} << 31;

/// Reads an IDX file, plain or gzip. Throws WorldError if it cannot be read. Throws UserError if it
/// is not an IDX file of unsigned bytes in 1 to 4 dimensions, of exactly the length that its header
/// states.
[[nodiscard]] IdxArray read_idx(const std::filesystem::path& path);

/// Writes an IDX file, gzip if it is named `*.gz`, whole or not at all. Equal arrays give equal
/// bytes. Throws WorldError; throws std::invalid_argument if shape and values do not fit each other
/// or the format.
void write_idx(const std::filesystem::path& path, const IdxArray& array);

}  // namespace ohmlab::io
