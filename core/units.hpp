#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ohmlab::core {

/// Reads a number with its unit into SI: `parse_quantity("25 uS", "S")` is exactly 25e-6.
///
/// \param text  a decimal number, optionally followed by a unit with an SI prefix (a f p n u µ m k
/// M G T P; micro as the letter u, the sign U+00B5 or the Greek letter U+03BC)
/// \param unit  the SI unit expected, e.g. "S", "V", "s", "m2", "J/bit"; "" for a pure number,
/// which may have "%". Times also take min, h, d, month (30 d), year.
/// \return nothing if the text is no number or its unit does not fit
[[nodiscard]] std::optional<double> parse_quantity(std::string_view text, std::string_view unit);

/// The shortest text that reads back as exactly this double, always a TOML float ("1.0", "2.5e-05",
/// "inf").
[[nodiscard]] std::string shortest(double value);

}  // namespace ohmlab::core
