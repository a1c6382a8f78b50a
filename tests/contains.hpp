#pragma once

#include <string>

#include "tests/catch.hpp"

// One name for the matcher of a part of a text in Catch2 2.13 and 3.x: the later one's.
#if __has_include(<catch2/catch_all.hpp>)
using Catch::Matchers::ContainsSubstring;
#else
// NOLINTNEXTLINE(readability-identifier-naming)
inline Catch::Matchers::StdString::ContainsMatcher ContainsSubstring(const std::string& text) {
  return Catch::Matchers::Contains(text);
}
#endif
