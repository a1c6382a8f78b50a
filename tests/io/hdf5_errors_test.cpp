#include <csignal>
#include <stdexcept>
#include <string>

#include <sys/resource.h>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/io/hdf5.hpp"

#include "tests/catch.hpp"
#include "tests/io/hdf5_sample.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;
using io::Hdf5Reader;
using io::Hdf5Writer;

namespace {

/// The message of the UserError that `call` on a reader of `path` must give, without the path in
/// front.
template <class F>
std::string error_of(const std::filesystem::path& path, F call) {
  const std::string message = message_of<core::UserError>([&] { call(Hdf5Reader(path)); });
  const std::string start = path.string() + ": ";
  return message.starts_with(start) ? message.substr(start.size())
                                    : "does not begin with the path: " + message;
}

std::string error_on_opening(const std::filesystem::path& path) {
  return error_of(path, [](const Hdf5Reader&) {});
}

}  // namespace

TEST_CASE("an HDF5 file that cannot be written is the world's fault, with the path") {
  const TempFolder folder;
  write_bytes(folder / "file", "x");
  CHECK(message_of<core::WorldError>([&] { Hdf5Writer writer(folder / "file/x.h5"); }) ==
        (folder / "file").string() + ": folder cannot be made: Not a directory");
  std::filesystem::create_directories(folder / "y.h5.part");
  CHECK(message_of<core::WorldError>([&] { Hdf5Writer writer(folder / "y.h5"); }) ==
        (folder / "y.h5.part").string() + ": cannot be written: Is a directory");
  std::filesystem::create_directories(folder / "z.h5");
  CHECK(message_of<core::UserError>([&] { Hdf5Writer(folder / "z.h5").commit(); }) ==
        (folder / "z.h5").string() + ": expected the name of a file, found a folder");
  CHECK_FALSE(std::filesystem::exists(folder / "z.h5.part"));
}

TEST_CASE("a disk that fills up while an HDF5 file is written is the world's fault") {
  const TempFolder folder;
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto signal_before = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{100'000, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const std::string message = message_of<core::WorldError>([&] {
    Hdf5Writer writer(folder / "x.h5");
    for (const char* name : {"a", "b", "c"})
      writer.dataset(name, std::vector<double>(8000, 1.5), {8000}, {});
    writer.commit();
  });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, signal_before);
  CHECK(message == (folder / "x.h5.part").string() + ": cannot be written: File too large");
  CHECK_FALSE(std::filesystem::exists(folder / "x.h5"));
  CHECK_FALSE(std::filesystem::exists(folder / "x.h5.part"));
}

TEST_CASE("contradictions in what is to be written to an HDF5 file are refused") {
  const TempFolder folder;
  Hdf5Writer writer(folder / "x.h5");
  const std::string part = (folder / "x.h5.part").string();
  CHECK(message_of<std::invalid_argument>([&] {
    writer.dataset("/a", std::vector<double>(5), {2, 3}, {});
  }) == part + ": /a of shape [2, 3] does not have 5 values");
  CHECK(message_of<std::invalid_argument>([&] {
    writer.text("/a", std::string_view("a\0b", 3));
  }) == "text for an HDF5 file holds a NUL");
  writer.scalar("/a", 1, {});
  CHECK(message_of<core::WorldError>([&] { writer.scalar("/a", 1, {}); }) ==
        part + ": cannot make /a: name already exists");
  CHECK(message_of<core::WorldError>([&] {
    writer.attribute("/b", "n", 1.0);
  }).find(part + ": cannot find /b: ") == 0);
  CHECK(message_of<core::WorldError>([&] {
    writer.scalar("/a/b", 1, {});
  }).find(part + ": cannot make /a/b: ") == 0);
  writer.scale("/s", std::vector<double>(3), {});
  writer.dataset("/d", std::vector<double>(4), {4}, {});
  CHECK(message_of<std::invalid_argument>([&] { writer.attach("/d", 0, "/s"); }) ==
        part + ": dimension 0 of /d, of shape [4], is not as long as /s, 3");
  CHECK(message_of<std::invalid_argument>([&] { writer.attach("/d", 1, "/s"); }) ==
        part + ": dimension 1 of /d, of shape [4], is not as long as /s, 3");
}

TEST_CASE("a file that is not HDF5 is named by what it is") {
  const TempFolder folder;
  const auto path = folder / "x.h5";
  CHECK(message_of<core::WorldError>([&] { Hdf5Reader reader(path); }) ==
        path.string() + ": cannot be opened: No such file or directory");
  CHECK(error_on_opening(folder.path()) == "expected an HDF5 file, found a folder");
  write_bytes(path, "");
  CHECK(error_on_opening(path) == "expected an HDF5 file, found an empty file");
  write_bytes(path, "\x1f\x8b\x08 and so on");
  CHECK(error_on_opening(path) == "expected an HDF5 file, found a gzip file");
  write_bytes(path, "\x89HDF");
  CHECK(error_on_opening(path) == "expected an HDF5 file, found a file starting with 89 48 44 46");
  write_bytes(path, "seed = 1\n");
  CHECK(error_on_opening(path) ==
        "expected an HDF5 file, found a file starting with 73 65 65 64 20 3d 20 31");
}

