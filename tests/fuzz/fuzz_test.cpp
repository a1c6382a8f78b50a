#include <chrono>
#include <string>

#include "tests/catch.hpp"
#include "tests/fuzz/targets.hpp"

namespace {

/// Reads as many mutated inputs as fit into some seconds. A number names its input: it is the same
/// in every run.
void try_target(const std::string& name) {
  constexpr std::uint32_t fewest = 30, most = 2000;
  constexpr std::chrono::seconds budget(3);
  const fuzz::Target& target = fuzz::target(name);
  const std::vector<std::string> seeds = target.seeds();
  for (const std::string& seed : seeds) {
    INFO("a seed of " << name);
    CHECK_NOTHROW(target.read(seed));
  }
  const auto end = std::chrono::steady_clock::now() + budget;
  for (std::uint32_t number = 0; number < most; ++number) {
    if (number >= fewest && std::chrono::steady_clock::now() > end) break;
    INFO("input " << number << " of " << name);
    CHECK_NOTHROW(fuzz::read(target, fuzz::mutated(seeds, number)));
  }
}

}  // namespace

TEST_CASE("broken configs are refused and nothing else happens") { try_target("config"); }
TEST_CASE("broken price lists are refused and nothing else happens") { try_target("prices"); }
TEST_CASE("broken IDX files are refused and nothing else happens") { try_target("idx"); }
TEST_CASE("broken results are refused, and on request read or refused") { try_target("result"); }
TEST_CASE("broken states are refused, never resumed") { try_target("state"); }
