#include "ohmlab/io/file_lock.hpp"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "ohmlab/core/errors.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;
using io::FileLock;

TEST_CASE("a lock keeps others away and leaves no file") {
  const TempFolder folder;
  const auto file = folder / "lock";
  {
    const FileLock lock(file);
    REQUIRE(lock.held());
    lock.leave("by me");
    const FileLock other(file);
    CHECK_FALSE(other.held());
    CHECK(other.note() == "by me");
  }
  CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("one who has found a lock held removes nothing") {
  const TempFolder folder;
  const FileLock lock(folder / "lock");
  {
    const FileLock other(folder / "lock");
  }
  CHECK(std::filesystem::exists(folder / "lock"));
  CHECK_FALSE(FileLock(folder / "lock").held());
}

TEST_CASE("those who wait for a lock hold it one at a time although each removes its file") {
  const TempFolder folder;
  const auto file = folder / "lock";
  constexpr int waiting = 8, rounds = 200;
  std::atomic<int> inside = 0, clashes = 0, turns = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < waiting; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) {
        const FileLock lock(file, FileLock::Wait::yes);
        if (!lock.held() || ++inside != 1) ++clashes;
        std::this_thread::yield();
        ++turns;
        --inside;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(clashes == 0);
  CHECK(turns == waiting * rounds);
}

TEST_CASE("a lock on a file that is gone is no lock") {
  const TempFolder folder;
  const auto file = folder / "lock";
  auto first = std::make_unique<FileLock>(file);
  std::thread waiting([&] {
    const FileLock second(file, FileLock::Wait::yes);
    CHECK(second.held());
    CHECK(std::filesystem::exists(file));
    CHECK_FALSE(FileLock(file).held());
  });
  first.reset();  // removes the file, before or after the other has opened it
  waiting.join();
}

TEST_CASE("a lock is made of no link, folder or FIFO") {
  const TempFolder folder;
  std::filesystem::create_symlink(folder / "target", folder / "link");
  std::filesystem::create_directory(folder / "folder");
  for (const char* name : {"link", "folder"}) {
    INFO(name);
    CHECK_THROWS_AS(FileLock(folder / name), core::WorldError);
  }
  CHECK_FALSE(std::filesystem::exists(folder / "target"));
}
