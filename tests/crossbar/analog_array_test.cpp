#include "ohmlab/crossbar/analog_array.hpp"

#include <cmath>
#include <map>

#include "ohmlab/core/parallel.hpp"
#include "ohmlab/crossbar/ideal_array.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using cost::Action;

namespace {

Matrix small_integers(Index rows, Index cols, int seed, int span) {
  Matrix out(rows, cols);
  for (Index i = 0; i < out.size(); ++i) {
    out.data()[i] = static_cast<float>((i * 7919 + Index{seed} * 104729) % (2 * span + 1) - span);
  }
  return out;
}

Matrix read(crossbar::Array& array, const Matrix& x) {
  Matrix y(x.rows(), array.cols());
  array.read(crossbar::Direction::to_cols, x, y);
  return y;
}

double joules(const cost::Tally& tally, cost::Action action) {
  double sum = 0;
  for (const cost::Entry& entry : tally.entries()) sum += entry.action == action ? entry.joules : 0;
  return sum;
}

double count(const cost::Tally& tally, cost::Action action) {
  double sum = 0;
  for (const cost::Entry& entry : tally.entries()) sum += entry.action == action ? entry.count : 0;
  return sum;
}

double serial(const cost::Tally& tally, cost::Action action) {
  double sum = 0;
  for (const cost::Entry& entry : tally.entries()) sum += entry.action == action ? entry.serial : 0;
  return sum;
}

}  // namespace

TEST_CASE(
    "with ideal parts an analog array reads what an ideal array reads, bit for bit, whatever its "
    "tiles") {
  const Matrix w = small_integers(37, 21, 1, 8) / 16, x = small_integers(9, 37, 2, 3),
               d = small_integers(9, 21, 3, 3);
  cost::Tally tally;
  crossbar::IdealArray ideal(37, 21, {.tally = &tally});
  ideal.program(w);
  for (const auto& [rows, cols] : {std::pair{0, 0}, {16, 8}, {1, 1}, {37, 5}, {7, 21}}) {
    for (const bool pair : {false, true}) {
      CAPTURE(rows, cols, pair);
      crossbar::AnalogArrayModel model = tests::ideal_parts();
      model.tile_rows = rows;
      model.tile_cols = cols;
      if (pair) model.mapping.choice = crossbar::PairMapping{};
      crossbar::AnalogArray array(model, 37, 21, {.tally = &tally});
      array.program(w);
      CHECK(array.weights() == ideal.weights());
      Matrix y(9, 21), back(9, 37), expected(9, 21), expected_back(9, 37);
      array.read(crossbar::Direction::to_cols, x, y);
      ideal.read(crossbar::Direction::to_cols, x, expected);
      CHECK(y == expected);
      array.read(crossbar::Direction::to_rows, d, back);
      ideal.read(crossbar::Direction::to_rows, d, expected_back);
      CHECK(back == expected_back);
    }
  }
}

TEST_CASE(
    "reads of many vectors at many outputs are those of an ideal array, bit for bit, whatever "
    "their tiles") {
  const Matrix w = small_integers(70, 530, 1, 8) / 16, x = small_integers(150, 70, 2, 3),
               d = small_integers(150, 530, 3, 3);
  cost::Tally tally;
  crossbar::IdealArray ideal(70, 530, {.tally = &tally});
  ideal.program(w);
  Matrix y(150, 530), back(150, 70), expected(150, 530), expected_back(150, 70);
  ideal.read(crossbar::Direction::to_cols, x, expected);
  ideal.read(crossbar::Direction::to_rows, d, expected_back);
  for (const auto& [rows, cols] : {std::pair{0, 0}, {33, 100}}) {
    crossbar::AnalogArrayModel model = tests::ideal_parts();
    model.tile_rows = rows;
    model.tile_cols = cols;
    crossbar::AnalogArray array(model, 70, 530, {.tally = &tally});
    array.program(w);
    array.read(crossbar::Direction::to_cols, x, y);
    array.read(crossbar::Direction::to_rows, d, back);
    CHECK(y == expected);
    CHECK(back == expected_back);
  }
}

