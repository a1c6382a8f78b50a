// The analytic tally of a transformer on arrays against the simulated array doing the same reads
// and updates.
#include "ohmlab/transformer/scale/on_arrays.hpp"

#include <map>
#include <string>

#include "ohmlab/crossbar/analog_array.hpp"
#include "ohmlab/lab/foundation/hardware.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;

namespace {

/// Cells without any spread, at w = 0, whose steps are too small to matter.
crossbar::AnalogArrayModel even_cells() {
  crossbar::AnalogArrayModel model;
  devices::Device& device = model.device;
  device.g_min = 1e-6;
  device.g_max = 3e-6;
  device.v_read = 0.2;
  device.t_read = 1e-7;
  device.v_write = 1.5;
  device.t_pulse = 2e-9;
  devices::ConstantStep step;
  step.dw_min = 1e-6;
  step.dw_min_dtod = step.dw_min_std = step.up_down_dtod = step.w_max_dtod = step.w_min_dtod = 0;
  device.pulse.choice = step;
  model.tile_rows = 9;
  model.tile_cols = 4;
  model.edge_lanes = 3;
  model.mesh = {.tiles_per_chip = 4, .flit_bits = 20};
  crossbar::UniformAdc adc;
  adc.columns_per_adc = 2;
  model.adc.choice = adc;
  model.pulser.choice = crossbar::StochasticPulser{{5, false, false}, false};
  return model;
}

std::map<std::string, cost::Entry> by_action(const cost::Tally& tally) {
  std::map<std::string, cost::Entry> out;
  for (const cost::Entry& entry : tally.entries()) {
    const auto key = std::string(cost::name(entry.action)) + " " + std::to_string(entry.parameter);
    out.emplace(key, entry);
  }
  return out;
}

void check_equal(const cost::Tally& simulated, const cost::Tally& analytic) {
  const auto a = by_action(simulated), b = by_action(analytic);
  REQUIRE(a.size() == b.size());
  for (const auto& [key, entry] : a) {
    CAPTURE(key);
    REQUIRE(b.contains(key));
    const cost::Entry& other = b.at(key);
    CHECK(other.count == Approx(entry.count));
    CHECK(other.serial == Approx(entry.serial));
    CHECK(other.seconds == Approx(entry.seconds));
    CHECK(other.joules == Approx(entry.joules).epsilon(1e-3));
  }
}

}  // namespace

TEST_CASE("reads and updates by closed form post exactly what a simulated array posts") {
  constexpr core::Index rows = 21, cols = 13, vectors = 3;
  crossbar::AnalogArrayModel model = even_cells();
  model.copies = GENERATE(1, 2, 5);  // of three vectors, the longest slices are 3, 2 and 1
  const double longest = model.copies == 1 ? 3 : model.copies == 2 ? 2 : 1;
  // Of inputs at full scale, a pulse lasts the whole read and every bit of a magnitude is on.
  const int bits = 5, way = GENERATE(0, 1, 2);
  if (way == 0) model.dac.choice = crossbar::UniformDac{.resolution = bits};
  if (way == 1) model.dac.choice = crossbar::PulseWidthDac{.resolution = bits};
  if (way == 2) model.dac.choice = crossbar::BitSerialDac{.resolution = bits};
  if (GENERATE(false, true) && way != 1) model.sensing.choice = crossbar::VoltageSensing{};
  const double slices = way == 2 ? bits - 1 : 1;
  scale::ArrayHardware array = foundation::hardware_of(model, rows, cols, 0.1);
  CHECK(array.parts.driver.slices == slices);
  CHECK(array.parts.pulsed + array.parts.fixed == 2);
  CHECK(array.copies == static_cast<double>(model.copies));
  CHECK(array.conductance == Approx(2e-6));
  array.heat = array.swing = slices;

  cost::Tally simulated, analytic;
  const auto cells = model.make(rows, cols, {.tally = &simulated});
  const auto component = analytic.component("weights");
  SECTION("forward") {
    core::Matrix y(vectors, cols);
    cells->read(crossbar::Direction::to_cols, core::Matrix::Ones(vectors, rows), y);
    scale::post_matrix_read(array, rows, cols, false, vectors, longest, 3, component, analytic);
    check_equal(simulated, analytic);
  }
  SECTION("backward") {
    core::Matrix y(vectors, rows);
    cells->read(crossbar::Direction::to_rows, core::Matrix::Ones(vectors, cols), y);
    scale::post_matrix_read(array, cols, rows, true, vectors, longest, 3, component, analytic);
    check_equal(simulated, analytic);
  }
  SECTION("update, every line pulsed in every slot") {
    // twice the rate at which every probability is 1
    cells->update(core::Matrix::Ones(vectors, rows), core::Matrix::Ones(vectors, cols), 1e-5);
    array.slots = 5;
    array.row_share = array.col_share = 1;
    scale::post_matrix_update(array, rows, cols, vectors, vectors, 3, component, analytic);
    check_equal(simulated, analytic);
  }
}

TEST_CASE("what one matrix is made of is what a simulated array holds, comparators aside") {
  crossbar::AnalogArrayModel model = even_cells();
  model.copies = GENERATE(1, 3);
  if (GENERATE(false, true)) model.dac.choice = crossbar::BitSerialDac{};
  scale::ModelShape shape;
  shape.layers = 1;
  shape.width = 12;
  shape.heads = 1;
  shape.vocabulary = 13;
  cost::Tally simulated, analytic;
  std::vector<std::unique_ptr<crossbar::Array>> arrays;
  for (const auto& [rows, cols] :
       {std::pair{12, 12}, {12, 12}, {12, 12}, {12, 12}, {12, 48}, {48, 12}, {12, 13}})
    arrays.push_back(model.make(rows, cols, {.tally = &simulated}));
  scale::post_training_on_arrays(shape, foundation::hardware_of(model, 9, 4, 0.1), 1, analytic);
  std::map<cost::Part, double> a, b;
  for (const cost::Holding& h : simulated.holdings()) a[h.part] += h.count;
  for (const cost::Holding& h : analytic.holdings()) b[h.part] += h.count;
  for (const cost::Part part :
       {cost::Part::cell, cost::Part::adc, cost::Part::dac, cost::Part::hold_capacitor,
        cost::Part::line_driver, cost::Part::router}) {
    CAPTURE(cost::name(part));
    CHECK(a[part] > 0);
    CHECK(b[part] == a[part]);
  }
}
