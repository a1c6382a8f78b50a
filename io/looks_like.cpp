#include "looks_like.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

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