TEST_CASE(
    "noise that is the same in every cell is read with the law of noise that is given cell by "
    "cell") {
  // Uniform noise takes a short cut; a hair's breadth of difference between cells switches it off.
  const auto outputs = [&](double relative) {
    crossbar::AnalogArrayModel model = tests::ideal_parts();
    model.device = tests::electrical();
    model.device.read_noise.choice = devices::WhiteReadNoise{.std = 0.02, .relative = relative};
    cost::Tally tally;
    crossbar::AnalogArray array(model, 40, 30, {.seed = 4, .tally = &tally});
    array.program(small_integers(40, 30, 1, 8) / 8);
    return read(array, small_integers(20, 40, 2, 4) / 4);
  };
  const Matrix uniform = outputs(0), nearly = outputs(1e-4), other = outputs(0.5);
  CHECK((uniform - nearly).cwiseAbs().maxCoeff() < 1e-5F);
  CHECK((uniform - other).cwiseAbs().maxCoeff() > 1e-3F);
}

TEST_CASE("numbers between tiles pass the borders that loops over tiles count") {
  crossbar::AnalogArrayModel model;
  model.device = tests::electrical();
  model.tile_rows = 5;
  model.tile_cols = 3;
  model.mesh = {.tiles_per_chip = 4, .flit_bits = 16};
  crossbar::UniformDac dac;
  dac.resolution = 7;
  model.dac.choice = dac;
  constexpr int rows = 23, cols = 8, vectors = 6;  // 5 x 3 tiles, in chips of 2 x 2
  using Counts = std::map<std::pair<std::string, Action>, double>;
  const auto counted = [&](const auto& work) {
    cost::Tally tally;
    crossbar::AnalogArray array(model, rows, cols, {.tally = &tally});
    Matrix y(vectors, cols), back(vectors, rows);
    work(array, y, back);
    Counts out;
    for (const cost::Entry& e : tally.entries()) {
      if (e.action != Action::network_hop && e.action != Action::chip_link) continue;
      out[{"bits", e.action}] += e.count;
      out[{"steps", e.action}] += e.serial;
    }
    double routers = 0;
    for (const cost::Holding& h : tally.holdings())
      routers += h.part == cost::Part::router ? h.count : 0;
    CHECK(routers == 15);
    return out;
  };
  const Matrix x = small_integers(vectors, rows, 1, 1);

  const Counts forward =
      counted([&](auto& array, auto& y, auto&) { array.read(crossbar::Direction::to_cols, x, y); });
  Counts expected;
  for (int vector = 0; vector < vectors; ++vector) {
    for (int row = 0; row < rows; ++row) {  // an input walks over the three tiles of its line
      for (int tile = 1; tile < 3; ++tile)
        expected[{"bits", tile % 2 == 0 ? Action::chip_link : Action::network_hop}] += 7;
    }
    for (int col = 0; col < cols; ++col) {  // a sum of five numbers of 9 bits has 12
      for (int tile = 1; tile < 5; ++tile)
        expected[{"bits", tile % 2 == 0 ? Action::chip_link : Action::network_hop}] += 12;
    }
    // Five inputs of 7 bits are 3 flits, three sums of 12 bits are 3; two borders of either kind
    // for sums.
    expected[{"steps", Action::network_hop}] += 3 + (3 + 1);
    expected[{"steps", Action::chip_link}] += 3 + (3 + 1);
  }
  CHECK(forward == expected);

  const Counts decided = counted([&](auto& array, auto& y, auto&) {
    array.decide(crossbar::Direction::to_cols, x, core::Vector::Zero(cols), y);
  });
  CHECK(decided.at({"bits", Action::network_hop}) ==
        vectors * rows * 7);  // currents are not carried

  const Counts alone = counted([&](auto& array, auto&, auto&) { array.wait(1); });
  CHECK(alone.empty());
}

