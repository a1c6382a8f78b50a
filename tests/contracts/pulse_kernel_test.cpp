// The fast update must give every cell the bits that the specification gives it, pulse after pulse.
// A new pulse response is tested before its author writes a test.
#include "ohmlab/crossbar/pulse_kernel.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <vector>

#include "ohmlab/core/parallel.hpp"
#include "ohmlab/core/rng.hpp"
#include "ohmlab/crossbar/pulse_reference.hpp"

#include "tests/catch.hpp"
#include "tests/contracts/variants.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;

namespace {

struct Plane {
  Matrix w, apparent;
  crossbar::CellNumbers written, pulses;
  std::vector<Matrix> parameters;

  [[nodiscard]] crossbar::PulsedCells cells(const crossbar::PulseWay& way) {
    return {.w = w,
            .apparent = apparent,
            .written = written,
            .pulses = pulses,
            .parameters = parameters,
            .first_cell = 1000,
            .noise = core::stream(3, core::StreamId::pulse_noise, 2),
            .noise_sum = core::stream(3, core::StreamId::pulse_noise_sum, 2),
            .write = core::stream(3, core::StreamId::write_noise, 2),
            .operation = 77,
            .write_place = 3,
            .way = way};
  }
};

template <class P>
Plane some_plane(const P& pulse, Index rows, Index cols) {
  Plane out;
  out.w.resize(rows, cols);
  out.parameters.assign(P::columns, Matrix(rows, cols));
  for (Index k = 0; k < out.w.size(); ++k) {
    const auto cell = static_cast<std::uint32_t>(k);
    const auto variation = core::stream(3, core::StreamId::device_variation);
    const auto own =
        pulse.template draw<float>(devices::normals_of<float>(variation, cell, 0, P::normals));
    const auto start = core::normals(core::random_block(variation, cell, 1, std::uint32_t{0}));
    for (int c = 0; c < P::columns; ++c)
      out.parameters[static_cast<std::size_t>(c)].data()[k] = own[c];
    out.w.data()[k] = P::template clip<float>(own, 0.5F * start[0]);
  }
  out.apparent = out.w;
  out.written.setConstant(rows, cols, 1);
  out.pulses.setConstant(rows, cols, 5);
  return out;
}

/// Values of both signs, some of them zero.
Matrix some_values(Index rows, Index cols, std::uint32_t layer, float size) {
  Matrix out(rows, cols);
  for (Index k = 0; k < out.size(); ++k) {
    const auto words = core::random_block(core::stream(9, core::StreamId::data, layer),
                                          static_cast<std::uint32_t>(k), 0, std::uint32_t{0});
    out.data()[k] = words[1] % 5 == 0 ? 0.0F : size * (2 * core::uniform(words[0]) - 1);
  }
  return out;
}

struct Regime {
  const char* name;
  Index vectors, rows, cols;
  float x, d;
  double rate;
  crossbar::StochasticPulser pulser;
};

const crossbar::StochasticPulser unmanaged{
    {.desired_bl = 31, .bl_management = false, .update_management = false}};
const crossbar::StochasticPulser longest{
    {.desired_bl = 64, .bl_management = false, .update_management = false}};
const Regime regimes[] = {
    {"one cell", 5, 1, 1, 1, 1, 0.01, {}},
    {"a few ragged cells", 7, 3, 17, 1, 1, 0.01, {}},
    {"more rows than a tile, long trains", 9, 70, 5, 1, 0.7F, 0.05, longest},
    {"more columns than a tile", 40, 10, 131, 1, 0.3F, 0.02, {}},
    {"sparse columns", 64, 65, 66, 1, 0.05F, 0.01, unmanaged},
    {"sparse rows", 64, 33, 80, 0.05F, 1, 0.01, unmanaged},
    {"dense: hundreds of pulses a cell", 48, 18, 20, 1, 1, 0.03, unmanaged},
    {"all slots on", 6, 5, 19, 1, 1, 1e6, longest},
    {"nothing to write", 4, 20, 20, 0, 1, 0.01, {}},
};

template <class P>
void check(const P& pulse, const Regime& regime, const crossbar::PulseWay& way) {
  CAPTURE(regime.name, way.direction, way.upward_only);
  const Matrix x = some_values(regime.vectors, regime.rows, 1, regime.x),
               d = some_values(regime.vectors, regime.cols, 2, regime.d);
  const crossbar::PulseTrains trains = crossbar::draw_trains(
      {x, d, regime.rate, 0.001}, regime.pulser, core::stream(3, core::StreamId::pulse_train), 77);
  devices::Pulse response;
  response.choice = pulse;
  Plane expected = some_plane(pulse, regime.rows, regime.cols), got = expected;
  const auto expected_count =
      crossbar::pulse_cells_one_by_one(response, trains, x, d, expected.cells(way));
  const auto count =
      crossbar::pulse_cells(response, crossbar::PulseEvents(trains, x, d), got.cells(way));
  CHECK((regime.x == 0) == (expected_count.coincidences == 0));
  CHECK(count.coincidences == expected_count.coincidences);
  // A string of up to 63 states is summed in float32.
  const double largest = std::max(1.0, static_cast<double>(expected.w.cwiseAbs().maxCoeff()));
  CHECK(std::abs(count.w_sum - expected_count.w_sum) <=
        4e-6 * largest * expected_count.coincidences);
  CHECK(got.w == expected.w);
  CHECK(got.apparent == expected.apparent);
  CHECK(got.written == expected.written);
  CHECK(got.pulses == expected.pulses);
}

/// As tests::each_variant, and with write noise and without noise where an entry has them.
template <class Entry, class Visitor>
void each_noise(const Visitor& visit) {
  tests::each_variant<Entry>(visit);
  if constexpr (requires(Entry e) { e.write_noise_std; }) {
    Entry entry;
    entry.write_noise_std = 2;
    visit(entry);
  }
  if constexpr (requires(Entry e) { e.dw_min_std; }) {
    Entry entry;
    entry.dw_min_std = 0;
    visit(entry);
  }
}

}  // namespace

TEST_CASE("the fast update gives every cell the bits of the specification") {
  devices::Pulse::each([]<class Entry>() {
    CAPTURE(Entry::name);
    each_noise<Entry>([](const auto& pulse) {
      for (const Regime& regime : regimes) {
        for (const double direction : {1.0, -1.0}) check(pulse, regime, {direction});
        check(pulse, regime, {.direction = -1, .upward_only = true});
      }
    });
  });
}

TEST_CASE("the fast update gives the same bits on 1, 2 and 4 threads, sums included") {
  const Matrix x = some_values(128, 200, 1, 1), d = some_values(128, 150, 2, 0.5F);
  const devices::SoftBounds pulse;
  devices::Pulse response;
  response.choice = pulse;
  const int threads_before = core::threads();
  std::vector<Plane> planes;
  std::vector<double> sums;
  for (const int threads : {1, 2, 4}) {
    core::set_threads(threads);
    const auto trains = crossbar::draw_trains({x, d, 0.02, pulse.granularity()}, unmanaged,
                                              core::stream(3, core::StreamId::pulse_train), 77);
    planes.push_back(some_plane(pulse, 200, 150));
    sums.push_back(crossbar::pulse_cells(response, crossbar::PulseEvents(trains, x, d),
                                         planes.back().cells({1}))
                       .w_sum);
  }
  core::set_threads(threads_before);
  for (const std::size_t i : {1U, 2U}) {
    CHECK(planes[i].w == planes[0].w);
    CHECK(planes[i].apparent == planes[0].apparent);
    CHECK(sums[i] == sums[0]);
  }
}
