#include "ohmlab/crossbar/copied_array.hpp"

#include <cmath>
#include <functional>
#include <map>

#include "ohmlab/core/parallel.hpp"
#include "ohmlab/crossbar/ideal_array.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using core::MatrixD;

namespace {

Matrix some_numbers(Index rows, Index cols, int seed) {
  Matrix out(rows, cols);
  for (Index i = 0; i < out.size(); ++i) {
    out.data()[i] = static_cast<float>((i * 7919 + Index{seed} * 104729) % 17 - 8) / 8;
  }
  return out;
}

/// Everything that draws random numbers: spreads, pulses, writes, reads, drift, drivers and
/// converters.
crossbar::AnalogArrayModel noisy() {
  crossbar::AnalogArrayModel model;
  model.device = tests::electrical();
  model.device.pulse.choice = devices::SoftBounds{{.dw_min = 0.01, .write_noise_std = 2}};
  model.device.programming.choice = devices::GaussianProgramming{};
  model.device.read_noise.choice = devices::WhiteReadNoise{};
  model.device.drift.choice = devices::PowerLawDrift{.t0 = 1e-7};
  model.mapping.choice = crossbar::PairMapping{};
  model.weight_scale = 2;
  model.tile_rows = 7;
  return model;
}

crossbar::AnalogArrayModel copied(crossbar::AnalogArrayModel model, std::int64_t copies) {
  model.copies = copies;
  return model;
}

double figure(const crossbar::Array& array, const std::string& name) {
  for (const crossbar::Figure& one : array.figures()) {
    if (one.name == name) return one.value;
  }
  throw std::runtime_error("no figure called " + name);
}

struct Sums {
  double count = 0, serial = 0, joules = 0, seconds = 0;
  [[nodiscard]] bool operator==(const Sums&) const = default;
};

/// What was posted, by action, and apart what was posted as overlapped.
struct Posted {
  std::map<cost::Action, Sums> first, later;
};

Posted posted(const cost::Tally& tally) {
  Posted out;
  for (const cost::Entry& entry : tally.entries()) {
    Sums& sums = (entry.overlapped ? out.later : out.first)[entry.action];
    sums.count += entry.count;
    sums.serial += entry.serial;
    sums.joules += entry.joules;
    sums.seconds += entry.seconds;
  }
  return out;
}

double correlation(const MatrixD& a, const MatrixD& b) {
  const MatrixD x = a.array() - a.mean(), y = b.array() - b.mean();
  return x.cwiseProduct(y).sum() / std::sqrt(x.squaredNorm() * y.squaredNorm());
}

}  // namespace

TEST_CASE("a model of one copy makes a plain array, one of more makes copies of it") {
  cost::Tally tally;
  const crossbar::AnalogArrayModel model = noisy();
  const auto one = model.make(3, 2, {.tally = &tally});
  CHECK(dynamic_cast<crossbar::AnalogArray*>(one.get()) != nullptr);
  const auto more = copied(model, 5).make(3, 2, {.tally = &tally});
  const auto* copies = dynamic_cast<crossbar::CopiedArray*>(more.get());
  REQUIRE(copies != nullptr);
  CHECK(copies->copies().size() == 5);
  CHECK(more->rows() == 3);
  CHECK(more->cols() == 2);
}

