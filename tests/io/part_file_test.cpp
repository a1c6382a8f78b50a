#include "ohmlab/io/part_file.hpp"

#include <filesystem>

#include "ohmlab/core/errors.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;

TEST_CASE("a file that is given up leaves neither a part nor the folder that was made for it") {
  const TempFolder folder;
  const auto results = folder / "results";
  {
    const io::PartFile file(results / "a.h5");
    file.write({});
    CHECK(std::filesystem::exists(results / "a.h5.part"));
  }
  CHECK_FALSE(std::filesystem::exists(results));

  std::filesystem::create_directory(results);
  {
    const io::PartFile file(results / "a.h5");
  }
  CHECK(std::filesystem::exists(results));  // it was there before

  std::filesystem::remove(results);
  {
    const io::PartFile file(results / "a.h5");
    write_bytes(results / "other.txt", "someone else's");
  }
  CHECK(std::filesystem::exists(results / "other.txt"));
}

TEST_CASE("a part that is a link is replaced and its target stays as it is") {
  const TempFolder folder;
  write_bytes(folder / "precious.txt", "mine");
  std::filesystem::create_symlink(folder / "precious.txt", folder / "a.h5.part");
  io::PartFile file(folder / "a.h5");
  file.write({});
  CHECK(bytes_of(folder / "precious.txt") == "mine");
  CHECK_FALSE(std::filesystem::is_symlink(file.path()));
  file.commit();
  CHECK(std::filesystem::is_regular_file(std::filesystem::symlink_status(folder / "a.h5")));
}

TEST_CASE(
    "folders that are missing are made with those above them, and go again if nothing was stored") {
  const TempFolder folder;
  {
    const io::PartFile file(folder / "a/b/c/x.h5");
    CHECK(std::filesystem::is_directory(folder / "a/b/c"));
  }
  CHECK_FALSE(std::filesystem::exists(folder / "a"));
  const auto made = io::make_folders(folder / "a/b");
  CHECK(made == std::vector<std::filesystem::path>{folder / "a", folder / "a/b"});
  CHECK(io::make_folders(folder / "a/b").empty());
  write_bytes(folder / "file", "x");
  for (const char* name : {"file", "file/below", "file/below/this"}) {
    CHECK(message_of<core::WorldError>([&] {
      static_cast<void>(io::make_folders(folder / name));
    }) == (folder / name).string() + ": folder cannot be made: Not a directory");
  }
}
