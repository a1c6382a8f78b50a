#include "ohmlab/lab/validation/arrays.hpp"

#include "ohmlab/crossbar/analog_array.hpp"
#include "ohmlab/lab/validation/ngspice.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"
#include "tests/crossbar/parts.hpp"

using namespace ohmlab;
using core::Index;
using crossbar::Direction;
using tests::numbers;

namespace {

/// `./dev test` installs it.
bool has_ngspice() {
  const bool there = !validation::ngspice_version().empty();
  if (!there) WARN("not tested: ngspice is not installed");
  return there;
}

crossbar::ArrayModel array_of(const crossbar::AnalogArrayModel& model) {
  crossbar::ArrayModel out;
  out.choice = model;
  return out;
}

crossbar::AnalogArrayModel cells() {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.device.pulse.choice = devices::IdealPulse{};
  return model;
}

/// The read of an array as the head of its netlist says it follows from the currents.
core::VectorD read_by_ngspice(const crossbar::ArrayCircuit& circuit) {
  const auto point = validation::run_ngspice(netlist_of(circuit));
  const crossbar::Tiling& tiling = circuit.tiling;
  core::VectorD out = core::VectorD::Zero(tiling.outputs(circuit.direction));
  const bool forward = circuit.direction == Direction::to_cols;
  for (std::size_t p = 0; p < circuit.planes.size(); ++p) {
    Index number = 0;
    tiling.each_tile([&](Index i, Index rows, Index j, Index cols) {
      const Index first = forward ? j : i, count = forward ? cols : rows;
      for (Index k = first; k < first + count; ++k) {
        out[k] += circuit.weights_per_ampere * circuit.planes[p].coefficient *
                  point.at(fmt::format("vout{}_{}_{}#branch", p, number, k));
      }
      ++number;
    });
  }
  return out;
}

}  // namespace

TEST_CASE("every node of 16 x 16 cells behind wires has the voltage that ngspice finds") {
  if (!has_ngspice()) return;
  devices::Conduction law;
  SECTION("ohmic") {}
  SECTION("sinh") { law.choice = devices::SinhConduction{.v0 = 0.05}; }
  SECTION("cubic, rising") { law.choice = devices::CubicConduction{.a = 25}; }
  SECTION("cubic, falling") { law.choice = devices::CubicConduction{.a = -5}; }
  for (const auto defects : {validation::Defects::none, validation::Defects::open_and_shorted}) {
    if (defects != validation::Defects::none && !law.linear()) continue;
    const validation::ArrayDifferences found = validation::compare(
        {.rows = 16, .cols = 16, .conduction = law, .r_wire = 10, .defects = defects});
    CAPTURE(found.nodes, found.outputs, found.energy, found.reciprocity);
    CHECK(found.nodes < 1e-9);
    CHECK(found.outputs < 1e-9);
    CHECK(found.energy < 1e-9);
    CHECK(found.energy_of_ngspice < 1e-9);
    CHECK(found.reciprocity < 1e-12);
    CHECK(found.outputs > 0);  // two programs, not one
  }
}

TEST_CASE("the netlist of an array in tiles, the last ones partial, gives what the array reads") {
  if (!has_ngspice()) return;
  crossbar::AnalogArrayModel model = cells();
  model.tile_rows = 8;
  model.tile_cols = 5;
  model.weight_scale = 3;
  SECTION("wires, reference") {
    model.wires.choice =
        crossbar::ExactWires{.r_row = 2500, .r_col = 900, .r_row_end = 4000, .r_col_end = 1500};
  }
  SECTION("wires, pairs of sinh cells") {
    model.wires.choice = crossbar::ExactWires{.r_row = 500, .r_col = 90};
    model.mapping.choice = crossbar::PairMapping{};
    model.device.conduction.choice = devices::SinhConduction{.v0 = 0.1};
  }
  SECTION("no wires, cubic cells") {
    model.device.conduction.choice = devices::CubicConduction{.a = 10};
  }
  SECTION("two groups of cells") {
    crossbar::TikiTakaPath path;
    path.gamma = 0.25;
    model.path.choice = path;
    model.wires.choice = crossbar::ExactWires{.r_row = 1000};
  }
  cost::Tally tally;
  constexpr Index rows = 11, cols = 13;
  crossbar::AnalogArray array(model, rows, cols, {.tally = &tally});
  array.program(numbers(rows, cols, 1, -2, 2).cast<float>());
  for (const Direction direction : {Direction::to_cols, Direction::to_rows}) {
    const bool forward = direction == Direction::to_cols;
    core::Matrix x = numbers(1, forward ? rows : cols, 2, -1, 1).cast<float>();
    x.leftCols(2).setZero();  // lines that are not driven are held at zero
    core::Matrix y(1, forward ? cols : rows);
    array.sense(direction, x, y);
    const core::VectorD found = read_by_ngspice(
        crossbar::circuit_of(array_of(model), array.conductances(), direction, x.row(0)));
    CHECK((found - core::VectorD(y.row(0).cast<double>())).cwiseAbs().maxCoeff() <
          3e-6 * y.cwiseAbs().maxCoeff());
  }
}

TEST_CASE("a netlist says what it leaves out, and arrays without a circuit at rest are refused") {
  crossbar::AnalogArrayModel model = cells();
  model.output_noise = 0.1;
  model.adc.choice = crossbar::UniformAdc{};
  cost::Tally tally;
  const crossbar::AnalogArray array(model, 3, 2, {.tally = &tally});
  const auto text = [&](const crossbar::AnalogArrayModel& of) {
    return netlist_of(crossbar::circuit_of(array_of(of), array.conductances(), Direction::to_cols,
                                           core::Vector::Ones(3)));
  };
  CHECK_THAT(text(model), ContainsSubstring("* not here: noise of the periphery"));
  CHECK_THAT(text(model), ContainsSubstring("* not here: converters, adc \"uniform\""));
  CHECK_THAT(text(model), ContainsSubstring("\n.op\n"));
  const auto refused = [&](const crossbar::AnalogArrayModel& of) {
    CHECK_THROWS_AS(text(of), core::UserError);
  };
  crossbar::AnalogArrayModel other = model;
  other.dac.choice = crossbar::PulseWidthDac{};
  refused(other);
  other.dac.choice = crossbar::BitSerialDac{};
  refused(other);
  other = model;
  other.copies = 2;
  refused(other);
  other = model;
  other.sensing.choice = crossbar::VoltageSensing{};
  refused(other);
  other = model;
  other.device.v_read.reset();
  refused(other);
  CHECK_THROWS_AS(crossbar::circuit_of({}, {}, Direction::to_cols, core::Vector::Ones(3)),
                  core::UserError);
  CHECK_THROWS_AS(crossbar::circuit_of(array_of(model), array.conductances(), Direction::to_rows,
                                       core::Vector::Ones(3)),
                  core::UserError);
}
