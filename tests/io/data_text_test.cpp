#include "ohmlab/io/data_text.hpp"

#include <cstddef>
#include <span>

#include "ohmlab/core/config.hpp"
#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/field_values.hpp"
#include "ohmlab/io/gzip.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;
using Tokens = std::vector<std::int32_t>;

namespace {

io::TextFile written(const TempFolder& folder, const std::string& content,
                     const std::string& name = "text.txt") {
  io::write_file(folder / name, std::as_bytes(std::span(content)));
  io::TextFile out;
  out.file.resolved = folder / name;
  out.validation = 0.2;
  out.test = 0.4;
  return out;
}

}  // namespace

TEST_CASE("a text is cut in order: to train, to choose, to test") {
  const TempFolder folder;
  const io::SequenceSet text = written(folder, "dad\nbad cab").load();  // 11 characters: 5, 2 and 4
  CHECK(text.vocabulary == 6);
  CHECK(text.running());
  CHECK(text.train == Tokens{5, 2, 5, 0, 3});
  CHECK(text.validation == Tokens{2, 5});
  CHECK(text.test == Tokens{1, 4, 2, 3});
}

TEST_CASE("the vocabulary is that of all parts, and of no more characters than are used") {
  const TempFolder folder;
  io::TextFile source = written(folder, "aaaaaaaaabz~~~~");
  source.characters = 10;
  const io::SequenceSet text = source.load();
  CHECK(text.vocabulary == 2);
  CHECK(text.train.size() + text.validation.size() + text.test.size() == 10);
  CHECK(text.test.back() == 1);
  source.characters = 1000;
  CHECK(source.load().vocabulary == 4);
}

TEST_CASE("a compressed text is read like a plain one, bytes above 127 too") {
  const TempFolder folder;
  const std::string content = "na\xc3\xafve na\xc3\xafve";
  const io::SequenceSet plain = written(folder, content).load(),
                        packed = written(folder, content, "text.gz").load();
  CHECK(plain.digest == packed.digest);
  CHECK(plain.vocabulary == 7);
  CHECK(plain.test == packed.test);
}

TEST_CASE("the digest of a text follows each of its characters") {
  const TempFolder folder;
  const std::string before = written(folder, "abcdefghij").load().digest;
  CHECK(written(folder, "abcdefghij").load().digest == before);
  CHECK(written(folder, "abcdefghik").load().digest != before);
  CHECK(written(folder, "bbcdefghij").load().digest != before);
}

TEST_CASE("what is no text, or too short, is refused with its place") {
  const TempFolder folder;
  const std::string at = (folder / "text.txt").string();
  CHECK_THROWS_WITH(written(folder, "abc").load(),
                    at + ": expected at least 2 characters to train, to choose and to test, found "
                         "2, 0 and 1 of 3");
  CHECK_THROWS_WITH(written(folder, "").load(),
                    at + ": expected at least 2 characters to train, to choose and to test, found "
                         "0, 0 and 0 of 0");
  CHECK_THROWS_WITH(written(folder, std::string("abc\0def", 7)).load(),
                    at + ": expected a text, found a control character (byte 00 at 3)");
  CHECK_THROWS_WITH(
      core::read<io::TextFile>(core::parse_config("file = 'nowhere.txt'", "t.toml")).load(),
      "t.toml:1: file = \"nowhere.txt\": no such file beside the config that names it, nor below "
      "$OHMLAB_DATA");
  CHECK_THROWS_AS(core::read<io::TextFile>(core::parse_config("file = 'x'\ntest = 0", "t.toml")),
                  core::UserError);
}

TEST_CASE("characters are letters of UTF-8: they are counted, and no part cuts one") {
  const TempFolder folder;
  const std::string letters =
      "\u00e9\u00e8\u00ea\u00eb\u20ac\U0001f600";  // 2 + 2 + 2 + 2 + 3 + 4 bytes
  io::TextFile source = written(folder, letters + letters + letters + letters);
  source.validation = source.test = 0.3;
  const io::SequenceSet text = source.load();
  CHECK(text.train.size() + text.validation.size() + text.test.size() == 60);
  CHECK(text.test.size() == 15);  // 18 bytes would begin inside of the last letter
  CHECK(text.validation.size() == 19);
  CHECK(text.tokens_per_character == 2.5);

  source = written(folder, "a\u00e9a\u00e9a\u00e9a\u00e9a\u00e9");
  source.characters = 9;
  const io::SequenceSet first = source.load();
  CHECK(first.train.size() + first.validation.size() + first.test.size() == 13);
  CHECK(written(folder, "plain text of one byte a letter").load().tokens_per_character == 1);
}

TEST_CASE("bytes that are no UTF-8 are refused with their place") {
  const TempFolder folder;
  const auto refused = [&](const std::string& content) {
    return message_of<core::UserError>([&] { static_cast<void>(written(folder, content).load()); });
  };
  const std::string at = (folder / "text.txt").string() + ": expected a text in UTF-8, found byte ";
  CHECK(refused("abcd\xe9 fgh") == at + "e9 at 4, which is no letter or a part of one");  // Latin-1
  CHECK(refused("abcdefgh\xc3") == at + "c3 at 8, which is no letter or a part of one");  // cut
  CHECK(refused("ab\xc0\xaf" + std::string("cdef")) ==
        at + "c0 at 2, which is no letter or a part of one");  // overlong
  CHECK(refused("ab\xed\xa0\x80" + std::string("cd")) ==
        at + "ed at 2, which is no letter or a part of one");  // surrogate
}
