// The listed memory of cells against what the heap says.

#include "ohmlab/lab/memory.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <malloc.h>

#include "ohmlab/crossbar/cells.hpp"
#include "ohmlab/crossbar/paths.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;

namespace {

double heap() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<double>(info.uordblks) + static_cast<double>(info.hblkhd);
}

/// Bytes of a cell by the heap, and as the plane says.
struct Found {
  double heap, said;
};

Found bytes_a_cell(const devices::Device& device) {
  constexpr core::Index side = 1024;
  const double before = heap();
  const crossbar::CellPlane plane(crossbar::Tiling::of(side, side, 0, 0), device, 1, 0, 0, {});
  return {(heap() - before) / (side * side), plane.bytes() / (side * side)};
}

}  // namespace

TEST_CASE("a cell takes as many bytes as its plane says, four for each quantity") {
  devices::Device device;
  device.g_min = 1e-6;
  device.g_max = 9e-6;
  const auto check = [&](double expected) {
    const Found found = bytes_a_cell(device);
    CHECK(std::abs(found.said - expected) < 1e-4);  // the list of times: eight bytes a plane
    CHECK(std::abs(found.heap - found.said) < 0.1);
  };
  device.pulse.choice = devices::SoftBounds{};
  check(4.0 * (5 + devices::SoftBounds::columns));
  device.pulse.choice = devices::ExpStep{};
  check(4.0 * (5 + devices::ExpStep::columns));
  device.endurance = 1e6;
  device.wear.choice = devices::WeibullWear{};
  check(4.0 * (6 + devices::ExpStep::columns) + 1);
}

TEST_CASE("every pulse response and update path is listed") {
  const lab::MemoryTable table = lab::memory_table();
  std::vector<std::string> pulses, paths;
  devices::Pulse::each([&]<class Entry>() { pulses.emplace_back(Entry::name); });
  crossbar::Path::each([&]<class Entry>() { paths.emplace_back(Entry::name); });
  REQUIRE(table.pulses.size() == pulses.size());
  REQUIRE(table.paths.size() == paths.size());
  for (std::size_t k = 0; k < pulses.size(); ++k) CHECK(table.pulses[k].name == pulses[k]);
  for (std::size_t k = 0; k < paths.size(); ++k) CHECK(table.paths[k].name == paths[k]);
  // three numbers a weight, and a few of each row
  for (const lab::MemoryRow& row : table.paths)
    if (row.name == "agad") CHECK(std::abs(row.bytes - 12) < 0.5);
}
