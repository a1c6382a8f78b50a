#include "ohmlab/io/gzip.hpp"

#include <cstdint>
#include <string>

#include "ohmlab/core/errors.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;

namespace {

constexpr std::size_t plenty = std::size_t{1} << 24;

// Made by `printf 'ohm' | gzip -n`: an independent program's idea of the format.
const std::string ohm_gz("\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\xcf\xc8\x05\0\x45\xa9\xed\x22\x03\0\0\0",
                         23);

std::string as_text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::span<const std::byte> as_span(const std::string& text) {
  return std::as_bytes(std::span(text));
}

/// Text that compresses to several input and output blocks.
std::string long_text() {
  std::string text;
  std::uint32_t state = 1;
  while (text.size() < 1'000'000)
    text += std::to_string(state = state * 1664525u + 1013904223u) + "\n";
  return text;
}

std::string user_error(const std::filesystem::path& path, std::size_t max_bytes = plenty) {
  return message_of<core::UserError>([&] { (void)io::read_gzip(path, max_bytes); });
}

}  // namespace

TEST_CASE("a gzip file made by gzip itself is read") {
  const TempFolder folder;
  write_bytes(folder / "ohm.gz", ohm_gz);
  CHECK(as_text(io::read_gzip(folder / "ohm.gz", 3)) == "ohm");
  write_bytes(folder / "ohm", ohm_gz);
  CHECK(as_text(io::read_file(folder / "ohm", 3)) == "ohm");
}

TEST_CASE("long content survives writing and reading, compressed or plain") {
  const TempFolder folder;
  const std::string text = long_text();
  io::write_file(folder / "x.gz", as_span(text));
  io::write_file(folder / "x", as_span(text));
  CHECK(std::filesystem::file_size(folder / "x.gz") < text.size() * 6 / 10);
  CHECK(std::filesystem::file_size(folder / "x") == text.size());
  CHECK(as_text(io::read_gzip(folder / "x.gz", text.size())) == text);
  CHECK(as_text(io::read_file(folder / "x.gz", text.size())) == text);
  CHECK(as_text(io::read_file(folder / "x", text.size())) == text);
  CHECK_FALSE(std::filesystem::exists(folder / "x.part"));
}

TEST_CASE("content that compresses a thousandfold is read to its last byte") {
  const TempFolder folder;
  for (const std::size_t size : {0u, 1u, 65535u, 65536u, 65537u, 5'000'000u}) {
    io::write_file(folder / "zeros.gz", as_span(std::string(size, 'z')));
    CHECK(as_text(io::read_gzip(folder / "zeros.gz", plenty)) == std::string(size, 'z'));
  }
}

TEST_CASE("the members of a gzip file are read one after the other") {
  const TempFolder folder;
  write_bytes(folder / "x.gz", ohm_gz + ohm_gz + ohm_gz);
  CHECK(as_text(io::read_gzip(folder / "x.gz", 9)) == "ohmohmohm");
}

TEST_CASE("equal content is compressed to equal bytes without a time in them") {
  const TempFolder folder;
  io::write_file(folder / "a.gz", as_span("same"));
  io::write_file(folder / "b.gz", as_span("same"));
  CHECK(bytes_of(folder / "a.gz") == bytes_of(folder / "b.gz"));
  CHECK(bytes_of(folder / "a.gz").substr(3, 5) == std::string(5, '\0'));
}

TEST_CASE("a missing file is the world's fault") {
  const TempFolder folder;
  const auto path = folder / "none.gz";
  const std::string expected = path.string() + ": cannot be opened: No such file or directory";
  CHECK(message_of<core::WorldError>([&] { (void)io::read_gzip(path, plenty); }) == expected);
  CHECK(message_of<core::WorldError>([&] { (void)io::read_file(path, plenty); }) == expected);
}

TEST_CASE("a folder is not a file") {
  const TempFolder folder;
  CHECK(user_error(folder.path()) ==
        folder.path().string() + ": expected a gzip file, found a folder");
  CHECK(message_of<core::UserError>([&] { (void)io::read_file(folder.path(), plenty); }) ==
        folder.path().string() + ": expected a file, found a folder");
}

