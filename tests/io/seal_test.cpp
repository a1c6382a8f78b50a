#include "ohmlab/io/seal.hpp"

#include <csignal>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <unistd.h>

#include "ohmlab/core/hash.hpp"
#include "ohmlab/core/rng.hpp"
#include "ohmlab/io/hdf5.hpp"
#include "ohmlab/io/sandbox.hpp"

#include "tests/catch.hpp"
#include "tests/io/hdf5_sample.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;
using io::Hdf5Reader;
using io::Hdf5Writer;
using io::Trust;

namespace {

std::vector<std::byte> as_bytes(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text.data(), text.size()));
  return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("a file begins with the length and the digest of what follows its first 512 bytes") {
  const TempFolder folder;
  write_sample(folder / "x.h5");
  const std::string file = bytes_of(folder / "x.h5");
  const std::string content = file.substr(io::seal_bytes);
  CHECK(file.find("ohmlab file 1\nbytes " + std::to_string(content.size()) + "\nsha256 " +
                  core::Sha256().add(content).hex() + "\n") == 0);
  CHECK(file[io::seal_bytes - 1] == '\n');
  CHECK(content.substr(0, 8) == "\x89HDF\r\n\x1a\n");
}

TEST_CASE("one bit changed anywhere in a file is noticed before HDF5 reads it") {
  const TempFolder folder;
  const auto path = folder / "x.h5";
  write_sample(path);
  const std::string whole = bytes_of(path);
  const core::Stream stream = core::stream(3, core::StreamId::data);
  for (std::size_t at = 0; at < whole.size(); at += at < 2 * io::seal_bytes ? 1 : 37) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(
        damaged[at] ^ (1 << core::random_below(stream, static_cast<std::uint32_t>(at), 0, 8)));
    const std::string message =
        message_of<core::UserError>([&] { Hdf5Reader reader(as_bytes(damaged), path); });
    if (message.find(path.string() + ": expected ") != 0) FAIL("byte " << at << ": " << message);
  }
}

TEST_CASE("a file of another program has no seal, which is said, and is read on request") {
  const TempFolder folder;
  const auto path = folder / "x.h5";
  write_sample(path);
  const std::string bare = bytes_of(path).substr(io::seal_bytes);
  CHECK(message_of<io::ChangedFile>([&] { Hdf5Reader reader(as_bytes(bare), path); }) ==
        path.string() +
            ": expected a file with ohmlab's digest in front, found one without: another program "
            "or an earlier version wrote it");
  CHECK(Hdf5Reader(as_bytes(bare), path, Trust::any).read_scalar("/final") == -110.7);
}

TEST_CASE("a file that cannot be read back keeps the old one") {
  const TempFolder folder;
  const auto path = folder / "x.h5";
  {
    Hdf5Writer writer(path);
    writer.scalar("x", 1, {});
    writer.commit();
  }
  {
    Hdf5Writer writer(path);
    writer.scalar("x", 2, {});
    CHECK(message_of<core::WorldError>([&] {
      writer.commit([](const Hdf5Reader& back) { static_cast<void>(back.read_scalar("y")); });
    }) == "not stored, for it cannot be read back: " + path.string() +
              ".part: expected a dataset y, found none");
  }
  CHECK(Hdf5Reader(path).read_scalar("x") == 1);
  CHECK_FALSE(std::filesystem::exists(path.string() + ".part"));
}

TEST_CASE("a sandbox gives back bytes, errors, and the end of a child that crashed or never ends") {
  const std::filesystem::path path = "x.h5";
  const std::vector<std::byte> large(std::size_t{1} << 20, std::byte{7});
  CHECK(io::in_sandbox(path, [&] { return large; }) == large);
  CHECK(io::in_sandbox(path, [] { return std::vector<std::byte>(); }).empty());
  const auto failing = [&](auto fail) {
    return [&, fail] {
      static_cast<void>(io::in_sandbox(path, [&]() -> std::vector<std::byte> {
        fail();
        return {};
      }));
    };
  };
  CHECK(message_of<core::UserError>(failing([&] { throw core::UserError(path, "a", "b"); })) ==
        "x.h5: expected a, found b");
  CHECK(message_of<core::WorldError>(failing([&] { throw core::WorldError(path, "is gone"); })) ==
        "x.h5: is gone");
  CHECK(message_of<core::UserError>(failing([] { throw std::logic_error("no"); })) ==
        "x.h5: expected an HDF5 file that can be read, found damage (no)");
  CHECK(message_of<core::UserError>(failing([] { std::raise(SIGKILL); }))
            .find("x.h5: expected an HDF5 file that can be read, found damage (the HDF5 library "
                  "ended by signal 9") == 0);
  CHECK(message_of<core::UserError>(failing([] { ::_exit(3); })) ==
        "x.h5: expected an HDF5 file that can be read, found damage (the HDF5 library gave up)");
}