TEST_CASE("the first of several copies does, bit for bit, what an array does that is alone") {
  const auto [copies, vectors, first] =
      GENERATE(std::tuple{2, 7, 4}, std::tuple{3, 9, 3}, std::tuple{4, 2, 1});
  CAPTURE(copies, vectors);
  constexpr Index rows = 20, cols = 11;
  cost::Tally tally, other;
  const crossbar::ArrayContext context{.seed = 3, .layer = 2, .tally = &tally};
  crossbar::AnalogArray alone(noisy(), rows, cols, {.seed = 3, .layer = 2, .tally = &other});
  crossbar::CopiedArray array(copied(noisy(), copies), rows, cols, context);
  for (crossbar::Array* each :
       {static_cast<crossbar::Array*>(&alone), static_cast<crossbar::Array*>(&array)}) {
    each->program(some_numbers(rows, cols, 1));
    each->update(some_numbers(vectors, rows, 2), some_numbers(vectors, cols, 3), 0.05);
    each->increment(some_numbers(rows, cols, 4) / 10);
    each->wait(1e-5);
  }
  const auto same = [&, vectors = vectors, first = first](Index inputs, Index outputs,
                                                          const auto& read) {
    const Matrix x = some_numbers(vectors, inputs, 5);
    Matrix of_all(vectors, outputs), of_one(first, outputs);
    read(array, x, of_all);
    read(alone, x.topRows(first), of_one);
    CHECK(of_all.topRows(first) == of_one);
    CHECK(of_all.bottomRows(vectors - first).allFinite());
    CHECK(array.copies()[0]->weights() == alone.weights());
  };
  same(rows, cols, [](crossbar::Array& a, const Matrix& x, Matrix& y) {
    a.read(crossbar::Direction::to_cols, x, y);
  });
  same(cols, rows, [](crossbar::Array& a, const Matrix& x, Matrix& y) {
    a.read(crossbar::Direction::to_rows, x, y);
  });
  same(rows, cols, [](crossbar::Array& a, const Matrix& x, Matrix& y) {
    a.decide(crossbar::Direction::to_cols, x, core::Vector::Constant(cols, 0.25F), y);
  });
  same(cols, rows, [](crossbar::Array& a, const Matrix& x, Matrix& y) {
    a.decide(crossbar::Direction::to_rows, x, core::Vector::Constant(rows, 0.25F), y);
  });
}

TEST_CASE("copies of ideal cells read what one array reads, whatever the batch") {
  const Index vectors = GENERATE(1, 2, 3, 10, 150);
  constexpr Index rows = 12, cols = 9;
  cost::Tally tally;
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device.pulse.choice = devices::IdealPulse{.dw_min = 1.0 / 64};
  model.pulser.choice = crossbar::ExactPulser{};
  crossbar::IdealArray exact(rows, cols, {.tally = &tally});
  crossbar::CopiedArray array(copied(model, 3), rows, cols, {.tally = &tally});
  Matrix y(vectors, cols), back(vectors, rows), expected(vectors, cols),
      expected_back(vectors, rows);
  const Matrix x = some_numbers(vectors, rows, 2), d = some_numbers(vectors, cols, 3);
  exact.program(some_numbers(rows, cols, 1));
  exact.increment(some_numbers(rows, cols, 7));
  exact.read(crossbar::Direction::to_cols, x, expected);
  exact.read(crossbar::Direction::to_rows, d, expected_back);
  array.program(some_numbers(rows, cols, 1));
  array.increment(some_numbers(rows, cols, 7));
  array.read(crossbar::Direction::to_cols, x, y);
  array.read(crossbar::Direction::to_rows, d, back);
  CHECK(y == expected);
  CHECK(back == expected_back);
  CHECK(array.weights() == exact.weights());
  CHECK(figure(array, "copies_spread") == 0);
}

