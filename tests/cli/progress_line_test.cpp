#include "cli/progress_line.hpp"

#include <algorithm>

#include "tests/catch.hpp"

using namespace ohmlab::cli;

namespace {

const Steps half_way{
    .what = "training", .done = 50, .all = 100, .seconds = 10, .note = "loss 1.25 nat"};

}  // namespace

TEST_CASE("a line with a bar shows steps, rate, time left and note") {
  CHECK(bar_line(half_way, 100) ==
        "training [############            ] 50/100, 5.0/s, 10 s left  loss 1.25 nat");
  CHECK(plain_line(half_way) == "training 50/100, 10 s left  loss 1.25 nat");
}

TEST_CASE("restored steps count in no rate and no time left") {
  Steps steps = half_way;
  steps.restored = 40;
  CHECK(steps.rate() == 1);
  CHECK(steps.time_left() == "50 s left");
  steps.restored = 50;
  CHECK(steps.rate() == 0);
  CHECK(plain_line(steps) == "training 50/100  loss 1.25 nat");
}

TEST_CASE("a line with a bar is shorter than any terminal is wide") {
  Steps steps = half_way;
  steps.note = "log-likelihood \xe2\x88\x92" + std::string(50, '1') + " nat";
  for (std::size_t width = 1; width < 200; ++width) {
    INFO(width);
    CHECK(columns(bar_line(steps, width)) + 3 <= std::max<std::size_t>(width, 3));
  }
  CHECK(bar_line(half_way, 62) == "training [####    ] 50/100, 5.0/s, 10 s left  loss 1.25 nat");
}

TEST_CASE("texts are counted and cut by characters") {
  CHECK(columns("a\xc3\xa4\xe2\x88\x92") == 3);
  CHECK(first_columns("a\xc3\xa4\xe2\x88\x92", 2) == "a\xc3\xa4");
  CHECK(first_columns("abc", 5) == "abc");
  CHECK(first_columns("abc", 0).empty());
}

TEST_CASE("steps beyond the end and jobs without steps draw a bar") {
  CHECK(bar_line({.what = "x", .done = 3, .all = 2}, 80).find("[########################]") !=
        std::string::npos);
  CHECK(bar_line({.what = "x", .done = 0, .all = 0}, 80).find("0/0") != std::string::npos);
}
