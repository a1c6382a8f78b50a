#include "ohmlab/core/utf8.hpp"

#include <string>

#include "tests/catch.hpp"

using namespace ohmlab;

namespace {

/// UTF-8 of a number, by its definition (RFC 3629).
std::string encoded(unsigned code) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0 | code >> 6), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0 | code >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | code >> 18), tail(12), tail(6), tail(0)};
}

}  // namespace

TEST_CASE("every character is one, halves of surrogate pairs and what is beyond are none") {
  for (unsigned code = 0; code < 0x120000; code += code < 0x1000 ? 1 : 61) {
    const bool valid = code < 0x110000 && (code < 0xD800 || code > 0xDFFF);
    const std::string text = encoded(code);
    if ((core::character_bytes(text) == text.size()) != valid) FAIL(code);
    if (valid && core::valid_utf8(text) != text) FAIL(code);
    if (!valid && core::valid_utf8(text) != std::string(text.size(), '?')) FAIL(code);
  }
  SUCCEED();
}

TEST_CASE("bytes that belong to no character become question marks, one each") {
  CHECK(core::valid_utf8("") == "");
  CHECK(core::valid_utf8("a\xA0z") == "a?z");
  CHECK(core::valid_utf8("\xC3") == "?");
  CHECK(core::valid_utf8("\xC3\xA9\xC3") == "\xC3\xA9?");
  CHECK(core::valid_utf8("\xC0\xAF") == "??");      // a longer form than needed
  CHECK(core::valid_utf8("\xE2\x82 x") == "?? x");  // a character cut off
}

TEST_CASE("a text is cut between characters") {
  CHECK(core::first_characters("\xC3\xA9\xC3\xA9z", 2) == "\xC3\xA9\xC3\xA9");
  CHECK(core::first_characters("ab", 5) == "ab");
  CHECK(core::first_characters("ab", 0).empty());
}
