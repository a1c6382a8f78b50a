#include "ohmlab/io/data_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>

#include <fmt/format.h>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/hash.hpp"
#include "ohmlab/io/gzip.hpp"

namespace ohmlab::io {
namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 30;
constexpr std::size_t fewest = 2;  // of a part: one character and what follows it

bool is_text(std::byte byte) {
  const auto c = std::to_integer<unsigned>(byte);
  return c >= 0x20 || c == '\n' || c == '\t' || c == '\r';
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
  const std::size_t limit = characters > 0 ? static_cast<std::size_t>(characters) : content.size();
  const auto used = std::span(content).first(std::min(limit, content.size()));
  const auto part = [&](double of_all) {
    return static_cast<std::size_t>(of_all * static_cast<double>(used.size()));
  };
  const std::size_t tested = part(test), chosen = part(validation), trained = used.size() - tested - chosen;
  if (std::min({tested, chosen, trained}) < fewest) {
    throw core::UserError(file.resolved,
                          fmt::format("at least {} characters to train, to choose and to test", fewest),
                          fmt::format("{}, {} and {} of {}", trained, chosen, tested, used.size()));
  }

  SequenceSet text;
  std::array<std::int32_t, 256> token{};  // of each byte: its place among those that occur
  for (const std::byte byte : used) token[std::to_integer<std::size_t>(byte)] = 1;
  for (std::int32_t& of_byte : token) {
    if (of_byte != 0) of_byte = static_cast<std::int32_t>(text.vocabulary++);
  }
  if (text.vocabulary < 2) {
    throw core::UserError(file.resolved, "at least 2 different characters", std::to_string(text.vocabulary));
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
  text.digest = core::Sha256().add(used).hex();
  return text;
}

}  // namespace ohmlab::io
