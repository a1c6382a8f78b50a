#include "data_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>

#include <fmt/format.h>

#include "../core/errors.hpp"
#include "../core/hash.hpp"
#include "gzip.hpp"

namespace ohmlab::io {
namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 30;
constexpr std::size_t fewest = 2;  // bytes of a part: one token and its successor

bool is_text(std::byte byte) {
  const auto c = std::to_integer<unsigned>(byte);
  return c >= 0x20 || c == '\n' || c == '\t' || c == '\r';
}

bool begins_letter(std::byte byte) { return (std::to_integer<unsigned>(byte) & 0xc0) != 0x80; }

/// Bytes of the letter at the front of a text, or 0 if there is none. Overlong forms and surrogates
/// are no letters.
std::size_t letter_size(std::span<const std::byte> text) {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? std::to_integer<unsigned>(text[i]) : 0U;
  };
  const unsigned first = at(0), second = at(1);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xc2 && first <= 0xdf   ? 2
                           : first >> 4 == 0xe              ? 3
                           : first >= 0xf0 && first <= 0xf4 ? 4
                                                            : 0;
  if (size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if (begins_letter(text[i])) return 0;
  }
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool beyond = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
  return overlong || beyond ? 0 : size;
}

/// \returns index of the first byte that belongs to no letter of UTF-8, or the size of the text
std::size_t not_a_letter(std::span<const std::byte> text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t size = letter_size(text.subspan(at));
    if (size == 0) return at;
    at += size;
  }
  return at;
}

/// The first `letters` letters of a text.
std::span<const std::byte> first_letters(std::span<const std::byte> text, std::size_t letters) {
  std::size_t end = 0;
  for (; letters > 0 && end < text.size(); --letters) end += letter_size(text.subspan(end));
  return text.first(end);
}

std::ptrdiff_t count_letters(std::span<const std::byte> text) {
  return std::count_if(text.begin(), text.end(), begins_letter);
}

/// Index of the first letter that begins at `at` or behind it.
std::size_t next_letter(std::span<const std::byte> text, std::size_t at) {
  while (at < text.size() && !begins_letter(text[at])) ++at;
  return at;
}

}  // namespace

SequenceSet TextFile::load() const {
  if (file.resolved.empty()) {
    throw core::UserError(file.where, file.key, "\"" + file.text + "\"",
                          "no such file beside the config that names it, nor below $OHMLAB_DATA");
  }
  const std::vector<std::byte> content = read_file(file.resolved, most_bytes);
  const auto odd = std::find_if_not(content.begin(), content.end(), is_text);
  if (odd != content.end()) {
    throw core::UserError(file.resolved, "a text",
                          fmt::format("a control character (byte {:02x} at {})",
                                      std::to_integer<unsigned>(*odd), odd - content.begin()));
  }
  if (const std::size_t bad = not_a_letter(content); bad < content.size()) {
    throw core::UserError(file.resolved, "a text in UTF-8",
                          fmt::format("byte {:02x} at {}, which is no letter or a part of one",
                                      std::to_integer<unsigned>(content[bad]), bad));
  }
  const auto used = characters > 0 ? first_letters(content, static_cast<std::size_t>(characters))
                                   : std::span<const std::byte>(content);
  const auto part = [&](double of_all) {
    return static_cast<std::size_t>(of_all * static_cast<double>(used.size()));
  };
  const std::size_t tested_from = next_letter(used, used.size() - part(test));
  const std::size_t chosen_from = next_letter(used, used.size() - part(test) - part(validation));
  const std::size_t trained = chosen_from, chosen = tested_from - chosen_from,
                    tested = used.size() - tested_from;
  if (std::min({tested, chosen, trained}) < fewest) {
    throw core::UserError(
        file.resolved,
        fmt::format("at least {} characters to train, to choose and to test", fewest),
        fmt::format("{}, {} and {} of {}", trained, chosen, tested, used.size()));
  }

  SequenceSet text;
  std::array<std::int32_t, 256> token{};  // token of each byte: its rank among those used
  for (const std::byte byte : used) token[std::to_integer<std::size_t>(byte)] = 1;
  for (std::int32_t& of_byte : token) {
    if (of_byte != 0) of_byte = static_cast<std::int32_t>(text.vocabulary++);
  }
  if (text.vocabulary < 2) {
    throw core::UserError(file.resolved, "at least 2 different characters",
                          std::to_string(text.vocabulary));
  }
  const auto tokens = [&](std::size_t first, std::size_t count) {
    std::vector<std::int32_t> out(count);
    std::transform(used.begin() + static_cast<std::ptrdiff_t>(first),
                   used.begin() + static_cast<std::ptrdiff_t>(first + count), out.begin(),
                   [&](std::byte byte) { return token[std::to_integer<std::size_t>(byte)]; });
    return out;
  };
  text.train = tokens(0, trained);
  text.validation = tokens(trained, chosen);
  text.test = tokens(trained + chosen, tested);
  text.tokens_per_character =
      static_cast<double>(tested) / static_cast<double>(count_letters(used.subspan(tested_from)));
  text.digest = core::Sha256().add(used).hex();
  return text;
}

}  // namespace ohmlab::io
