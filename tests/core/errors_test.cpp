#include "ohmlab/core/errors.hpp"

#include "tests/catch.hpp"

using namespace ohmlab::core;

TEST_CASE("a user error names file, line, key, value and what was expected") {
  const UserError error({"configs/x.toml", 12}, "device.dw_min", "-0.1",
                        "expected a number above 0");
  CHECK(std::string(error.what()) ==
        "configs/x.toml:12: device.dw_min = -0.1: expected a number above 0");
}

TEST_CASE("parts of a user error that are unknown leave no stray punctuation") {
  CHECK(std::string(UserError(Location{}, "k", "", "expected a table").what()) ==
        "k: expected a table");
  CHECK(std::string(UserError({"--set", 0}, "k", "3", "").what()) == "--set: k = 3");
  CHECK(std::string(UserError(Location{}, "", "", "no more").what()) == "no more");
}

TEST_CASE("a file error says what was expected and what was found") {
  CHECK(std::string(UserError(std::filesystem::path("a.gz"), "an IDX file", "text").what()) ==
        "a.gz: expected an IDX file, found text");
}