TEST_CASE(
    "values wait for a shared converter in a capacitor each, and for one of their own in none") {
  for (const int lines : {1, 4}) {
    crossbar::AnalogArrayModel model;
    model.device = tests::electrical();
    crossbar::UniformAdc adc;
    adc.columns_per_adc = lines;
    model.adc.choice = adc;
    cost::Tally tally;
    crossbar::AnalogArray array(model, 6, 8, {.tally = &tally});
    Matrix y(7, 8);
    array.read(crossbar::Direction::to_cols, small_integers(7, 6, 1, 1), y);
    double held = 0, capacitors = 0;
    for (const cost::Entry& e : tally.entries())
      held += e.action == Action::sample_hold ? e.count : 0;
    for (const cost::Holding& h : tally.holdings())
      capacitors += h.part == cost::Part::hold_capacitor ? h.count : 0;
    CHECK(held == (lines > 1 ? 7 * 8 : 0));
    array.program(Matrix::Zero(6, 8));  // verified cell by cell
    CHECK(count(tally, Action::sample_hold) - held ==
          (lines > 1 ? count(tally, Action::adc_convert) - 7 * 8 : 0));
    CHECK(capacitors == (lines > 1 ? 6 + 8 : 0));
  }
}

TEST_CASE("a pipelined read takes all stages once and the slowest for every further vector") {
  crossbar::AnalogArrayModel model;
  model.device = tests::electrical();
  crossbar::UniformAdc adc;
  adc.columns_per_adc = 4;
  model.adc.choice = adc;
  const Index vectors = 7;
  const Matrix x = small_integers(vectors, 6, 1, 1), d = small_integers(vectors, 8, 2, 1);
  struct Work {
    double joules = 0, first = 0, slowest = 0;
    std::map<cost::Action, double> counts;
  };
  const auto work = [&](bool pipelined, bool compares) {
    model.pipelined = pipelined;
    cost::Tally tally;
    crossbar::AnalogArray array(model, 6, 8, {.tally = &tally});
    Matrix y(vectors, 8), back(vectors, 6);
    if (compares) {
      array.decide(crossbar::Direction::to_cols, x, core::Vector::Zero(8), y);
      array.decide(crossbar::Direction::to_rows, d, core::Vector::Zero(6), back);
    } else {
      array.read(crossbar::Direction::to_cols, x, y);
      array.read(crossbar::Direction::to_rows, d, back);
    }
    // Seconds of one action: a drive 2 ns, a conversion 30 ns a turn, a decision 50 ns, a read 100
    // ns.
    const std::map<cost::Action, double> latency{{cost::Action::dac_drive, 2e-9},
                                                 {cost::Action::adc_convert, 30e-9},
                                                 {cost::Action::comparator_decision, 50e-9}};
    Work out;
    std::map<cost::Action, double> overlapped;
    for (const cost::Entry& entry : tally.entries()) {
      const auto found = latency.find(entry.action);
      const double seconds =
          entry.seconds + (found == latency.end() ? 0 : entry.serial * found->second);
      (entry.overlapped ? overlapped[entry.action] : out.first) += seconds;
      out.joules += entry.joules;
      out.counts[entry.action] += entry.count;
    }
    for (const auto& [action, seconds] : overlapped) out.slowest = std::max(out.slowest, seconds);
    return out;
  };
  for (const bool compares : {false, true}) {
    CAPTURE(compares);
    const Work serial = work(false, compares), pipelined = work(true, compares);
    const double read = 100e-9, end = compares ? 50e-9 : 4 * 30e-9, all = 2e-9 + read + end;
    CHECK(serial.first == Approx(2 * vectors * all));
    CHECK(serial.slowest == 0);
    CHECK(pipelined.first == Approx(2 * all));
    CHECK(pipelined.slowest == Approx(2 * (vectors - 1) * std::max(read, end)));
    CHECK(pipelined.joules == serial.joules);
    CHECK(pipelined.counts == serial.counts);
  }
}

