#include <algorithm>
#include <cmath>

#include "ohmlab/crossbar/ideal_array.hpp"

#include "tests/catch.hpp"

/// An ideal array as a digital chip: weights stay where they are multiplied.
using namespace ohmlab;
using cost::Action;
using cost::Machine;
using cost::Part;

namespace {

core::Matrix numbers(core::Index rows, core::Index cols) {
  core::Matrix out(rows, cols);
  for (core::Index i = 0; i < out.size(); ++i)
    out.data()[i] = static_cast<float>(i * 7919 % 1000) / 500.0F - 1.0F;
  return out;
}

core::Matrix bits(core::Index rows, core::Index cols) {
  core::Matrix out(rows, cols);
  for (core::Index i = 0; i < out.size(); ++i) out.data()[i] = i % 3 == 0 ? 1.0F : 0.0F;
  return out;
}

double count(const cost::Tally& tally, Action action, double parameter = -1) {
  double sum = 0;
  for (const cost::Entry& entry : tally.entries()) {
    if (entry.action == action && (parameter < 0 || entry.parameter == parameter))
      sum += entry.count;
  }
  return sum;
}

double held(const cost::Tally& tally, Part part) {
  double sum = 0;
  for (const cost::Holding& holding : tally.holdings())
    sum += holding.part == part ? holding.count : 0;
  return sum;
}

crossbar::NumberFormat format(auto entry) {
  crossbar::NumberFormat out;
  out.choice = entry;
  return out;
}

const crossbar::NumberFormat integers = format(crossbar::Int8Shift{});

}  // namespace

TEST_CASE("a chip reads no weights, an accelerator reads all of them for each batch") {
  const core::Matrix x = numbers(6, 20);
  core::Matrix y(6, 5);
  const auto bits_read = [&](Machine machine) {
    cost::Tally tally;
    crossbar::IdealArray array(20, 5, {.tally = &tally}, integers, machine);
    array.program(numbers(20, 5));
    const double before = count(tally, Action::buffer_read) + 8 * count(tally, Action::memory_read);
    array.read(crossbar::Direction::to_cols, x, y);
    return count(tally, Action::buffer_read) + 8 * count(tally, Action::memory_read) - before;
  };
  CHECK(bits_read(Machine::chip) == 8 * 6 * 20);
  CHECK(bits_read(Machine::accelerator) == 8 * (6 * 20 + 20 * 5));
}

TEST_CASE("a chip takes inputs bit by bit: products of bits are posted as such") {
  cost::Tally tally;
  crossbar::IdealArray array(20, 5, {.tally = &tally}, integers, Machine::chip);
  array.program(numbers(20, 5));
  core::Matrix y(6, 5);
  array.read(crossbar::Direction::to_cols, bits(6, 20), y);
  CHECK(count(tally, Action::op_int8, 1) == 2 * 6 * 100);
  array.read(crossbar::Direction::to_cols, numbers(6, 20), y);
  CHECK(count(tally, Action::op_int8, 8) == 2 * 6 * 100);
  array.update(bits(6, 20), numbers(6, 5), 0.1);  // the side of bits decides
  CHECK(count(tally, Action::op_int8, 1) == 2 * 2 * 6 * 100);
  CHECK(count(tally, Action::op_int8) == 3 * 2 * 6 * 100);
  CHECK(count(tally, Action::kernel_launch) == 0);
}

TEST_CASE("an accelerator starts each product and each change of the weights") {
  cost::Tally tally;
  crossbar::IdealArray array(20, 5, {.tally = &tally}, integers, Machine::accelerator);
  core::Matrix y(6, 5), decisions(6, 5);
  array.program(numbers(20, 5));
  CHECK(count(tally, Action::kernel_launch) == 1);
  array.read(crossbar::Direction::to_cols, bits(6, 20), y);
  array.decide(crossbar::Direction::to_cols, bits(6, 20), core::Matrix::Zero(1, 5), decisions);
  array.update(bits(6, 20), bits(6, 5), 0.1);
  array.increment(numbers(20, 5));
  CHECK(count(tally, Action::kernel_launch) == 5);  // a decision goes with its product
  CHECK(count(tally, Action::op_int8, 0) == count(tally, Action::op_int8));  // priced as eight bits
}

TEST_CASE("a chip holds its weights, float32 copies and as many lanes as its longer side") {
  cost::Tally chip, floats, accelerator;
  crossbar::IdealArray small(20, 5, {.tally = &chip}, integers, Machine::chip);
  CHECK(held(chip, Part::weight_bit) == 8 * 100);
  CHECK(held(chip, Part::buffer_bit) == 32 * 100);
  CHECK(held(chip, Part::edge_lane) == 64);
  crossbar::IdealArray wide(20, 300, {.tally = &floats}, {}, Machine::chip);
  CHECK(held(floats, Part::weight_bit) == 32 * 6000);
  CHECK(held(floats, Part::buffer_bit) == 0);  // they are the only copy
  CHECK(held(floats, Part::edge_lane) == 300);
  crossbar::IdealArray other(20, 5, {.tally = &accelerator}, integers, Machine::accelerator);
  CHECK(held(accelerator, Part::memory_byte) == 5 * 100);
  CHECK(held(accelerator, Part::weight_bit) == 0);
}

TEST_CASE("a scale of a power of two keeps integers from -127 to 127 and takes no multiplication") {
  cost::Tally shifted, scaled;
  crossbar::IdealArray by_shift(20, 5, {.tally = &shifted}, integers, Machine::chip),
      by_scale(20, 5, {.tally = &scaled}, format(crossbar::Int8{}), Machine::chip);
  const core::Matrix w = numbers(20, 5), x = numbers(6, 20);
  core::Matrix y(6, 5);
  by_shift.program(w);
  by_scale.program(w);
  by_scale.read(crossbar::Direction::to_cols, x, y);
  by_shift.read(crossbar::Direction::to_cols, x, y);
  CHECK(count(shifted, Action::edge_multiply) == 0);
  CHECK(count(scaled, Action::edge_multiply) > 0);
  CHECK(count(shifted, Action::edge_add) == count(scaled, Action::edge_multiply));
  // By hand: the largest number is 1 in absolute value, so the scale is 64, the last below 127.
  const auto rounded = [](float value) {
    return std::nearbyint(64.0 * static_cast<double>(value));
  };
  for (core::Index i = 0; i < y.rows(); ++i) {
    for (core::Index j = 0; j < y.cols(); ++j) {
      double sum = 0;
      for (core::Index k = 0; k < x.cols(); ++k) sum += rounded(x(i, k)) * rounded(w(k, j));
      CHECK(static_cast<double>(y(i, j)) == sum / 64 / 64);
    }
  }
}

TEST_CASE("a digital machine is none of analog arrays") {
  crossbar::IdealArrayModel model;
  CHECK(model.problem().empty());
  model.machine = Machine::chip;
  CHECK(model.problem().empty());
  model.machine = Machine::array;
  CHECK(model.problem() == "machine: expected \"accelerator\" or \"chip\"");
}