TEST_CASE("an HDF5 file cut off anywhere is noticed when it is opened") {
  const TempFolder folder;
  write_sample(folder / "whole.h5");
  const std::string whole = bytes_of(folder / "whole.h5");
  const auto path = folder / "cut.h5";
  std::size_t step = 1;
  for (std::size_t length = 0; length < whole.size(); length += step) {
    write_bytes(path, whole.substr(0, length));
    const std::string message = error_on_opening(path);
    const char* expected =
        length < 5 ? "expected an HDF5 file, found " : "expected a complete HDF5 file, found ";
    if (message.find(expected) != 0) FAIL("cut at " << length << ": " << message);
    if (length > 700) step = 97;
  }
  write_bytes(path, whole.substr(0, whole.size() - 1));
  CHECK(error_on_opening(path) == "expected a complete HDF5 file, found a truncated one (" +
                                      std::to_string(whole.size() - 1) + " of " +
                                      std::to_string(whole.size()) + " bytes)");
}

TEST_CASE("a missing object of an HDF5 file is named") {
  const TempFolder folder;
  const auto path = folder / "x.h5";
  write_sample(path);
  CHECK(error_of(path, [](const auto& r) { (void)r.read_doubles("/metrics/kl"); }) ==
        "expected a dataset /metrics/kl, found none");
  CHECK(error_of(path, [](const auto& r) { (void)r.read_text("/metrics"); }) ==
        "expected a dataset /metrics, found a group");
  CHECK(error_of(path, [](const auto& r) { (void)r.names("/nowhere"); }) ==
        "expected a group /nowhere, found none");
  CHECK(error_of(path, [](const auto& r) { (void)r.names("/config"); }) ==
        "expected a group /config, found a dataset");
  CHECK(error_of(path, [](const auto& r) { (void)r.attribute_text("/run", "host"); }) ==
        "expected attribute host of /run, found none");
  CHECK(error_of(path, [](const auto& r) { (void)r.attribute_text("/ran", "host"); }) ==
        "expected attribute host of /ran, found no /ran");
  CHECK(error_of(path, [](const auto& r) { (void)r.scale_name("/nowhere", 0); }) ==
        "expected a dataset /nowhere, found none");
}

TEST_CASE("a wrong type or shape in an HDF5 file is named") {
  const TempFolder folder;
  const auto path = folder / "x.h5";
  write_sample(path);
  CHECK(error_of(path, [](const auto& r) { (void)r.read_doubles("/config"); }) ==
        "expected float64 values in /config, found text");
  CHECK(error_of(path, [](const auto& r) { (void)r.read_strings("/metrics/loss"); }) ==
        "expected text values in /metrics/loss, found float64");
  CHECK(error_of(path, [](const auto& r) { (void)r.attribute_int64("/run", "seconds"); }) ==
        "expected int64 values in attribute seconds of /run, found float64");
  CHECK(error_of(path, [](const auto& r) { (void)r.read_scalar("/metrics/loss"); }) ==
        "expected one value in /metrics/loss, found shape [3]");
  CHECK(error_of(path, [](const auto& r) { (void)r.read_text("/tally/entry"); }) ==
        "expected one value in /tally/entry, found shape [2]");
  const io::Hdf5Shape right{200, 150}, turned{150, 200};
  CHECK(error_of(path, [&](const auto& r) { (void)r.read_floats("/state/weights", turned); }) ==
        "expected shape [150, 200] of /state/weights, found [200, 150]");
  CHECK(Hdf5Reader(path).read_floats("/state/weights", right).shape == right);
}

TEST_CASE("numbers are read into a wider type and never into one that cannot hold them all") {
  const TempFolder folder;
  const auto path = folder / "x.h5";
  write_sample(path);
  const Hdf5Reader reader(path);
  CHECK(reader.read_doubles("/state/weights").values[1] == static_cast<double>(1.0f / 977.0f));
  CHECK(reader.read_floats("/state/bytes").values == std::vector<float>{0, 127, 255});
  CHECK(reader.read_int64("/state/bytes").values == std::vector<std::int64_t>{0, 127, 255});
  CHECK(error_of(path, [](const auto& r) { (void)r.read_floats("/metrics/loss"); }) ==
        "expected float32 values in /metrics/loss, found float64");
  CHECK(error_of(path, [](const auto& r) { (void)r.read_doubles("/metrics/epoch"); }) ==
        "expected float64 values in /metrics/epoch, found int64");
  CHECK(error_of(path, [](const auto& r) { (void)r.read_int64("/tally/count"); }) ==
        "expected int64 values in /tally/count, found uint64");
  CHECK(error_of(path, [](const auto& r) { (void)r.read_uint64("/metrics/epoch"); }) ==
        "expected uint64 values in /metrics/epoch, found int64");
  CHECK(error_of(path, [](const auto& r) { (void)r.read_uint8("/metrics/epoch"); }) ==
        "expected uint8 values in /metrics/epoch, found int64");
}