TEST_CASE("the mean of many stochastic updates is the outer product, under every management") {
  Matrix x(1, 3), d(1, 2);
  x << 1.0F, 0.5F, -0.25F;
  d << -0.8F, 0.4F;
  for (const bool management : {false, true}) {
    for (const bool pair : {false, true}) {
      CAPTURE(management, pair);
      crossbar::AnalogArrayModel model = tests::ideal_parts();
      model.weight_scale = 2;
      model.device.pulse.choice = devices::IdealPulse{.dw_min = 0.001};
      model.pulser.choice = crossbar::StochasticPulser{
          {.desired_bl = 31, .bl_management = management, .update_management = management}};
      if (pair) model.mapping.choice = crossbar::PairMapping{};
      cost::Tally tally;
      crossbar::AnalogArray array(model, 3, 2, {.tally = &tally});
      constexpr int updates = 20000;
      constexpr double rate = 0.01;
      for (int n = 0; n < updates; ++n) array.update(x, d, rate);
      const core::MatrixD expected = rate * x.cast<double>().transpose() * d.cast<double>();
      // A coincidence count has at most the variance of a Poisson law of its mean, times steps of
      // scale · dw_min.
      const core::MatrixD mean = array.weights() / updates;
      for (Index i = 0; i < 3; ++i) {
        for (Index j = 0; j < 2; ++j) {
          const double step = 2 * 0.001, steps = std::abs(expected(i, j)) / step;
          CHECK(std::abs(mean(i, j) - expected(i, j)) < 5 * step * std::sqrt(steps / updates));
        }
      }
      array.update(x, d, -rate * 100);
      CHECK((array.weights() - mean * updates).cwiseProduct(expected).maxCoeff() <
            0);  // every weight went back
    }
  }
}

TEST_CASE("a plane follows the published recursion cell by cell and pulse by pulse") {
  // Trains with every slot on: each vector gives each cell exactly desired_bl pulses of one sign.
  devices::Device device;
  device.pulse.choice = devices::SoftBounds{{.dw_min = 0.05,
                                             .dw_min_dtod = 0,
                                             .dw_min_std = 0,
                                             .up_down_dtod = 0,
                                             .w_max = 0.8,
                                             .w_max_dtod = 0,
                                             .w_min = -0.6,
                                             .w_min_dtod = 0}};
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = device;
  model.pulser.choice = crossbar::StochasticPulser{
      {.desired_bl = 7, .bl_management = false, .update_management = false}};
  cost::Tally tally;
  crossbar::AnalogArray array(model, 2, 2, {.tally = &tally});
  Matrix x(2, 2), d(2, 2);
  x << 1, 1, -1, 1;
  d << 1, -1, 1, 1;
  array.update(x, d, 1e6);
  const auto after = [](std::initializer_list<int> signs) {
    double w = 0;
    for (const int sign : signs) {
      for (int n = 0; n < 7; ++n) w += sign > 0 ? 0.05 * (1 - w / 0.8) : -0.05 * (1 - w / -0.6);
    }
    return w;
  };
  const core::MatrixD w = array.weights();
  CHECK(w(0, 0) == Approx(after({+1, -1})).epsilon(1e-5));
  CHECK(w(0, 1) == Approx(after({-1, -1})).epsilon(1e-5));
  CHECK(w(1, 0) == Approx(after({+1, +1})).epsilon(1e-5));
  CHECK(w(1, 1) == Approx(after({-1, +1})).epsilon(1e-5));
  CHECK(count(tally, cost::Action::array_pulse) == 2 * 4 * 7);
}

TEST_CASE("an increment moves every weight by its own amount, on ideal cells and in arithmetic") {
  const Matrix change = small_integers(4, 3, 2, 6) / 100, start = small_integers(4, 3, 1, 5) / 10;
  const auto after = [&](crossbar::Array& array) {
    array.program(start);
    array.increment(change);
    return array.weights();
  };
  cost::Tally tally;
  crossbar::IdealArray ideal(4, 3, {.tally = &tally});
  CHECK((after(ideal) - (start + change).cast<double>()).cwiseAbs().maxCoeff() < 1e-6);
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.weight_scale = 2;
  model.device.pulse.choice = devices::IdealPulse{};
  model.pulser.choice = crossbar::ExactPulser{};
  crossbar::AnalogArray exact(model, 4, 3, {.tally = &tally});
  CHECK((after(exact) - (start + change).cast<double>()).cwiseAbs().maxCoeff() < 1e-6);
}

