#include "ohmlab/io/input_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fmt/format.h>

#include "ohmlab/core/errors.hpp"

namespace ohmlab::io {

namespace {

struct Signature {
  std::string_view bytes;
  std::string_view name;
};

constexpr std::array<Signature, 4> signatures{{{"\x1f\x8b", "a gzip file"},
                                               {"\x89HDF\r\n\x1a\n", "an HDF5 file"},
                                               {"CDF", "a classic netCDF file"},
                                               {"PK\x03\x04", "a zip file"}}};

}  // namespace

std::ifstream open_input(const std::filesystem::path& path, const std::string& expected) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (std::filesystem::is_directory(status)) throw core::UserError(path, expected, "a folder");
  errno = 0;
  std::ifstream input(path, std::ios::binary);
  if (!input) throw core::WorldError(path, fmt::format("cannot be opened: {}", std::strerror(errno)));
  return input;
}

std::vector<std::byte> read_front(std::ifstream& input, const std::filesystem::path& path, std::size_t most) {
  constexpr std::size_t step = std::size_t{1} << 20;
  std::vector<std::byte> bytes;
  while (bytes.size() < most && input) {
    const std::size_t before = bytes.size();
    bytes.resize(before + std::min(step, most - before));
    input.read(reinterpret_cast<char*>(bytes.data() + before),
               static_cast<std::streamsize>(bytes.size() - before));
    bytes.resize(before + static_cast<std::size_t>(input.gcount()));
  }
  if (input.bad()) throw core::WorldError(path, "cannot be read");
  return bytes;
}

std::string looks_like(std::span<const std::byte> front) {
  if (front.empty()) return "an empty file";
  const std::string_view text(reinterpret_cast<const char*>(front.data()),
                              std::min<std::size_t>(front.size(), 8));
  for (const auto& [bytes, name] : signatures)
    if (text.starts_with(bytes)) return std::string(name);
  std::string hex;
  for (const char c : text) hex += fmt::format(" {:02x}", static_cast<unsigned char>(c));
  return "a file starting with" + hex;
}

}  // namespace ohmlab::io
