#include "ohmlab/io/idx.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "ohmlab/core/errors.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;

namespace {

/// Header bytes as the format has them: magic, type, number of dimensions, big-endian extents.
std::string header(char type, const std::vector<std::uint32_t>& shape) {
  std::string bytes{'\0', '\0', type, static_cast<char>(shape.size())};
  for (const std::uint32_t extent : shape)
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(extent >> shift & 0xff);
  return bytes;
}

std::string error_on(const std::filesystem::path& path) {
  const std::string message = message_of<core::UserError>([&] { (void)io::read_idx(path); });
  const std::string start = path.string() + ": ";
  return message.starts_with(start) ? message.substr(start.size())
                                    : "does not begin with the path: " + message;
}

std::string error_on(const TempFolder& folder, const std::string& bytes) {
  write_bytes(folder / "x-idx", bytes);
  return error_on(folder / "x-idx");
}

}  // namespace

TEST_CASE("an IDX file written byte by byte is read") {
  const TempFolder folder;
  write_bytes(folder / "x", header(8, {2, 3}) + std::string("\x01\x02\x03\x04\x05\xff"));
  const io::IdxArray array = io::read_idx(folder / "x");
  CHECK(array.shape == std::vector<std::uint32_t>{2, 3});
  CHECK(array.values == std::vector<std::uint8_t>{1, 2, 3, 4, 5, 255});
}

TEST_CASE(
    "IDX arrays of one to four dimensions survive writing and reading, plain and compressed") {
  const TempFolder folder;
  for (const char* name : {"x", "x.gz"}) {
    for (const auto& shape :
         std::vector<std::vector<std::uint32_t>>{{24}, {6, 4}, {2, 3, 4}, {2, 3, 2, 2}, {0, 7}}) {
      io::IdxArray array{shape, std::vector<std::uint8_t>(shape[0] == 0 ? 0 : 24)};
      for (std::size_t k = 0; k < array.values.size(); ++k)
        array.values[k] = static_cast<std::uint8_t>(11 * k);
      io::write_idx(folder / name, array);
      const io::IdxArray read = io::read_idx(folder / name);
      CHECK(read.shape == array.shape);
      CHECK(read.values == array.values);
    }
  }
  CHECK(bytes_of(folder / "x") == header(8, {0, 7}));
}

TEST_CASE("a foreign file is not taken for IDX") {
  const TempFolder folder;
  CHECK(error_on(folder, "") == "expected an IDX file, found an empty file");
  CHECK(error_on(folder, "label,x,y\n") ==
        "expected an IDX file, found a file starting with 6c 61 62 65 6c 2c 78 2c");
  CHECK(error_on(folder, std::string("\0\0\x08", 3)) ==
        "expected an IDX file, found a file starting with 00 00 08");
  CHECK(error_on(folder, std::string("\0\1\x08\x01", 4)) ==
        "expected an IDX file, found a file starting with 00 01 08 01");
  CHECK(error_on(folder.path()) == "expected a file, found a folder");
  CHECK(message_of<core::WorldError>([&] { (void)io::read_idx(folder / "none"); }) ==
        (folder / "none").string() + ": cannot be opened: No such file or directory");
  write_bytes(folder / "x.gz", header(8, {1}) + "v");
  CHECK(error_on(folder / "x.gz") ==
        "expected a gzip file, found a file starting with 00 00 08 01 00 00 00 01");
}

TEST_CASE("IDX types other than unsigned bytes are refused by name") {
  const TempFolder folder;
  CHECK(error_on(folder, header(0x0d, {1}) + "vvvv") ==
        "expected IDX values of type 0x08 (unsigned byte), found type 0x0d (float32)");
  CHECK(error_on(folder, header(0x0b, {1}) + "vv") ==
        "expected IDX values of type 0x08 (unsigned byte), found type 0x0b (int16)");
  CHECK(error_on(folder, header(0x77, {1}) + "v") ==
        "expected IDX values of type 0x08 (unsigned byte), found type 0x77 (unknown)");
}