TEST_CASE("what is not gzip is named by what it is") {
  const TempFolder folder;
  const auto path = folder / "x.gz";
  const std::string start = path.string() + ": expected a gzip file, found ";
  write_bytes(path, "plain text");
  CHECK(user_error(path) == start + "a file starting with 70 6c 61 69 6e 20 74 65");
  CHECK(message_of<core::UserError>([&] { (void)io::read_file(path, plenty); }) ==
        user_error(path));
  write_bytes(path, "");
  CHECK(user_error(path) == start + "an empty file");
  write_bytes(path, "\x1f");
  CHECK(user_error(path) == start + "a file starting with 1f");
  write_bytes(path, "PK\x03\x04....");
  CHECK(user_error(path) == start + "a zip file");
}

TEST_CASE("a gzip file cut off anywhere is noticed") {
  const TempFolder folder;
  const auto path = folder / "x.gz";
  for (std::size_t length = 2; length < ohm_gz.size(); ++length) {
    write_bytes(path, ohm_gz.substr(0, length));
    CHECK(user_error(path).find(path.string() +
                                ": expected a complete gzip file, found one cut off at byte " +
                                std::to_string(length) + ", after ") == 0);
  }
  CHECK(user_error(path).ends_with("cut off at byte 22, after 3 uncompressed bytes"));
  io::write_file(path, as_span(long_text()));
  const std::string whole = bytes_of(path);
  for (std::size_t length = 2; length < whole.size(); length += whole.size() / 37) {
    write_bytes(path, whole.substr(0, length));
    CHECK(user_error(path).find("expected a complete gzip file, found one cut off at byte " +
                                std::to_string(length)) != std::string::npos);
  }
}

TEST_CASE("bytes behind the end of a gzip file are noticed") {
  const TempFolder folder;
  const auto path = folder / "x.gz";
  for (const std::string& junk :
       {std::string("\0", 1), std::string("junk"), std::string("\x1f"), long_text()}) {
    write_bytes(path, ohm_gz + junk);
    CHECK(user_error(path) ==
          path.string() + ": expected a gzip file, found other bytes behind its end at byte 23");
  }
  write_bytes(path, ohm_gz + ohm_gz.substr(0, 12));
  CHECK(user_error(path).find("expected a complete gzip file, found one cut off at byte 35") !=
        std::string::npos);
}

TEST_CASE("a damaged gzip file is noticed by its check sum") {
  const TempFolder folder;
  const auto path = folder / "x.gz";
  std::string damaged = ohm_gz;
  damaged[16] ^= 1;
  write_bytes(path, damaged);
  CHECK(user_error(path) ==
        path.string() +
            ": expected intact gzip data, found damage near byte 19 (incorrect data check)");
}

TEST_CASE("no more is uncompressed than the caller can take") {
  const TempFolder folder;
  io::write_file(folder / "bomb.gz", as_span(std::string(5'000'000, 'z')));
  CHECK(user_error(folder / "bomb.gz", 4'999'999) ==
        (folder / "bomb.gz").string() +
            ": expected at most 4999999 uncompressed bytes, found more");
  CHECK(io::read_gzip(folder / "bomb.gz", 5'000'000).size() == 5'000'000);
  write_bytes(folder / "plain", "four");
  CHECK(message_of<core::UserError>([&] { (void)io::read_file(folder / "plain", 3); }) ==
        (folder / "plain").string() + ": expected at most 3 bytes, found more");
  CHECK(as_text(io::read_file(folder / "plain", 4)) == "four");
}

TEST_CASE("a file that cannot be written leaves nothing behind") {
  const TempFolder folder;
  write_bytes(folder / "file", "x");
  const std::string message =
      message_of<core::WorldError>([&] { io::write_file(folder / "file/x.gz", as_span("text")); });
  CHECK(message == (folder / "file").string() + ": folder cannot be made: Not a directory");
  std::filesystem::create_directories(folder / "taken.gz");
  CHECK(message_of<core::UserError>([&] {
    io::write_file(folder / "taken.gz", as_span("text"));
  }) == (folder / "taken.gz").string() + ": expected the name of a file, found a folder");
  CHECK_FALSE(std::filesystem::exists(folder / "taken.gz.part"));
}