TEST_CASE("an increment draws random bits for all columns and the one row that is selected") {
  cost::Tally tally;
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.pulser.choice = crossbar::StochasticPulser{};
  crossbar::AnalogArray array(model, 4, 3, {.tally = &tally});
  const auto bits_per_slot = [&](auto write) {
    const double bits = count(tally, cost::Action::pulse_random_bit),
                 slots = serial(tally, cost::Action::pulse_slot);
    write();
    return (count(tally, cost::Action::pulse_random_bit) - bits) /
           (serial(tally, cost::Action::pulse_slot) - slots);
  };
  const Matrix change = Matrix::Constant(4, 3, 0.01F);
  CHECK(bits_per_slot([&] { array.increment(change); }) == 1 + 3);
  CHECK(bits_per_slot([&] { array.update(Matrix::Identity(4, 4), change, 1); }) == 4 + 3);
}

TEST_CASE("aggregated read noise has the law of independent noise in every cell", "[stochastic]") {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.device.read_noise.choice = devices::WhiteReadNoise{.std = 0.02, .relative = 0.05};
  model.output_noise = 0.03;
  cost::Tally tally;
  crossbar::AnalogArray array(model, 5, 1, {.seed = tests::seed(4), .tally = &tally});
  Matrix w(5, 1), x(1, 5);
  w << 0.5F, -0.9F, 0.1F, 0.9F, -0.2F;
  x << 1, -0.5F, 0.25F, 0, 1;
  array.program(w);
  constexpr Index reads = 40000;
  const Matrix y = read(array, x.replicate(reads, 1));
  double variance = 0.03 * 0.03,
         mean = 0;  // independently: conductance by conductance, in units of w
  for (Index i = 0; i < 5; ++i) {
    const double g = 5e-6 + static_cast<double>(w(i, 0)) * 4e-6,
                 sigma = std::hypot(0.02 * 8e-6, 0.05 * g) / 4e-6;
    variance += std::pow(sigma * static_cast<double>(x(0, i)), 2);
    mean += static_cast<double>(w(i, 0) * x(0, i));
  }
  const double seen_mean = y.cast<double>().mean();
  const double seen_variance = (y.cast<double>().array() - seen_mean).square().mean();
  CHECK(std::abs(seen_mean - mean) < 5 * std::sqrt(variance / reads));
  CHECK(std::abs(seen_variance / variance - 1) < 5 * std::sqrt(2.0 / reads));
}

TEST_CASE("comparators decide with the probability their noise gives", "[stochastic]") {
  for (const auto noise :
       {crossbar::ComparatorNoise::gaussian, crossbar::ComparatorNoise::logistic}) {
    crossbar::AnalogArrayModel model = tests::ideal_parts();
    model.weight_scale = 2;
    model.comparator = {.noise = noise, .scale = 1.5};
    cost::Tally tally;
    crossbar::AnalogArray array(model, 1, 1, {.seed = tests::seed(0), .tally = &tally});
    array.program(Matrix::Constant(1, 1, 0.5F));
    constexpr Index reads = 40000;
    Matrix bits(reads, 1);
    array.decide(crossbar::Direction::to_cols, Matrix::Ones(reads, 1),
                 core::Vector::Constant(1, 0.3F), bits);
    const double field = 0.5 + 0.3;
    const double p = noise == crossbar::ComparatorNoise::gaussian
                         ? std::erfc(-field / 1.5 / std::sqrt(2.0)) / 2
                         : 1 / (1 + std::exp(-field / 1.5));
    CHECK(std::abs(bits.cast<double>().mean() - p) < 5 * std::sqrt(p * (1 - p) / reads));
  }
}

