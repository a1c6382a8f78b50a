#include "ohmlab/lab/results/storable.hpp"

#include <functional>
#include <limits>
#include <string>

#include "ohmlab/core/errors.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

results::Result good() {
  results::Result out;
  out.quality = {{"loss", 1.5, "nat", "of the test"}};
  out.axis.values = {0, 1};
  out.metrics = {{"loss", {2, 1.5}, "nat", "of the test"}};
  out.parameters = {{"bias", {"hidden"}, core::MatrixD::Zero(1, 3), "nat", "of the hidden units"}};
  results::System system;
  system.name = "simulated";
  system.tally = {{"read", "array", cost::Action::array_read, 0, 3, 1, 1e-9, 1e-6, false, ""}};
  system.holdings = {{"array", *cost::find_part("adc"), 8, 2, ""}};
  out.systems = {system};
  out.history = {"simulated", {out.systems[0].tally, out.systems[0].tally}};
  results::LabelledGroup group;
  group.name = "law";
  group.axes = {{"parameters", {1e9, 2e9}, {}, "1", "of the model"}};
  group.cubes = {{"hours", {"parameters"}, {1, none}, {}, "h", "of the run", true}};
  out.groups = {group};
  return out;
}

/// What is said of a result that was spoiled.
std::string refusal(const std::function<void(results::Result&)>& spoil) {
  results::Result result = good();
  spoil(result);
  return message_of<core::UserError>([&] { results::require_storable("x.h5", result); });
}

}  // namespace

TEST_CASE("a result that a reader takes is stored and read back") {
  const TempFolder folder;
  results::require_storable("x.h5", good());
  results::write_result(folder / "x.h5", {"0123456789abcdef", "seed = 1\n"}, good(), {});
  CHECK(results::read_result(folder / "x.h5").result.quality[0].value == 1.5);
}

TEST_CASE("figures that are not finite are refused by name before anything is written") {
  const std::string finite =
      ": expected a finite number; a value of this config is too small, too large or 0";
  CHECK(refusal([](results::Result& r) { r.quality[0].value = -none; }) ==
        "x.h5: not stored: figure loss (of the test) = -nan nat" + finite);
  CHECK(refusal([](results::Result& r) { r.metrics[0].values[1] = inf; }) ==
        "x.h5: not stored: metric loss (of the test) = inf nat" + finite);
  CHECK(refusal([](results::Result& r) { r.axis.values[1] = none; }) ==
        "x.h5: not stored: metric epoch (epochs done) = nan 1" + finite);
  CHECK(refusal([](results::Result& r) { r.groups[0].cubes[0].values[0] = inf; }) ==
        "x.h5: not stored: law/hours (of the run) = inf h" + finite);
  CHECK(refusal([](results::Result& r) { r.groups[0].cubes[0].gaps = false; }) ==
        "x.h5: not stored: law/hours (of the run) = nan h" + finite);
  CHECK(refusal([](results::Result& r) { r.groups[0].axes[0].values[0] = none; }) ==
        "x.h5: not stored: law/parameters (of the model) = nan 1" + finite);
  CHECK(refusal([](results::Result& r) { r.parameters[0].values(0, 1) = none; }) ==
        "x.h5: not stored: bias: not finite after the run: a number of this config is beyond "
        "float32");
}

TEST_CASE("amounts below zero are refused with the machine, the part and the stage they are of") {
  const std::string amount = ": expected a finite number from 0";
  const std::string entry = "simulated, array_read of array in stage \"read\"";
  CHECK(refusal([](results::Result& r) { r.systems[0].tally[0].joules = -1e-12; }) ==
        "x.h5: not stored: joules of " + entry + " = -1e-12" + amount);
  CHECK(refusal([](results::Result& r) { r.systems[0].tally[0].count = -1; }) ==
        "x.h5: not stored: count of " + entry + " = -1" + amount);
  CHECK(refusal([](results::Result& r) { r.systems[0].holdings[0].count = none; }) ==
        "x.h5: not stored: count of simulated, adc of array = nan" + amount);
  CHECK(refusal([](results::Result& r) { r.systems[0].examples = -2; }) ==
        "x.h5: not stored: examples of simulated = -2" + amount);
  CHECK(refusal([](results::Result& r) { r.history.done[0][0].seconds = inf; }) ==
        "x.h5: not stored: duration of history of " + entry + " = inf" + amount);
}

TEST_CASE("lists of another length than their axis are refused") {
  CHECK(refusal([](results::Result& r) { r.metrics[0].values.pop_back(); }) ==
        "x.h5: not stored: number of values of metric loss = 1: expected 2");
  CHECK(refusal([](results::Result& r) { r.history.done.pop_back(); }) ==
        "x.h5: not stored: number of values of history = 1: expected 2");
  CHECK(refusal([](results::Result& r) { r.history.system = "nobody"; }) ==
        "x.h5: not stored: history = nobody: expected one of the systems");
}

TEST_CASE("a result that is refused leaves the old file") {
  const TempFolder folder;
  results::write_result(folder / "x.h5", {"0123456789abcdef", "seed = 1\n"}, good(), {});
  results::Result bad = good();
  bad.systems[0].tally[0].joules = -1;
  REQUIRE_THROWS_AS(results::write_result(folder / "x.h5", {"", ""}, bad, {}), core::UserError);
  CHECK(results::read_result(folder / "x.h5").identity.id == "0123456789abcdef");
  CHECK_FALSE(std::filesystem::exists(folder / "x.h5.part"));
}
