// Steps from tables: the law of the samples against the table, and against the model that it came
// from.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/field_values.hpp"
#include "ohmlab/core/rng.hpp"
#include "ohmlab/devices/device.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"
#include "tests/oracles/statistics.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;
using devices::MeasuredTable;
using devices::StepTable;

namespace {

const core::Stream dice = core::stream(ohmlab::tests::seed(37), core::StreamId::data, 5);
constexpr std::uint32_t blocks = 25'000;

std::string error_of(const std::string& text) {
  try {
    static_cast<void>(StepTable::parse(text, "t.csv", {}));
    return "";
  } catch (const core::UserError& error) {
    return error.what();
  }
}

/// A device that reads a table from a file.
MeasuredTable read(const TempFolder& folder, const std::string& text,
                   const std::string& more = "") {
  write_bytes(folder / "table.csv", text);
  const auto device = core::read<devices::Device>(core::parse_config(
      fmt::format("pulse = {{kind = 'measured_table', file = 'table.csv'{}}}", more),
      (folder / "x.toml").string(), folder.path()));
  return std::get<MeasuredTable>(device.pulse.choice);
}

/// Steps of a cell at w, sorted.
template <class P>
std::vector<double> sampled(const P& pulse, const devices::Columns<float, P::columns>& cell,
                            float w, bool up, std::uint64_t operation) {
  std::vector<double> out;
  for (std::uint32_t k = 0; k < blocks; ++k) {
    const auto xi = core::normals(core::random_block(dice, k, operation, std::uint32_t{0}));
    for (int q = 0; q < 4; ++q) {
      out.push_back(static_cast<double>(pulse.template step<float>(cell, w, up, xi[q])) -
                    static_cast<double>(w));
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// The largest distance of two empirical laws; above 3.8/sqrt(n) with p < 1e-6 for n samples each
/// (Kolmogorov and Smirnov: 2 exp(-n D^2) at equal n).
double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double worst = 0;
  std::size_t j = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    while (j < b.size() && b[j] <= a[i]) ++j;
    worst = std::max(worst, std::abs(static_cast<double>(j) - static_cast<double>(i + 1)));
  }
  return worst / static_cast<double>(a.size());
}

constexpr const char* skewed =
    "# steps in units of w\n"
    "up, 0.05, 0.25, 0.5, 0.75, 0.95\n"
    "-1, 0.010, 0.012, 0.015, 0.022, 0.050\n"
    "-0.3, 0.006, 0.008, 0.010, 0.015, 0.040\n"
    "1, -0.001, 0.000, 0.001, 0.002, 0.008\r\n"
    "\n"
    "down, 0.1, 0.9   # its own quantiles and states\n"
    "-1, -0.002, 0\n"
    "0, -0.012, -0.008\n"
    "1, -0.020, -0.015\n";

}  // namespace

TEST_CASE("sampled steps have the quantiles of the table, at its states and between them",
          "[stochastic]") {
  const TempFolder folder;
  const MeasuredTable pulse = read(folder, skewed);
  const auto cell = pulse.draw<float>({});
  // grids of states that are no multiples of the table's are off by a share of a node
  const std::vector<std::pair<double, std::vector<double>>> rows{
      {-0.3, {0.006, 0.008, 0.010, 0.015, 0.040}},
      {-0.65, {0.008, 0.010, 0.0125, 0.0185, 0.045}},
      {0.35, {0.0025, 0.004, 0.0055, 0.0085, 0.024}}};
  const double quantiles[] = {0.05, 0.25, 0.5, 0.75, 0.95};
  for (const auto& [w, steps] : rows) {
    const auto sample = sampled(pulse, cell, static_cast<float>(w), true, 1);
    const auto n = static_cast<double>(sample.size());
    for (std::size_t k = 1; k < 4; ++k) {  // the outermost are where steps end
      CAPTURE(w, k);
      const double share =
          static_cast<double>(std::lower_bound(sample.begin(), sample.end(), steps[k]) -
                              sample.begin()) /
          n;
      const double q = quantiles[k];
      CHECK(std::abs(share - q) < 4.9 * std::sqrt(q * (1 - q) / n) + 0.012);
    }
    CHECK(sample.front() == Approx(steps.front()).margin(2e-4));
    CHECK(sample.back() == Approx(steps.back()).margin(2e-4));
    double mean = 0;
    for (const double step : sample) mean += step / n;
    CHECK(pulse.change(cell, w, true) == Approx(mean).epsilon(0.01));
  }
  CHECK(pulse.range(cell) == std::pair{-1.0, 1.0});
  CHECK(pulse.cycle_noise() > 0);
  // between two quantiles the law is normal: mean and sigma by their scores
  const auto down = sampled(pulse, cell, 0.0F, false, 2);
  CHECK(pulse.change(cell, 0, false) == Approx(-0.010).epsilon(1e-3));
  CHECK(down[down.size() / 2] == Approx(-0.010).margin(3e-5));
}

TEST_CASE("a table of soft bounds steps as soft bounds do", "[stochastic]") {
  devices::SoftBounds soft;
  soft.dw_min = 0.01;
  soft.dw_min_dtod = soft.up_down_dtod = soft.w_max_dtod = soft.w_min_dtod = 0;
  soft.w_max = 0.8;
  soft.w_min = -1.1;
  soft.dw_min_std = 0.4;
  for (const auto cycle : {devices::CycleNoise::additive, devices::CycleNoise::multiplicative}) {
    soft.cycle = cycle;
    const auto own = soft.draw<float>({});
    std::string text;
    const double scores[] = {-4.264890794, -1, 0, 1, 4.264890794};  // of 1e-5, …, 1 - 1e-5
    for (const bool up : {true, false}) {
      text += up ? "up" : "down";
      text += ", 0.00001, 0.158655253931457, 0.5, 0.841344746068543, 0.99999\n";
      for (const double w : {-1.1, -0.5, 0.1, 0.8}) {
        text += fmt::format("{}", w);
        const double noise = cycle == devices::CycleNoise::additive
                                 ? 0.004
                                 : 0.4 * std::abs(soft.change(own, w, up));
        for (const double z : scores)
          text += fmt::format(", {:.12g}", soft.change(own, w, up) + noise * z);
        text += "\n";
      }
    }
    MeasuredTable pulse;
    const TempFolder folder;
    pulse = read(folder, text);
    const auto cell = pulse.draw<float>({});
    CHECK(pulse.granularity() == Approx(0.01).epsilon(1e-4));
    std::uint64_t operation = 10;
    for (const float w : {-1.0F, -0.3F, 0.0F, 0.55F}) {
      for (const bool up : {true, false}) {
        CAPTURE(w, up);
        CHECK(pulse.change(cell, static_cast<double>(w), up) ==
              Approx(soft.change(own, static_cast<double>(w), up)).margin(2e-6));
        const auto a = sampled(pulse, cell, w, up, operation);
        const auto b = sampled(soft, own, w, up, operation + 1);
        operation += 2;
        CHECK(distance(a, b) < 3.8 / std::sqrt(static_cast<double>(a.size())));
        if (!up) continue;  // downwards a normal above 0 makes soft bounds' step longer
        const auto same = sampled(soft, own, w, up, operation - 2);
        for (std::size_t k = 100; k < a.size() - 100; k += 997)
          CHECK(a[k] == Approx(same[k]).margin(2e-6));
      }
    }
  }
}

TEST_CASE("conductances in a file become states by the two values that the config names") {
  const TempFolder folder;
  const MeasuredTable pulse = read(folder,
                                   "up, 0.5\n2e-6, 1e-7\n10e-6, 5e-8\n"
                                   "down, 0.5\n2e-6, -2e-8\n10e-6, -1e-7\n",
                                   ", state_low = 2e-6, state_high = 8e-6");
  const auto cell = pulse.draw<float>({});
  CHECK(static_cast<double>(cell[0]) == Approx(-1));
  CHECK(static_cast<double>(cell[1]) == Approx(5.0 / 3));
  CHECK(pulse.farthest() == Approx(5.0 / 3));
  CHECK(pulse.change(cell, -1, true) == Approx(1e-7 * 2 / 6e-6));
  CHECK(pulse.change(cell, 1, false) == Approx(-8e-8 * 2 / 6e-6));
  CHECK(pulse.cycle_noise() == 0);
  float w = -1;
  for (int n = 0; n < 200; ++n) w = pulse.step<float>(cell, w, true, 0.0F);
  CHECK(w == cell[1]);
  CHECK(MeasuredTable::at_bound(cell, w));
}

TEST_CASE("cells copy the devices of a file with equal chances, each its own steps",
          "[stochastic]") {
  const TempFolder folder;
  std::string text;
  for (int device = 1; device <= 5; ++device)
    text += fmt::format("up, 0.5\n-1, 0.0{0}\n1, 0.0{0}\ndown, 0.5\n-1, -0.00{0}\n1, -0.00{0}\n",
                        device);
  const MeasuredTable pulse = read(folder, text);
  CHECK(pulse.table().devices() == 5);
  CHECK(pulse.granularity() == Approx((0.03 + 0.003) / 2));
  std::vector<double> counts(5, 0.0);
  constexpr std::uint32_t cells = 50'000;
  for (std::uint32_t k = 0; k < cells; ++k) {
    const auto cell =
        pulse.draw<float>(devices::normals_of<float>(dice, k, 3, MeasuredTable::normals));
    const auto device = static_cast<std::size_t>(cell[MeasuredTable::device]);
    ++counts.at(device);
    const double up = 0.01 * static_cast<double>(device + 1);
    CHECK(pulse.change(cell, 0.2, true) == Approx(up));
    CHECK(static_cast<double>(pulse.step<float>(cell, 0.0F, false, 1.0F)) == Approx(-up / 10));
  }
  CHECK(tests::chi_square_deviate(counts, std::vector<double>(5, 0.2)) < tests::one_in_a_million);
}

TEST_CASE("sixteen cells step from a table with the bits of each alone") {
  const TempFolder folder;
  const MeasuredTable pulse = read(folder, std::string(skewed) + skewed);
  int wrong = 0;
  for (std::uint32_t first = 0; first < 8192; first += 16) {
    const core::U16 numbers = core::lane_index<core::U16>() + first;
    const auto together =
        pulse.draw<core::F16>(devices::normals_of<core::F16>(dice, numbers, 5, 1));
    const auto input = core::normals(core::random_block(dice, numbers, 6, 0U));
    core::I16 up;
    for (int lane = 0; lane < 16; ++lane) up[lane] = input[1][lane] > 0 ? -1 : 0;
    const core::F16 w = input[0], xi = input[2] * 2.0F;  // beyond the table in both
    const core::F16 stepped = pulse.step<core::F16>(together, w, up, xi);
    for (int lane = 0; lane < 16; ++lane) {
      const auto alone = pulse.draw<float>(
          devices::normals_of<float>(dice, first + static_cast<std::uint32_t>(lane), 5, 1));
      wrong += alone[2] != together[2][lane];
      const float step = pulse.step<float>(alone, w[lane], up[lane] != 0, xi[lane]);
      wrong += std::bit_cast<std::uint32_t>(step) != std::bit_cast<std::uint32_t>(stepped[lane]);
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("a wrong table is refused with its line and what was expected") {
  const std::string good = "up, 0.5\n-1, 0.1\n1, 0.1\ndown, 0.5\n-1, -0.1\n1, -0.1\n";
  CHECK(error_of(good).empty());
  CHECK_THAT(error_of(""), ContainsSubstring(R"(expected a block "up" and a block "down")"));
  CHECK_THAT(error_of("-1, 0.1\n"), ContainsSubstring("t.csv:1"));
  CHECK_THAT(error_of("up, 0.5\n-1, 0.1\n1, 0.1\n"), ContainsSubstring("the end of the file"));
  CHECK_THAT(error_of("down, 0.5\n"), ContainsSubstring("blocks up and down in turn"));
  CHECK_THAT(error_of("up\n"), ContainsSubstring("expected quantiles"));
  CHECK_THAT(error_of("up, 0.5, 0.2\n"), ContainsSubstring("rise between 0 and 1"));
  CHECK_THAT(error_of("up, 0, 0.2\n"), ContainsSubstring("rise between 0 and 1"));
  CHECK_THAT(error_of("up, 0.5\n-1, 0.1, 0.2\n"), ContainsSubstring("t.csv:2"));
  CHECK_THAT(error_of("up, 0.5\n-1, x\n"), ContainsSubstring("\"x\": expected a finite number"));
  CHECK_THAT(error_of("up, 0.5\n-1, nan\n"), ContainsSubstring("expected a finite number"));
  CHECK_THAT(error_of("up, 0.5\n1, 0.1\n-1, 0.1\n"),
             ContainsSubstring("expected states that rise"));
  CHECK_THAT(error_of("up, 0.5\n1, 0.1\ndown, 0.5\n"), ContainsSubstring("at least two states"));
  CHECK_THAT(error_of("up, 0.1, 0.9\n-1, 0.2, 0.1\n"), ContainsSubstring("do not fall"));
  CHECK_THAT(error_of("up, 0.5\n-1, 0.1\n1, 0.1\ndown, 0.5\n-1, -0.1\n0.9, -0.1\n"),
             ContainsSubstring("first and last state"));
  CHECK_THAT(error_of("up, 0.5\n0.1, 0.1\n1, 0.1\ndown, 0.5\n0.1, -0.1\n1, -0.1\n"),
             ContainsSubstring("both sides of w = 0"));
  CHECK_THAT(error_of("up, 0.5\n-1, 0.1\n1, 0.1\ndown, 0.5\n-1, 0.1\n1, 0.1\n"),
             ContainsSubstring("t.csv:4: expected a mean step below 0"));

  const TempFolder folder;
  CHECK_THROWS_WITH(read(folder, good, ", state_low = 2, state_high = 1"),
                    ContainsSubstring("expected state_low below state_high"));
  CHECK_THROWS_WITH(core::read<devices::Pulse>(core::parse_config("kind = 'measured_table'", "x")),
                    ContainsSubstring("is missing"));
  const auto absent = core::read<devices::Pulse>(
      core::parse_config("kind = 'measured_table'\nfile = 'none.csv'", "x"));
  CHECK_THROWS_WITH(absent.require_files(), ContainsSubstring("no such file"));
}