TEST_CASE("every copy has cells, pulses, errors and noise of its own", "[stochastic]") {
  constexpr Index rows = 60, cols = 50, copies = 3;
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.copies = copies;
  model.device = tests::electrical();
  model.device.pulse.choice = devices::IdealPulse{.dw_min = 0.01};
  std::function<MatrixD(crossbar::CopiedArray&, std::size_t)> of =
      [](crossbar::CopiedArray& a, std::size_t k) { return a.copies()[k]->weights(); };
  const auto slice = [](const Matrix& y, std::size_t k) {
    return MatrixD(
        y.middleRows(static_cast<Index>(k) * y.rows() / copies, y.rows() / copies).cast<double>());
  };
  std::function<void(crossbar::CopiedArray&)> act = [](crossbar::CopiedArray& a) {
    a.update(Matrix::Ones(1, rows), Matrix::Ones(1, cols), 0.1);
  };
  Matrix y(90, cols);
  const auto read = [&](crossbar::CopiedArray& a) {
    a.read(crossbar::Direction::to_cols, Matrix::Ones(y.rows(), rows), y);
  };
  SECTION("spread of steps") {
    model.device.pulse.choice = devices::ConstantStep{{.dw_min = 0.001, .dw_min_std = 0}};
    model.pulser.choice = crossbar::ExactPulser{};
  }
  SECTION("coincidences of pulses") {
    // Rows are on in every slot and columns in half of them, drawn afresh for each row: cells are
    // independent.
    model.pulser.choice = crossbar::StochasticPulser{
        {.desired_bl = 31, .bl_management = false, .update_management = false}};
    act = [](crossbar::CopiedArray& a) { a.increment(Matrix::Constant(rows, cols, 0.28F)); };
  }
  SECTION("noise of pulses") {
    model.device.pulse.choice = devices::ConstantStep{{.dw_min = 0.001,
                                                       .dw_min_dtod = 0,
                                                       .dw_min_std = 0.5,
                                                       .up_down_dtod = 0,
                                                       .w_max_dtod = 0,
                                                       .w_min_dtod = 0}};
    model.pulser.choice = crossbar::StochasticPulser{
        {.desired_bl = 5, .bl_management = false, .update_management = false},
        GENERATE(true, false)};
    act = [](crossbar::CopiedArray& a) {
      a.update(Matrix::Ones(1, rows), Matrix::Ones(1, cols), 1e6);
    };
  }
  SECTION("errors of programming") {
    model.device.programming.choice = devices::GaussianProgramming{};
    act = [](crossbar::CopiedArray& a) { a.program(Matrix::Zero(rows, cols)); };
  }
  SECTION("noise of cells that are read") {
    model.device.read_noise.choice = devices::WhiteReadNoise{.std = 0.02};
    act = read;
    of = [&](crossbar::CopiedArray&, std::size_t k) { return slice(y, k); };
  }
  SECTION("noise of outputs") {
    model.output_noise = 0.1;
    act = read;
    of = [&](crossbar::CopiedArray&, std::size_t k) { return slice(y, k); };
  }
  SECTION("noise of comparators") {
    act = [&](crossbar::CopiedArray& a) {
      a.decide(crossbar::Direction::to_cols, Matrix::Ones(y.rows(), rows), core::Vector::Zero(cols),
               y);
    };
    of = [&](crossbar::CopiedArray&, std::size_t k) { return slice(y, k); };
  }
  cost::Tally tally;
  crossbar::CopiedArray array(model, rows, cols, {.seed = tests::seed(9), .tally = &tally});
  act(array);
  for (const auto& [a, b] : {std::pair{0, 1}, {0, 2}, {1, 2}}) {
    CAPTURE(a, b);
    const MatrixD one = of(array, static_cast<std::size_t>(a)),
                  two = of(array, static_cast<std::size_t>(b));
    REQUIRE((one.array() - one.mean()).square().sum() > 0);
    CHECK(std::abs(correlation(one, two)) < 5 / std::sqrt(static_cast<double>(one.size())));
  }
}

TEST_CASE("the spread of copies is their root mean square distance from the mean of them") {
  cost::Tally tally;
  crossbar::CopiedArray array(copied(noisy(), 3), 6, 5, {.tally = &tally});
  array.program(some_numbers(6, 5, 1));
  array.update(some_numbers(4, 6, 2), some_numbers(4, 5, 3), 0.3);
  const MatrixD mean = array.weights();
  double squares = 0;
  for (Index i = 0; i < 6; ++i) {
    for (Index j = 0; j < 5; ++j) {
      double sum = 0;
      for (const auto& copy : array.copies()) {
        const double w = copy->weights()(i, j);
        sum += w;
        squares += (w - mean(i, j)) * (w - mean(i, j));
      }
      CHECK(mean(i, j) == Approx(sum / 3));
    }
  }
  CHECK(squares > 0);
  CHECK(figure(array, "copies_spread") == Approx(std::sqrt(squares / 90)));
}

