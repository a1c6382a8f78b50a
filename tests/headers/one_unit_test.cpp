#include "tests/catch.hpp"
#include "tests/headers/seen.hpp"

using namespace ohmlab;

headers::Seen headers::seen_by_one_unit() { return seen(); }

TEST_CASE("all public headers can be included together, and two units of a program see the same") {
  const headers::Seen one = headers::seen_by_one_unit(), other = headers::seen_by_other_unit();
  CHECK(one.sizes == other.sizes);
  CHECK(one.objects == other.objects);
}
