#include "ohmlab/io/data_windows.hpp"

#include "ohmlab/core/config.hpp"
#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/field_values.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;

namespace {

io::TextWindows windows_of(const TempFolder& folder, const std::string& content,
                           const std::string& more) {
  write_bytes(folder / "text.txt", content);
  return core::read<io::TextWindows>(core::parse_config(
      "file = '" + (folder / "text.txt").string() + "'\n" + more, "windows.toml"));
}

/// The letter of each group of units that is on.
std::string letters(const core::Matrix& windows, core::Index row, const std::string& alphabet) {
  std::string out;
  const auto size = static_cast<core::Index>(alphabet.size());
  for (core::Index at = 0; at < windows.cols(); at += size) {
    REQUIRE(windows.row(row).segment(at, size).sum() == 1);
    core::Index on = 0;
    windows.row(row).segment(at, size).maxCoeff(&on);
    out += alphabet[static_cast<std::size_t>(on)];
  }
  return out;
}

}  // namespace

TEST_CASE("a window is one-hot, and the byte behind it is its label") {
  const TempFolder folder;
  const std::string text = "abcabdabcaabbccddabc";  // 20: 12 to train, 4 left out, 4 to test
  const io::Dataset data =
      windows_of(folder, text, "context = 2\nvalidation = 0.2\ntest = 0.2").load();
  const std::string alphabet = "abcd";
  REQUIRE(data.train.rows() == 10);
  REQUIRE(data.train.cols() == 8);
  for (core::Index w = 0; w < data.train.rows(); ++w) {
    const auto at = static_cast<std::size_t>(w);
    CHECK(letters(data.train, w, alphabet) == text.substr(at, 2));
    CHECK(alphabet[data.train_labels[at]] == text[at + 2]);
  }
  REQUIRE(data.test.rows() == 2);
  CHECK(letters(data.test, 0, alphabet) == "da");
  CHECK(letters(data.test, 1, alphabet) == "ab");
  CHECK(alphabet[data.test_labels[1]] == 'c');
  CHECK(data.binary);
}

TEST_CASE("a stride thins out the training windows alone") {
  const TempFolder folder;
  const std::string text = "abcabdabcaabbccddabc";
  const io::Dataset all =
      windows_of(folder, text, "context = 2\nvalidation = 0.2\ntest = 0.2").load();
  const io::Dataset third =
      windows_of(folder, text, "context = 2\nvalidation = 0.2\ntest = 0.2\nstride = 3").load();
  REQUIRE(third.train.rows() == 4);
  for (core::Index w = 0; w < 4; ++w) CHECK(third.train.row(w) == all.train.row(3 * w));
  CHECK(third.test == all.test);
}

TEST_CASE("a text too short or too large for its windows is refused") {
  const TempFolder folder;
  CHECK_THROWS_WITH(
      windows_of(folder, "abcabdabcaabbccddabc", "context = 9\nvalidation = 0.2\ntest = 0.2")
          .load(),
      ContainsSubstring("more than 9 characters in each part"));
  std::string long_text;
  for (int k = 0; k < 40000; ++k) long_text += static_cast<char>('!' + k * k % 89);
  CHECK_THROWS_WITH(windows_of(folder, long_text, "context = 1000").load(),
                    ContainsSubstring("a larger stride"));
}