TEST_CASE("figures of copies are means, of wear the most; clipping is of all conversions") {
  cost::Tally tally;
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.device.endurance = 1e3;
  model.adc.choice = crossbar::UniformAdc{{.bound = 1}};
  model.pulser.choice = crossbar::StochasticPulser{{.desired_bl = 31, .bl_management = false}};
  crossbar::CopiedArray array(copied(model, 4), 8, 6, {.tally = &tally});
  array.update(some_numbers(5, 8, 2), some_numbers(5, 6, 3), 0.05);
  double pulses = 0, most = 0;
  for (const auto& copy : array.copies()) {
    pulses += figure(*copy, "pulses_per_cell") / 4;
    most = std::max(most, figure(*copy, "pulses_most"));
  }
  CHECK(figure(*array.copies()[0], "pulses_per_cell") !=
        figure(*array.copies()[1], "pulses_per_cell"));
  CHECK(figure(array, "pulses_per_cell") == Approx(pulses));
  CHECK(figure(array, "pulses_most") == most);
  CHECK(figure(array, "endurance_used") == Approx(most / 1e3));
  // Two vectors: copies 0 and 1 convert one each, of which the first clips at all outputs; the
  // others rest.
  array.program(Matrix::Constant(8, 6, 0.9F));
  Matrix x = Matrix::Zero(2, 8), y(2, 6);
  x.row(0).setOnes();
  CHECK(figure(array, "adc_clipped") == 0);
  array.read(crossbar::Direction::to_cols, x, y);
  CHECK(figure(array, "adc_clipped") == Approx(0.5));
}

TEST_CASE("decisions of copies have the mean of their variances") {
  cost::Tally tally;
  crossbar::AnalogArrayModel model = noisy();
  model.device.read_noise.choice = devices::WhiteReadNoise{.std = 0.02, .relative = 0.1};
  model.comparator = {.noise = crossbar::ComparatorNoise::gaussian, .scale = 1.5};
  crossbar::CopiedArray array(copied(model, 3), 4, 3, {.tally = &tally});
  array.program(some_numbers(4, 3, 1));
  MatrixD variance = MatrixD::Zero(4, 3);
  constexpr auto to_rows = crossbar::Direction::to_rows;
  for (const auto& copy : array.copies()) variance += copy->decision_law(to_rows).variance / 3;
  const crossbar::DecisionLaw law = array.decision_law(to_rows);
  CHECK(law.weights == array.weights());
  CHECK(law.noise == crossbar::ComparatorNoise::gaussian);
  CHECK(law.scale == 1.5);
  CHECK(law.variance.isApprox(variance));
  CHECK(law.variance != array.copies()[0]->decision_law(to_rows).variance);
  model.device.read_noise.choice = devices::NoReadNoise{};
  CHECK(crossbar::CopiedArray(copied(model, 3), 4, 3, {.tally = &tally})
            .decision_law(to_rows)
            .variance.size() == 0);
}