TEST_CASE("a cell's change does not depend on any other neuron") {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device.pulse.choice = devices::SoftBounds{};
  model.pulser.choice =
      crossbar::StochasticPulser{{.bl_management = false, .update_management = false}};
  const auto cell = [&](const Matrix& x, const Matrix& d) {
    cost::Tally tally;
    crossbar::AnalogArray array(model, 6, 5, {.seed = 8, .tally = &tally});
    array.update(x, d, 0.1);
    return array.weights()(2, 3);
  };
  Matrix x = small_integers(4, 6, 1, 3) / 3, d = small_integers(4, 5, 2, 3) / 3;
  const double before = cell(x, d);
  CHECK(before != 0);
  for (Index other = 0; other < 6; ++other) {
    if (other != 2) x.col(other).setRandom();
  }
  for (Index other = 0; other < 5; ++other) {
    if (other != 3) d.col(other).setRandom();
  }
  CHECK(cell(x, d) == before);
}

TEST_CASE("hardware gives the same bits on 1, 2 and 4 threads") {
  crossbar::AnalogArrayModel model;
  model.device = tests::electrical();
  model.device.pulse.choice = devices::SoftBounds{{.write_noise_std = 2}};
  model.device.read_noise.choice = devices::WhiteReadNoise{};
  model.tile_rows = 30;
  const int threads_before = core::threads();
  std::vector<core::MatrixD> weights;
  std::vector<Matrix> outputs;
  for (const int threads : {1, 2, 4}) {
    core::set_threads(threads);
    cost::Tally tally;
    crossbar::AnalogArray array(model, 90, 70, {.seed = 2, .tally = &tally});
    for (int n = 0; n < 3; ++n) {
      array.update(small_integers(50, 90, n, 4) / 4, small_integers(50, 70, n + 9, 4) / 4, 0.02);
    }
    outputs.push_back(read(array, small_integers(100, 90, 5, 4) / 4));
    weights.push_back(array.weights());
  }
  core::set_threads(threads_before);
  CHECK(weights[1] == weights[0]);
  CHECK(weights[2] == weights[0]);
  CHECK(outputs[1] == outputs[0]);
  CHECK(outputs[2] == outputs[0]);
}

TEST_CASE(
    "a read dissipates the sum of conductance times voltage squared times time over all cells") {
  for (const bool pair : {false, true}) {
    crossbar::AnalogArrayModel model = tests::ideal_parts();
    model.device = tests::electrical();
    if (pair) model.mapping.choice = crossbar::PairMapping{};
    cost::Tally tally;
    crossbar::AnalogArray array(model, 2, 2, {.tally = &tally});
    Matrix w(2, 2), x(1, 2);
    w << 0.5F, -0.25F, 1, 0;
    x << 1, 0.5F;
    array.program(w);
    const double before = joules(tally, cost::Action::array_read);  // of programming
    (void)read(array, x);
    double expected = 0;
    for (Index i = 0; i < 2; ++i) {
      for (Index j = 0; j < 2; ++j) {
        const double g = 5e-6 + static_cast<double>(w(i, j)) * 4e-6;
        const double other = pair ? 5e-6 - static_cast<double>(w(i, j)) * 4e-6 : 5e-6;
        expected += (g + other) * std::pow(0.2 * static_cast<double>(x(0, i)), 2) * 1e-7;
      }
    }
    CHECK(joules(tally, cost::Action::array_read) - before == Approx(expected).epsilon(1e-6));
  }
}

