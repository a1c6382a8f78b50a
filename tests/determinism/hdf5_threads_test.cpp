#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "ohmlab/io/hdf5.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;

namespace {

constexpr std::size_t files = 3, texts = 2000;

std::vector<std::string> texts_of(std::size_t file) {
  std::vector<std::string> out;
  for (std::size_t k = 0; k < texts; ++k)
    out.push_back(std::string(1 + (k * 7) % 30, static_cast<char>('a' + file)) + std::to_string(k));
  return out;
}

}  // namespace

TEST_CASE("threads that read files at the same time get each file's own texts") {
  const TempFolder folder;
  std::array<std::filesystem::path, files> paths;
  for (std::size_t f = 0; f < files; ++f) {
    paths[f] = folder / (std::to_string(f) + ".h5");
    io::Hdf5Writer writer(paths[f]);
    writer.scale("/t/k", texts_of(f), {"", "texts"});
    writer.attribute("/t", "name", std::string(100, static_cast<char>('a' + f)));
    writer.commit();
  }
  std::atomic<int> wrong = 0;
  std::vector<std::thread> readers;
  for (std::size_t r = 0; r < 4; ++r) {
    readers.emplace_back([&, r] {
      for (std::size_t k = 0; k < 150; ++k) {
        const std::size_t f = (r + k) % files;
        const io::Hdf5Reader reader(paths[f]);
        const bool right =
            reader.read_strings("/t/k").values == texts_of(f) &&
            reader.attribute_text("/t", "name") == std::string(100, static_cast<char>('a' + f));
        if (!right) ++wrong;
      }
    });
  }
  for (std::thread& reader : readers) reader.join();
  CHECK(wrong == 0);
}

TEST_CASE("threads that write files at the same time write each its own") {
  const TempFolder folder;
  std::vector<std::thread> writers;
  for (std::size_t w = 0; w < 4; ++w) {
    writers.emplace_back([&, w] {
      for (int k = 0; k < 20; ++k) {
        io::Hdf5Writer writer(folder / (std::to_string(w) + ".h5"));
        writer.scale("/t/k", texts_of(w), {"", "texts"});
        writer.commit();
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  for (std::size_t w = 0; w < 4; ++w)
    CHECK(io::Hdf5Reader(folder / (std::to_string(w) + ".h5")).read_strings("/t/k").values ==
          texts_of(w));
}