TEST_CASE("reads of a batch take the time of the longest slice and the energy of them all") {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();  // w = 0 is 5 uS; 0.2 V, 100 ns
  crossbar::UniformAdc adc;
  adc.columns_per_adc = 4;
  model.adc.choice = adc;
  model.dac.choice = crossbar::UniformDac{};
  model.edge_lanes = 2;
  model.copies = 4;
  constexpr Index rows = 6, cols = 8;
  cost::Tally tally;
  crossbar::CopiedArray array(model, rows, cols, {.tally = &tally});
  const auto read = [&](Index vectors) {
    Matrix y(vectors, cols);
    array.read(crossbar::Direction::to_cols, Matrix::Ones(vectors, rows), y);
    return posted(tally);
  };
  SECTION("ten vectors: slices of three, three, two and two") {
    Posted seen = read(10);
    CHECK(seen.later.empty());
    CHECK(seen.first[cost::Action::array_read].count == 10);
    CHECK(seen.first[cost::Action::array_read].serial == 3);
    CHECK(seen.first[cost::Action::array_read].seconds == Approx(3 * 1e-7));
    // a pulsed and a fixed cell of 5 uS for each of 48 weights
    CHECK(seen.first[cost::Action::array_read].joules ==
          Approx(10 * 48 * 2 * 5e-6 * 0.2 * 0.2 * 1e-7));
    CHECK(seen.first[cost::Action::dac_drive].count == 10 * rows);
    CHECK(seen.first[cost::Action::dac_drive].serial == 3);
    CHECK(seen.first[cost::Action::adc_convert].count == 10 * cols);
    CHECK(seen.first[cost::Action::adc_convert].serial == 3 * 4);
    CHECK(seen.first[cost::Action::edge_multiply].count == 10 * cols);
    CHECK(seen.first[cost::Action::edge_multiply].serial == 3.0 * cols / 2);
    CHECK(seen.first[cost::Action::line_charge].count == Approx(10 * rows * 0.2 * 0.2));
  }
  SECTION("one vector: three copies rest") {
    Posted seen = read(1);
    CHECK(seen.first[cost::Action::array_read].count == 1);
    CHECK(seen.first[cost::Action::array_read].serial == 1);
    CHECK(seen.first[cost::Action::adc_convert].count == cols);
    CHECK(seen.first[cost::Action::adc_convert].serial == 4);
  }
  SECTION("decisions of comparators") {
    Matrix bits(10, rows);
    array.decide(crossbar::Direction::to_rows, Matrix::Ones(10, cols), core::Vector::Zero(rows),
                 bits);
    Posted seen = posted(tally);
    CHECK(seen.first[cost::Action::comparator_decision].count == 10 * rows);
    CHECK(seen.first[cost::Action::comparator_decision].serial == 3);
  }
  SECTION("neurons at the edge work on the lanes of all copies") {
    array.edge().sigmoids(tally.component("neurons"), 80);
    Posted seen = posted(tally);
    CHECK(seen.first[cost::Action::edge_sigmoid].count == 80);
    CHECK(seen.first[cost::Action::edge_sigmoid].serial == 80.0 / (4 * 2));
  }
}

TEST_CASE(
    "in a pipeline every copy reads its own slice, the first vector of it through all stages") {
  crossbar::AnalogArrayModel model;
  model.device = tests::electrical();
  model.pipelined = true;
  model.copies = 4;
  const auto read = [&](Index vectors) {
    cost::Tally tally;
    crossbar::CopiedArray array(model, 6, 8, {.tally = &tally});
    Matrix y(vectors, 8);
    array.read(crossbar::Direction::to_cols, Matrix::Ones(vectors, 6), y);
    return posted(tally);
  };
  Posted seen = read(10);
  CHECK(seen.first[cost::Action::array_read].count == 10);
  CHECK(seen.first[cost::Action::array_read].serial == Approx(1));
  CHECK(seen.first[cost::Action::array_read].seconds == Approx(1e-7));
  CHECK(seen.later[cost::Action::array_read].count == 0);
  CHECK(seen.later[cost::Action::array_read].serial == Approx(2));
  CHECK(seen.later[cost::Action::array_read].seconds == Approx(2 * 1e-7));
  CHECK(seen.later[cost::Action::adc_convert].serial == Approx(2));
  CHECK(seen.first[cost::Action::adc_convert].count == 80);
  // no slice is longer than one vector: nothing is overlapped
  Posted short_one = read(3);
  CHECK(short_one.later.empty());
  CHECK(short_one.first[cost::Action::array_read].count == 3);
  CHECK(short_one.first[cost::Action::array_read].serial == 1);
}