TEST_CASE("an IDX file has one to four dimensions") {
  const TempFolder folder;
  CHECK(error_on(folder, header(8, {}) + "v") == "expected 1 to 4 IDX dimensions, found 0");
  CHECK(error_on(folder, header(8, {1, 1, 1, 1, 1}) + "v") ==
        "expected 1 to 4 IDX dimensions, found 5");
  CHECK(error_on(folder, std::string("\0\0\x08\xff", 4)) ==
        "expected 1 to 4 IDX dimensions, found 255");
}

TEST_CASE("the length of an IDX file is exactly what its header says") {
  const TempFolder folder;
  CHECK(error_on(folder, header(8, {2, 3}).substr(0, 10)) ==
        "expected an IDX header of 12 bytes, found 10 bytes");
  CHECK(error_on(folder, header(8, {2, 3}) + "12345") ==
        "expected 18 bytes for IDX shape [2, 3], found 17 bytes");
  CHECK(error_on(folder, header(8, {2, 3}) + "1234567") ==
        "expected 18 bytes for IDX shape [2, 3], found 19 bytes");
  CHECK(error_on(folder, header(8, {2, 3})) ==
        "expected 18 bytes for IDX shape [2, 3], found 12 bytes");
  CHECK(error_on(folder, header(8, {0xffffffff, 0}) + "1") ==
        "expected 12 bytes for IDX shape [4294967295, 0], found 13 bytes");
}

TEST_CASE("absurd sizes in an IDX header are refused without allocating or overflowing") {
  const TempFolder folder;
  CHECK(error_on(folder, header(8, {0xffffffff, 0xffffffff, 0xffffffff})) ==
        "expected at most 2147483648 IDX values, found shape [4294967295, 4294967295, 4294967295]");
  // The product is 2^64, which is 0 in 64 bits.
  CHECK(error_on(folder, header(8, {65536, 65536, 65536, 65536})) ==
        "expected at most 2147483648 IDX values, found shape [65536, 65536, 65536, 65536]");
  CHECK(error_on(folder, header(8, {0x80000001})) ==
        "expected at most 2147483648 IDX values, found shape [2147483649]");
  CHECK(error_on(folder, header(8, {0x80000000}) + "v") ==
        "expected 2147483656 bytes for IDX shape [2147483648], found 9 bytes");
}

TEST_CASE("an IDX array that contradicts itself is not written") {
  const TempFolder folder;
  CHECK(message_of<std::invalid_argument>([&] {
    io::write_idx(folder / "x", {{2, 2}, {1, 2, 3}});
  }) == "an IDX array of shape [2, 2] does not have 3 values");
  CHECK(message_of<std::invalid_argument>([&] { io::write_idx(folder / "x", {{}, {1}}); }) ==
        "an IDX array has 1 to 4 dimensions, not 0");
  CHECK_FALSE(std::filesystem::exists(folder / "x"));
}

TEST_CASE("Fashion-MNIST as Debian packages it has the published sizes and brightness") {
  const std::filesystem::path folder = "/usr/share/datasets/fashion-mnist";
  if (!std::filesystem::exists(folder)) {
    WARN("dataset-fashion-mnist is not installed; nothing was compared");
    return;
  }
  const io::IdxArray images = io::read_idx(folder / "train-images-idx3-ubyte.gz");
  CHECK(images.shape == std::vector<std::uint32_t>{60000, 28, 28});
  const auto on =
      std::count_if(images.values.begin(), images.values.end(), [](auto v) { return v >= 128; });
  CHECK(100.0 * static_cast<double>(on) / static_cast<double>(images.values.size()) ==
        Approx(31.47).margin(0.005));

  const io::IdxArray labels = io::read_idx(folder / "train-labels-idx1-ubyte.gz");
  CHECK(labels.shape == std::vector<std::uint32_t>{60000});
  for (std::uint8_t digit = 0; digit < 10; ++digit)
    CHECK(std::count(labels.values.begin(), labels.values.end(), digit) == 6000);
  CHECK(io::read_idx(folder / "t10k-images-idx3-ubyte.gz").shape ==
        std::vector<std::uint32_t>{10000, 28, 28});
  CHECK(io::read_idx(folder / "t10k-labels-idx1-ubyte.gz").shape ==
        std::vector<std::uint32_t>{10000});
}
