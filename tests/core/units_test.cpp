#include "ohmlab/core/units.hpp"

#include <cstdlib>
#include <limits>

#include "ohmlab/core/suggest.hpp"

#include "tests/catch.hpp"

using namespace ohmlab::core;

TEST_CASE("a quantity with a prefix is the same double as its SI form") {
  CHECK(parse_quantity("25 uS", "S") == 25e-6);
  CHECK(parse_quantity("25uS", "S") == 25e-6);
  CHECK(parse_quantity("1.3 pJ", "J") == 1.3e-12);
  CHECK(parse_quantity("0.1e3 mV", "V") == 0.1);
  CHECK(parse_quantity(" 2 µs ", "s") == 2e-6);
  CHECK(parse_quantity("3 kΩ", "ohm") == 3e3);
  CHECK(parse_quantity("+7", "s") == 7.0);
  CHECK(parse_quantity("1650 um2", "m2") == 1650e-12);
  CHECK(parse_quantity("5.47 pJ/bit", "J/bit") == 5.47e-12);
}

TEST_CASE("long times and percentages have their own words") {
  CHECK(parse_quantity("1 h", "s") == 3600.0);
  CHECK(parse_quantity("1 month", "s") == 30 * 86400.0);
  CHECK(parse_quantity("2 min", "s") == 120.0);
  CHECK(parse_quantity("5 %", "") == 0.05);
}

TEST_CASE("what does not fit its unit is refused") {
  for (const char* text : {"25 uV", "x", "", "S", "25 xS", "1e", "nan", "inf S", "1 2", "25 %"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_quantity(text, "S").has_value());
  }
  CHECK_FALSE(parse_quantity("1 s", "").has_value());
}

TEST_CASE("the shortest text reads back as the same double") {
  for (const double x :
       {0.0, -0.0, 1.0, 0.1, 1e-9, 2.5e-5, 1.0 / 3, 1e300, 5e-324, 123456789.0, 1e22}) {
    CAPTURE(x);
    const std::string text = shortest(x);
    CHECK(std::strtod(text.c_str(), nullptr) == x);
    CHECK(text.find_first_of(".e") != std::string::npos);
  }
  CHECK(shortest(std::numeric_limits<double>::infinity()) == "inf");
}

TEST_CASE("the nearest known name is suggested, and only if it is near") {
  const std::string_view known[] = {"dw_min", "w_max", "nu"};
  CHECK(did_you_mean("dw_mni", known) == ", did you mean \"dw_min\"?");
  CHECK(did_you_mean("w_mxa", known) == ", did you mean \"w_max\"?");
  CHECK(did_you_mean("temperature", known).empty());
  CHECK(did_you_mean("zz", known).empty());
}

TEST_CASE("micro is the letter u, the micro sign or the Greek letter") {
  for (const char* text : {"3 uJ", "3 \u00b5J", "3 \u03bcJ"})
    CHECK(parse_quantity(text, "J") == 3e-6);
  CHECK(parse_quantity("2 \u03bcm2", "m2") == 2e-12);
}