TEST_CASE(
    "updates and programming reach every copy: so many times the energy, the same time, the same "
    "wear") {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.device.endurance = 1e6;
  model.device.pulse.choice =
      devices::IdealPulse{.dw_min = 1e-9};  // conductances stay where they are
  model.pulser.choice = crossbar::StochasticPulser{
      {.desired_bl = 5, .bl_management = false, .update_management = false}};
  model.verify_pulses = 3;
  constexpr Index rows = 3, cols = 2, vectors = 7;
  constexpr double copies = 4;
  SECTION("by hand, every line pulsed in every slot") {
    cost::Tally tally;
    crossbar::CopiedArray array(copied(model, 4), rows, cols, {.tally = &tally});
    array.update(Matrix::Ones(vectors, rows), Matrix::Ones(vectors, cols), 1e6);
    Posted seen = posted(tally);
    const double slots = 5.0 * vectors;
    CHECK(seen.first[cost::Action::array_pulse].count == copies * slots * rows * cols);
    CHECK(seen.first[cost::Action::pulse_slot].serial == slots);
    CHECK(seen.first[cost::Action::pulse_slot].seconds == Approx(slots * 1e-8));
    CHECK(seen.first[cost::Action::pulse_drive].count == copies * slots * (rows + cols));
    CHECK(seen.first[cost::Action::pulse_random_bit].count == copies * slots * (rows + cols));
    double pulsed = 0;
    for (const cost::Holding& holding : tally.holdings()) {
      if (holding.part == cost::Part::cell && holding.parameter > 0) pulsed += holding.count;
    }
    CHECK(pulsed == copies * rows * cols);
    CHECK(seen.first[cost::Action::array_pulse].count / pulsed == slots);  // wear of a cell
    CHECK(figure(array, "pulses_per_cell") == slots);
  }
  SECTION("against an array that is alone") {
    cost::Tally of_one, of_all;
    const auto one = model.make(rows, cols, {.tally = &of_one});
    const auto all = copied(model, 4).make(rows, cols, {.tally = &of_all});
    for (crossbar::Array* each : {one.get(), all.get()}) {
      each->program(Matrix::Constant(rows, cols, 0.5F));
      each->update(Matrix::Ones(vectors, rows), Matrix::Ones(vectors, cols), 1e6);
      each->increment(Matrix::Constant(rows, cols, 1e3F));
    }
    const auto a = of_one.entries(), b = of_all.entries();
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      CAPTURE(cost::name(a[i].action));
      CHECK(b[i].action == a[i].action);
      CHECK(b[i].count == copies * a[i].count);
      CHECK(b[i].joules == Approx(copies * a[i].joules));
      CHECK(b[i].serial == a[i].serial);
      CHECK(b[i].seconds == a[i].seconds);
    }
    REQUIRE(of_all.holdings().size() == of_one.holdings().size());
    for (std::size_t i = 0; i < of_one.holdings().size(); ++i) {
      CAPTURE(cost::name(of_one.holdings()[i].part));
      CHECK(of_all.holdings()[i].part == of_one.holdings()[i].part);
      CHECK(of_all.holdings()[i].parameter == of_one.holdings()[i].parameter);
      CHECK(of_all.holdings()[i].count == copies * of_one.holdings()[i].count);
    }
  }
}

TEST_CASE("copies share one clock: those without a vector grow as old as those that read") {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.device.g_min = 0.0;
  model.device.g_max = 10e-6;
  model.device.t_read = 1.0;
  model.device.t_pulse = 0.0;
  model.device.drift.choice = devices::PowerLawDrift{.nu = 0.1, .nu_dtod = 0, .t0 = 1};
  model.copies = 3;
  cost::Tally tally;
  crossbar::CopiedArray array(model, 1, 1, {.tally = &tally});
  array.program(Matrix::Ones(1, 1));
  Matrix y(1, 1);
  for (int n = 0; n < 100; ++n) array.read(crossbar::Direction::to_cols, Matrix::Ones(1, 1), y);
  // g falls by age^-0.1, and w = 2 g/g_max - 1; the verify reads of programming are before
  const double g = std::pow(100.0, -0.1);
  for (const auto& copy : array.copies())
    CHECK(copy->weights()(0, 0) == Approx(2 * g - 1).epsilon(1e-4));
  CHECK(figure(array, "copies_spread") == 0);
}

