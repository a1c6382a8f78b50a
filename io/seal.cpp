#include "seal.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "../core/hash.hpp"
#include "looks_like.hpp"

namespace ohmlab::io {
namespace {

constexpr std::string_view head = "ohmlab file 1\nbytes ";
constexpr std::string_view hint =
    "The digest is that of the bytes behind these 512: tail -c +513 FILE | sha256sum\n";
constexpr std::string_view hdf5_signature = "\x89HDF\r\n\x1a\n";

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The length that a seal states, or nothing if it cannot be read.
std::optional<std::size_t> stated_bytes(std::string_view seal) {
  if (!seal.starts_with(head)) return std::nullopt;
  seal.remove_prefix(head.size());
  std::size_t bytes = 0;
  const auto [end, error] = std::from_chars(seal.data(), seal.data() + seal.size(), bytes);
  if (error != std::errc{} || end == seal.data() + seal.size() || *end != '\n') return std::nullopt;
  return bytes;
}

}  // namespace

std::string seal_of(std::span<const std::byte> content) {
  std::string seal = fmt::format("{}{}\nsha256 {}\n{}", head, content.size(),
                                 core::Sha256().add(content).hex(), hint);
  seal.resize(seal_bytes - 1, ' ');
  return seal + '\n';
}

void require_whole(std::span<const std::byte> file, const std::filesystem::path& path) {
  const std::string_view text = text_of(file);
  if (text.starts_with(hdf5_signature)) return;  // of another program; `require_sealed` refuses it
  if (text.size() < seal_bytes) {
    const bool cut = text.size() > 4 && seal_of({}).starts_with(text.substr(0, head.size()));
    if (!cut) throw core::UserError(path, "an HDF5 file", looks_like(file));
    throw core::UserError(path, "a complete HDF5 file",
                          fmt::format("a truncated one ({} bytes)", text.size()));
  }
  const std::string_view content = text.substr(seal_bytes);
  if (const auto stated = stated_bytes(text); stated && *stated > content.size())
    throw core::UserError(
        path, "a complete HDF5 file",
        fmt::format("a truncated one ({} of {} bytes)", text.size(), *stated + seal_bytes));
  if (!content.starts_with(hdf5_signature) && !text.starts_with(head.substr(0, 6)))
    throw core::UserError(path, "an HDF5 file", looks_like(file));
}

void require_sealed(std::span<const std::byte> file, const std::filesystem::path& path) {
  const std::string_view text = text_of(file);
  if (text.starts_with(hdf5_signature))
    throw ChangedFile(path, "a file with ohmlab's digest in front",
                      "one without: another program or an earlier version wrote it");
  if (file.size() < seal_bytes || text.substr(0, seal_bytes) != seal_of(file.subspan(seal_bytes)))
    throw ChangedFile(
        path, "the bytes that ohmlab wrote",
        "others: their digest differs, for the file is damaged or another program changed it");
}

}  // namespace ohmlab::io
