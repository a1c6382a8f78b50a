#include "ohmlab/io/part_file.hpp"

#include <filesystem>

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
