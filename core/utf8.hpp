#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Text for a screen: damaged files and arguments may hold any bytes.
namespace ohmlab::core {

/// Number of bytes of the character at the start of a text; 0 if it is not valid UTF-8 there.
[[nodiscard]] std::size_t character_bytes(std::string_view text) noexcept;

/// The text with "?" for each byte that belongs to no character of UTF-8.
[[nodiscard]] std::string valid_utf8(std::string_view text);

/// The first characters of a valid text, at most so many.
[[nodiscard]] std::string_view first_characters(std::string_view text, std::size_t most) noexcept;

}  // namespace ohmlab::core