TEST_CASE("copies give the same bits on 1, 2 and 4 threads") {
  const int threads_before = core::threads();
  std::vector<MatrixD> weights;
  std::vector<Matrix> outputs;
  for (const int threads : {1, 2, 4}) {
    core::set_threads(threads);
    cost::Tally tally;
    crossbar::CopiedArray array(copied(noisy(), 3), 90, 70, {.seed = 2, .tally = &tally});
    for (int n = 0; n < 3; ++n)
      array.update(some_numbers(50, 90, n), some_numbers(50, 70, n + 9), 0.02);
    outputs.emplace_back(200, 70);
    array.read(crossbar::Direction::to_cols, some_numbers(200, 90, 5), outputs.back());
    weights.push_back(array.weights());
  }
  core::set_threads(threads_before);
  for (std::size_t other = 1; other < 3; ++other) {
    CHECK(weights[other] == weights[0]);
    CHECK(outputs[other] == outputs[0]);
  }
}

TEST_CASE("copies that are put away and taken out again go on with the same bits") {
  cost::Tally tally;
  const auto fresh = [&] { return copied(noisy(), 3).make(9, 8, {.seed = 5, .tally = &tally}); };
  const auto before = [](crossbar::Array& array) {
    Matrix y(4, 8);
    array.program(some_numbers(9, 8, 1));
    array.read(crossbar::Direction::to_cols, some_numbers(4, 9, 2), y);
    array.update(some_numbers(4, 9, 3), some_numbers(4, 8, 4), 0.2);
  };
  const auto after = [](crossbar::Array& array) {
    Matrix y(5, 8);
    array.read(crossbar::Direction::to_cols, some_numbers(5, 9, 2), y);
    array.update(some_numbers(4, 9, 6), some_numbers(4, 8, 7), 0.2);
    return std::pair(y, array.weights());
  };
  const auto whole = fresh(), resumed = fresh();
  before(*whole);
  core::Archive saved;
  whole->state(saved);
  core::Archive stored(saved.items());
  resumed->state(stored);
  CHECK(after(*whole) == after(*resumed));
  CHECK(figure(*whole, "copies_spread") == figure(*resumed, "copies_spread"));
  CHECK(figure(*whole, "pulses_most") == figure(*resumed, "pulses_most"));
}

TEST_CASE("copies say what keeps one of them from a bill, once") {
  cost::Tally tally;
  crossbar::AnalogArrayModel model = noisy();
  CHECK(crossbar::CopiedArray(copied(model, 3), 2, 2, {.tally = &tally}).unpriced().empty());
  model.device.v_read.reset();
  CHECK(crossbar::CopiedArray(copied(model, 3), 2, 2, {.tally = &tally}).unpriced() ==
        "device.v_read");
}

TEST_CASE("copies that share phases take them in turn, and the first is the trained machine") {
  constexpr Index rows = 12, cols = 7, vectors = 5;
  cost::Tally tally, other;
  crossbar::AnalogArrayModel model = copied(noisy(), 2);
  model.copies_share = crossbar::CopiesShare::phases;
  crossbar::CopiedArray twins(model, rows, cols, {.seed = 3, .tally = &tally});
  crossbar::AnalogArray free(noisy(), rows, cols, {.seed = 3, .tally = &other});
  crossbar::AnalogArray nudged(noisy(), rows, cols, {.seed = 3, .copy = 1, .tally = &other});
  for (crossbar::Array* each : std::initializer_list<crossbar::Array*>{&twins, &free, &nudged}) {
    each->program(some_numbers(rows, cols, 1));
    each->update(some_numbers(vectors, rows, 2), some_numbers(vectors, cols, 3), 0.05);
  }
  const Matrix x = some_numbers(vectors, rows, 5);
  Matrix of_twins(vectors, cols), of_one(vectors, cols);
  for (const std::size_t phase : {0, 1, 2, 3}) {
    CAPTURE(phase);
    CHECK(twins.begin_phase(phase));
    crossbar::AnalogArray& one = phase % 2 == 0 ? free : nudged;
    twins.read(crossbar::Direction::to_cols, x, of_twins);
    one.read(crossbar::Direction::to_cols, x, of_one);
    CHECK(of_twins == of_one);
    // the other twin waits as long as a read takes
    (phase % 2 == 0 ? nudged : free).stand_by(vectors);
  }
  CHECK(twins.weights() == free.weights());
  CHECK(twins.copies()[1]->weights() == nudged.weights());
  CHECK(figure(twins, "copies_spread") > 0);
}
