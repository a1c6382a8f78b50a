#include "ohmlab/lab/validation/devices.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "ohmlab/core/presets.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;
using validation::CellQuantity;

TEST_CASE("every shipped preset of a device has published values, and its cells have them") {
  const validation::DeviceChecks checks = validation::load_device_checks();
  const validation::Validation said = validation::validate_devices(checks);
  CHECK(said.binding);
  for (const validation::Gate& gate : said.gates) {
    CAPTURE(gate.name, gate.reached);
    CHECK(gate.met);
  }
  std::set<std::string> checked;
  for (const validation::DeviceCheck& check : checks.checks) checked.insert(check.preset);
  const auto shelf = validation::device_presets();
  CHECK(shelf.size() > 20);
  for (const std::string& preset : shelf) {
    CAPTURE(preset);
    CHECK(checked.contains(preset));
  }
}

TEST_CASE("a published value that is off by a little is caught, in every quantity") {
  validation::DeviceChecks checks = validation::load_device_checks();
  std::set<CellQuantity> seen;
  for (validation::DeviceCheck check : checks.checks) {
    if (check.value == 0 || !seen.insert(check.quantity).second) continue;
    CAPTURE(check.preset, static_cast<int>(check.quantity));
    const validation::MeasuredCells measured = validation::measure(check, 2);
    CHECK(validation::sigmas(check, measured) < 4.9);
    check.value *= 1.2;
    CHECK(validation::sigmas(check, measured) > 4.9);
  }
  CHECK(seen.size() >= 14);
}

TEST_CASE("a check of a preset that does not exist is refused") {
  CHECK_THROWS_AS(
      validation::measure({.preset = "nosuch", .quantity = CellQuantity::states, .source = "-"}, 1),
      core::UserError);
}