TEST_CASE(
    "a pulse dissipates at full voltage where lines cross and at half on the rest of both lines") {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.device.pulse.choice =
      devices::IdealPulse{.dw_min = 1e-9};  // conductances stay where they are
  model.pulser.choice = crossbar::StochasticPulser{
      {.desired_bl = 1, .bl_management = false, .update_management = false}};
  cost::Tally tally;
  crossbar::AnalogArray array(model, 3, 2, {.tally = &tally});
  Matrix x(1, 3), d(1, 2);
  x << 1, 0, 0;
  d << 1, 0;
  array.update(x, d, 1e6);  // one slot, one row, one column
  const double g = 5e-6, v = 2, t = 1e-8;
  const double pulsed = g * v * v * t;                   // (0, 0) at the whole voltage
  const double half = (1 + 2) * g * v * v / 4 * t;       // (0, 1), (1, 0), (2, 0) at half
  const double reference = (2 + 3) * g * v * v / 4 * t;  // reference cells stand on the same lines
  CHECK(joules(tally, cost::Action::array_pulse) ==
        Approx(pulsed + half + reference).epsilon(1e-5));
}

TEST_CASE(
    "programming is billed pulse by pulse with the read that verifies each, and counts as wear") {
  crossbar::AnalogArrayModel model;
  model.device = tests::electrical();
  model.verify_pulses = 3;
  cost::Tally tally;
  crossbar::AnalogArray array(model, 4, 2, {.tally = &tally});
  array.program(Matrix::Constant(4, 2, 0.5F));
  const double g = 7e-6;  // each of 8 cells, three times
  CHECK(joules(tally, cost::Action::array_pulse) == Approx(8 * 3 * g * 2 * 2 * 1e-8));
  CHECK(joules(tally, cost::Action::array_read) == Approx(8 * 3 * g * 0.2 * 0.2 * 1e-7));
  CHECK(count(tally, cost::Action::adc_convert) == 8 * 3);
  CHECK(count(tally, cost::Action::dac_drive) == 4 * 3);
  for (const crossbar::Figure& figure : array.figures()) {
    if (figure.name == "pulses_per_cell") CHECK(figure.value == 3);
  }
}

TEST_CASE("the first-order loss in the wires grows with the square of the rows") {
  cost::Tally tally;
  crossbar::AnalogArrayModel model;
  model.device = tests::electrical();
  const auto drop = [&](Index rows) {
    for (const crossbar::Figure& figure :
         crossbar::AnalogArray(model, rows, 2, {.tally = &tally}).figures()) {
      if (figure.name == "ir_drop_estimate") return figure.value;
    }
    return 0.0;
  };
  CHECK(drop(100) == Approx(0.025));  // 1 ohm · 5 uS · 100²/2
  CHECK(drop(200) == Approx(0.1));
}

TEST_CASE("drift and programming error reach the weights, and waiting costs nothing") {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.device.drift.choice = devices::PowerLawDrift{.nu = 0.1, .nu_dtod = 0, .t0 = 1};
  cost::Tally tally;
  crossbar::AnalogArray array(model, 1, 1, {.tally = &tally});
  array.program(Matrix::Constant(1, 1, 0.5F));
  CHECK(array.weights()(0, 0) == Approx(0.5).epsilon(1e-5));
  const auto entries = tally.entries().size();
  array.wait(1e4);
  const double g = 7e-6 * std::pow(1e4, -0.1);
  CHECK(array.weights()(0, 0) == Approx(2 * (g - 1e-6) / 8e-6 - 1).epsilon(1e-4));
  CHECK(tally.entries().size() == entries);
  CHECK(read(array, Matrix::Ones(1, 1))(0, 0) == Approx(array.weights()(0, 0)).epsilon(1e-4));
}

TEST_CASE(
    "an array without cited voltages or with parts that do not exist says what keeps it from a "
    "bill") {
  cost::Tally tally;
  crossbar::AnalogArrayModel model;
  model.device = tests::electrical();
  CHECK(crossbar::AnalogArray(model, 2, 2, {.tally = &tally}).unpriced().empty());
  model.device.v_read.reset();
  model.adc.choice = crossbar::NoAdc{};
  CHECK(crossbar::AnalogArray(model, 2, 2, {.tally = &tally}).unpriced() ==
        "device.v_read, a real adc");
  CHECK(tally.unpriced() ==
        std::vector<cost::Unpriced>{{"weights", "device.v_read, a real adc", ""}});
}
