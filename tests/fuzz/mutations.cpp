#include <algorithm>
#include <array>
#include <string_view>

#include "ohmlab/core/rng.hpp"

#include "tests/fuzz/targets.hpp"

namespace fuzz {
namespace {

/// What breaks readers of numbers and texts.
constexpr std::array<std::string_view, 20> tokens{"0",
                                                  "-1",
                                                  "1e308",
                                                  "-1e308",
                                                  "1e-320",
                                                  "nan",
                                                  "inf",
                                                  "9223372036854775807",
                                                  "9223372036854775808",
                                                  "\"",
                                                  "[",
                                                  "]",
                                                  "{",
                                                  "}",
                                                  "=",
                                                  "\n",
                                                  ".",
                                                  "base = \"default\"\n",
                                                  "\xff\xfe",
                                                  "# \xce\xbc"};

/// Random choices that are functions of the number of the input.
class Dice {
 public:
  explicit Dice(std::uint32_t number) : number_(number) {}
  /// Among 0 … bound - 1; 0 if there is none.
  std::size_t below(std::size_t bound) {
    if (bound == 0) return 0;
    return ohmlab::core::random_below(stream_, number_, throw_++,
                                      static_cast<std::uint32_t>(bound));
  }

 private:
  ohmlab::core::Stream stream_ = ohmlab::core::stream(39, ohmlab::core::StreamId::data);
  std::uint32_t number_;
  std::uint64_t throw_ = 0;
};

void change(std::string& text, const std::vector<std::string>& seeds, Dice& dice) {
  const std::size_t at = dice.below(text.size()),
                    length = 1 + dice.below(std::min<std::size_t>(text.size() - at, 64));
  switch (dice.below(8)) {
    case 0:
      text[at] = static_cast<char>(text[at] ^ (1 << dice.below(8)));
      return;
    case 1:
      text[at] = static_cast<char>(dice.below(256));
      return;
    case 2:
      text.erase(at, length);
      return;
    case 3:
      text.insert(at, text.substr(at, length));
      return;
    case 4:
      text.insert(at, tokens[dice.below(tokens.size())]);
      return;
    case 5: {  // another number
      const std::size_t digit = text.find_first_of("0123456789", at);
      if (digit == std::string::npos) return;
      const std::size_t end =
          std::min(text.size(), text.find_first_not_of("0123456789.e+-", digit));
      text.replace(digit, end - digit, tokens[dice.below(9)]);
      return;
    }
    case 6:
      text.resize(at);
      return;
    default: {
      const std::string& other = seeds[dice.below(seeds.size())];
      text = text.substr(0, at) + other.substr(std::min(at, other.size()));
    }
  }
}

}  // namespace

std::string mutated(const std::vector<std::string>& seeds, std::uint32_t number) {
  Dice dice(number);
  std::string text = seeds[dice.below(seeds.size())];
  for (std::size_t changes = 1 + dice.below(6); changes > 0 && !text.empty(); --changes)
    change(text, seeds, dice);
  return text;
}

}  // namespace fuzz
