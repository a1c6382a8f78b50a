#include "units.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace ohmlab::core {
namespace {

struct Prefix {
  std::string_view symbol;
  int exponent;
};
constexpr std::array prefixes{
    Prefix{"a", -18},     Prefix{"f", -15},     Prefix{"p", -12}, Prefix{"n", -9}, Prefix{"u", -6},
    Prefix{"\u00b5", -6}, Prefix{"\u03bc", -6}, Prefix{"m", -3},  Prefix{"k", 3},  Prefix{"M", 6},
    Prefix{"G", 9},       Prefix{"T", 12},      Prefix{"P", 15}};

constexpr std::array<std::pair<std::string_view, double>, 5> long_times{{{"min", 60.0},
                                                                         {"h", 3600.0},
                                                                         {"d", 86400.0},
                                                                         {"month", 30 * 86400.0},
                                                                         {"year", 365 * 86400.0}}};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<double> decimal(std::string_view digits) {
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

/// The number times 10^exponent, rounded once: the exponent is moved in the text, not multiplied.
std::optional<double> scaled(std::string_view number, int exponent) {
  const auto e = number.find_first_of("eE");
  int own = 0;
  if (e != std::string_view::npos) {
    std::string_view power = number.substr(e + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    const auto [end, error] = std::from_chars(power.data(), power.data() + power.size(), own);
    if (error != std::errc{} || end != power.data() + power.size()) return std::nullopt;
    number = number.substr(0, e);
  }
  return decimal(fmt::format("{}e{}", number, own + exponent));
}

}  // namespace

std::optional<double> parse_quantity(std::string_view text, std::string_view unit) {
  text = trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  double ignored = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ignored);
  if (error != std::errc{} || !std::isfinite(ignored)) return std::nullopt;
  const std::string_view number = text.substr(0, static_cast<std::size_t>(end - text.data()));
  const std::string_view given = trimmed(text.substr(number.size()));

  if (given.empty() || given == unit) return scaled(number, 0);
  if (unit.empty()) return given == "%" ? scaled(number, -2) : std::nullopt;
  if (unit == "ohm" && given.ends_with("Ω")) {
    return parse_quantity(fmt::format("{} {}ohm", number, given.substr(0, given.size() - 2)), unit);
  }
  if (unit == "s") {
    for (const auto& [name, seconds] : long_times) {
      if (given == name) return *scaled(number, 0) * seconds;
    }
  }
  const int power =
      unit.starts_with("m2") ? 2 : 1;  // a prefix is squared with its unit: 1 um2 = 1e-12 m2
  for (const auto& [symbol, exponent] : prefixes) {
    if (given.starts_with(symbol) && given.substr(symbol.size()) == unit)
      return scaled(number, power * exponent);
  }
  return std::nullopt;
}

std::string shortest(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

}  // namespace ohmlab::core
