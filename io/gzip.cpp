#include "gzip.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <string>

#include <fmt/format.h>
#include <zlib.h>

#include "../core/errors.hpp"
#include "../core/input_file.hpp"
#include "looks_like.hpp"
#include "part_file.hpp"

namespace ohmlab::io {

namespace {

constexpr int gzip_window =
    16 + MAX_WBITS;  // zlib's way to ask for gzip headers instead of its own
constexpr std::size_t block_bytes = std::size_t{1} << 16;

bool begins_as_gzip(std::span<const std::byte> front) {
  return front.size() >= 2 && front[0] == std::byte{0x1f} && front[1] == std::byte{0x8b};
}

/// Compressed bytes not yet consumed, refilled from the file block by block.
class CompressedInput {
 public:
  explicit CompressedInput(core::InputFile& input) : input_(input) { fill(); }

  [[nodiscard]] std::span<const std::byte> pending() const { return {bytes_}; }
  [[nodiscard]] std::size_t consumed() const noexcept { return consumed_; }

  void consume(std::size_t count) {
    consumed_ += count;
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(count));
    fill();
  }

 private:
  void fill() {
    const auto more = input_.read(block_bytes - bytes_.size());
    bytes_.insert(bytes_.end(), more.begin(), more.end());
  }

  core::InputFile& input_;
  std::vector<std::byte> bytes_;
  std::size_t consumed_ = 0;
};

/// Owns zlib's state for reading gzip members one after the other.
class Inflater {
 public:
  Inflater() {
    if (inflateInit2(&stream_, gzip_window) != Z_OK) throw std::bad_alloc();
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  /// Uncompresses from `in` to the end of `out`, a block at most. Returns zlib's status; `used` is
  /// the number of bytes taken from `in`.
  int step(std::span<const std::byte> in, std::vector<std::byte>& out, std::size_t& used) {
    std::array<Bytef, block_bytes> block;
    stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(in.data()));
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = block.data();
    stream_.avail_out = static_cast<uInt>(block.size());
    const int status = inflate(&stream_, Z_NO_FLUSH);
    used = in.size() - stream_.avail_in;
    const auto* made = reinterpret_cast<const std::byte*>(block.data());
    out.insert(out.end(), made, made + (block.size() - stream_.avail_out));
    return status;
  }

  void next_member() { inflateReset(&stream_); }
  [[nodiscard]] std::string complaint() const {
    return stream_.msg ? stream_.msg : "no reason given";
  }

 private:
  z_stream stream_{};
};

std::vector<std::byte> inflate_file(core::InputFile& input, std::size_t max_bytes) {
  const std::filesystem::path& path = input.path();
  CompressedInput compressed(input);
  if (!begins_as_gzip(compressed.pending()))
    throw core::UserError(path, "a gzip file", looks_like(compressed.pending()));

  Inflater inflater;
  std::vector<std::byte> content;
  for (;;) {
    std::size_t used = 0;
    const bool at_end = compressed.pending().empty();
    const int status = inflater.step(compressed.pending(), content, used);
    compressed.consume(used);
    if (content.size() > max_bytes)
      throw core::UserError(path, fmt::format("at most {} uncompressed bytes", max_bytes), "more");
    if (status == Z_STREAM_END) {
      if (compressed.pending().empty()) return content;
      if (!begins_as_gzip(compressed.pending()))
        throw core::UserError(
            path, "a gzip file",
            fmt::format("other bytes behind its end at byte {}", compressed.consumed()));
      inflater.next_member();
    } else if (status == Z_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      throw core::UserError(
          path, "intact gzip data",
          fmt::format("damage near byte {} ({})", compressed.consumed(), inflater.complaint()));
    } else if (at_end && status == Z_BUF_ERROR) {
      throw core::UserError(path, "a complete gzip file",
                            fmt::format("one cut off at byte {}, after {} uncompressed bytes",
                                        compressed.consumed(), content.size()));
    }
  }
}

std::vector<std::byte> deflate_whole(std::span<const std::byte> content) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window, MAX_MEM_LEVEL,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  const std::unique_ptr<z_stream, int (*)(z_streamp)> owner(&stream, deflateEnd);
  std::vector<std::byte> compressed;
  std::array<Bytef, block_bytes> block;
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    // zlib counts in 32 bits: it gets the input in slices.
    const std::size_t slice = std::min<std::size_t>(content.size(), std::size_t{1} << 30);
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(content.data()));
    stream.avail_in = static_cast<uInt>(slice);
    stream.next_out = block.data();
    stream.avail_out = static_cast<uInt>(block.size());
    status = deflate(&stream, slice == content.size() ? Z_FINISH : Z_NO_FLUSH);
    content = content.subspan(slice - stream.avail_in);
    const auto* made = reinterpret_cast<const std::byte*>(block.data());
    compressed.insert(compressed.end(), made, made + (block.size() - stream.avail_out));
  }
  return compressed;
}

}  // namespace

std::vector<std::byte> read_gzip(const std::filesystem::path& path, std::size_t max_bytes) {
  core::InputFile input(path);
  input.require_no_folder("a gzip file");
  return inflate_file(input, max_bytes);
}

std::vector<std::byte> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  if (path.extension() == ".gz") return read_gzip(path, max_bytes);
  core::InputFile input(path);
  input.require_no_folder("a file");
  const bool compressed = begins_as_gzip(input.read(2));
  input.rewind();
  if (compressed) return inflate_file(input, max_bytes);
  auto content = input.read(max_bytes);
  if (!input.read(1).empty())
    throw core::UserError(path, fmt::format("at most {} bytes", max_bytes), "more");
  return content;
}

void write_file(const std::filesystem::path& path, std::span<const std::byte> content) {
  std::vector<std::byte> compressed;
  if (path.extension() == ".gz") {
    compressed = deflate_whole(content);
    content = compressed;
  }
  PartFile part(path);
  part.write(content);
  part.commit();
}

}  // namespace ohmlab::io
