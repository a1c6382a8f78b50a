#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "ohmlab/lab/experiments.hpp"
#include "ohmlab/lab/experiments/probe.hpp"
#include "ohmlab/lab/run.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;

namespace {

const std::string exact =
    "dw_min_dtod = 0, dw_min_std = 0, up_down_dtod = 0, w_max_dtod = 0, w_min_dtod = 0";
const std::string short_run = "cells = 12\npulses_up = 60\npulses_down = 40\ncycles = 2\n";

experiments::Characterize config_of(const std::string& text) {
  const lab::Plan plan = lab::plan(
      core::parse_config("kind = 'characterize'\n" + text, "characterize.toml", OHMLAB_CONFIGS));
  return std::get<experiments::Characterize>(plan.experiment->choice);
}

results::Result measured(const std::string& text) {
  results::Progress silent;
  return config_of(text).run({}, silent);
}

bool has(const results::Result& result, const std::string& name) {
  return std::any_of(result.quality.begin(), result.quality.end(),
                     [&](const results::Quantity& q) { return q.name == name; });
}

double quality(const results::Result& result, const std::string& name) {
  for (const results::Quantity& q : result.quality) {
    if (q.name == name) return q.value;
  }
  throw std::runtime_error("no quality called " + name);
}

const results::LabelledGroup& group(const results::Result& result, const std::string& name) {
  for (const results::LabelledGroup& g : result.groups) {
    if (g.name == name) return g;
  }
  throw std::runtime_error("no group called " + name);
}

const std::vector<double>& cube(const results::Result& result, const std::string& of,
                                const std::string& name) {
  return group(result, of).cube(name).values;
}

bool has_cube(const results::Result& result, const std::string& of, const std::string& name) {
  const auto& cubes = group(result, of).cubes;
  return std::any_of(cubes.begin(), cubes.end(), [&](const auto& c) { return c.name == name; });
}

/// Mean and deviation of max(0, N(mean, sigma)).
std::array<double, 2> clipped_at_zero(double mean, double sigma) {
  const double z = mean / sigma, phi = std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0)),
               Phi = std::erfc(-z / std::sqrt(2.0)) / 2;
  const double first = mean * Phi + sigma * phi,
               second = (mean * mean + sigma * sigma) * Phi + mean * sigma * phi;
  return {first, std::sqrt(second - first * first)};
}

}  // namespace

TEST_CASE("constant steps give a triangle, and as many states as the range has steps") {
  const results::Result r =
      measured(short_run +
               "[device]\npulse = {kind = 'constant_step', dw_min = 0.05, w_max = 0.8, "
               "w_min = -0.6, " +
               exact + "}\n");
  const std::vector<double>& mean = cube(r, "pulse_curve", "w_mean");
  REQUIRE(mean.size() == 101);
  for (std::size_t k = 0; k <= 60; ++k) {
    CHECK(mean[k] == Approx(std::min(0.8, -0.6 + 0.05 * static_cast<double>(k))).margin(1e-5));
  }
  for (std::size_t k = 0; k <= 40; ++k) {
    CHECK(mean[60 + k] == Approx(std::max(-0.6, 0.8 - 0.05 * static_cast<double>(k))).margin(1e-5));
  }
  for (const char* spread : {"w_between_cells", "w_between_cycles"}) {
    for (const double x : cube(r, "pulse_curve", spread)) CHECK(x < 1e-6);
  }
  CHECK(quality(r, "range") == Approx(1.4).epsilon(1e-5));
  CHECK(quality(r, "number_of_states") == Approx(28).epsilon(1e-4));
  CHECK(quality(r, "asymmetry") == Approx(0).margin(1e-6));
  CHECK(quality(r, "step_up_between_cells") < 1e-4);
  CHECK(quality(r, "step_up_between_cycles") < 1e-4);
  // Every state is a symmetry point: none is found, and none is made up.
  CHECK(quality(r, "symmetry_found") == 0);
  CHECK_FALSE(has(r, "symmetry_point"));
}

TEST_CASE("soft bounds give exponentials, linear steps and the symmetry point of their formula") {
  const double up = 0.02, down = 0.02 * 0.7, top = 1.2, bottom = -0.9;  // up_down = 0.3
  const results::Result r = measured(
      "cells = 6\npulses_up = 800\npulses_down = 900\ncycles = 2\nbins = 15\n"
      "[device]\npulse = {kind = 'soft_bounds', dw_min = 0.02, up_down = 0.3, w_max = 1.2, w_min = "
      "-0.9, " +
      exact + "}\n");
  const std::vector<double>& mean = cube(r, "pulse_curve", "w_mean");
  for (std::size_t k = 0; k <= 300; k += 25) {
    const auto n = static_cast<double>(k);
    CHECK(mean[k] == Approx(top - (top - mean[0]) * std::pow(1 - up / top, n)).margin(2e-5));
    CHECK(mean[800 + k] ==
          Approx(bottom + (mean[800] - bottom) * std::pow(1 + down / bottom, n)).margin(2e-5));
  }
  const std::vector<double>& centres = group(r, "steps").axis("state").values;
  const std::vector<double>&ups = cube(r, "steps", "step_up"),
        &downs = cube(r, "steps", "step_down");
  for (std::size_t b = 1; b + 1 < centres.size(); ++b) {  // the mean of a bin is not at its centre
    const double slack = up / top * (centres[1] - centres[0]) / 2;
    CHECK(ups[b] == Approx(up * (1 - centres[b] / top)).margin(slack));
    CHECK(downs[b] == Approx(-down * (1 - centres[b] / bottom)).margin(slack));
  }
  for (const char* noise : {"step_up_between_cycles", "step_down_between_cycles"}) {
    for (const double x : cube(r, "steps", noise)) CHECK(x < 1e-6);
  }
  CHECK(quality(r, "asymmetry") == Approx((1 - 0.7) / (1 + 0.7)).margin(0.02));
  CHECK(quality(r, "number_of_states") == Approx(2.1 / (0.02 * 1.7 / 2)).epsilon(0.03));

  const double point = (up - down) / (up / top - down / bottom);
  CHECK(quality(r, "symmetry_point") == Approx(point).margin(3e-4));
  CHECK(quality(r, "symmetry_found") == 1);
  // The ends close by one factor a pair, until 1 % of the range is left.
  const double factor = (1 - up / top) * (1 + down / bottom);
  CHECK(quality(r, "symmetry_pairs") ==
        Approx(std::ceil(std::log(0.01) / std::log(factor))).margin(1));
}

TEST_CASE("spreads of steps between cells and between cycles are told apart") {
  // 20 sigma of a step away from its bounds, every cell has the step and noise that are configured.
  const results::Result r = measured(
      "cells = 400\npulses_up = 200\npulses_down = 200\ncycles = 3\nbins = 9\npairs = 0\n"
      "[device]\npulse = {kind = 'constant_step', dw_min = 0.004, dw_min_dtod = 0.25, dw_min_std = "
      "0.5, up_down_dtod = 0, w_max_dtod = 0, w_min_dtod = 0, w_max = 3, w_min = -3}\n");
  CHECK(quality(r, "step_up") == Approx(0.004).epsilon(5 * 0.25 / 20));
  CHECK(quality(r, "step_up_between_cells") == Approx(0.25).margin(5 * 0.25 / std::sqrt(800.0)));
  CHECK(quality(r, "step_up_between_cycles") == Approx(0.5).epsilon(0.05));
  CHECK(quality(r, "step_down_between_cells") == Approx(0.25).margin(5 * 0.25 / std::sqrt(800.0)));
  CHECK(quality(r, "step_down_between_cycles") == Approx(0.5).epsilon(0.05));
  CHECK_FALSE(has(r, "symmetry_found"));
}

TEST_CASE("steps are found under write noise ten times as large, and the noise with them") {
  const results::Result r = measured(
      "cells = 1000\npulses_up = 400\npulses_down = 400\ncycles = 4\nbins = 11\npairs = 0\n"
      "[device]\npulse = {kind = 'soft_bounds', dw_min = 0.01, dw_min_std = 0, dw_min_dtod = 0, "
      "up_down_dtod = 0, w_max_dtod = 0, w_min_dtod = 0, write_noise_std = 10}\n");
  CHECK(quality(r, "write_noise") == Approx(0.1).epsilon(0.01));
  CHECK(quality(r, "step_up") == Approx(0.01).epsilon(0.2));
  CHECK(quality(r, "step_down") == Approx(0.01).epsilon(0.2));
  CHECK_FALSE(has(r, "step_up_between_cells"));
}

TEST_CASE("cells are those of learning: their own steps and bounds are those of a probe") {
  const std::string device =
      "[device]\npulse = {kind = 'soft_bounds', dw_min = 0.02, dw_min_std = 0}\n";
  const experiments::Characterize config = config_of(
      "seed = 7\ncells = 12\npulses_up = 5\npulses_down = 4\ncycles = 1\nlogged_cells = [0, 5, "
      "11]\n" +
      device);
  results::Progress silent;
  const results::Result r = config.run({}, silent);
  const core::Matrix first = experiments::pulse_curve(config.device, 0, 4, 1, 12, 7);
  const std::vector<double>& cells = cube(r, "pulse_log", "cell");
  const std::vector<double>& after = cube(r, "pulse_log", "w_after");
  REQUIRE(after.size() == 3 * 13);
  for (std::size_t entry = 0; entry < 12; ++entry) {
    CHECK(after[entry] == static_cast<double>(first(static_cast<core::Index>(cells[entry]),
                                                    static_cast<core::Index>(entry / 3))));
  }
}

TEST_CASE("the log holds every pulse in order, and each begins where the last one ended") {
  const results::Result r = measured(
      "cells = 9\npulses_up = 3\npulses_down = 2\ncycles = 2\nlogged_cells = [2, 8]\n[device]\n"
      "g_min = 1e-6\ng_max = 5e-6\npulse = {kind = 'constant_step', dw_min = 0.1}\n");
  const auto& pulse = cube(r, "pulse_log", "pulse");
  const auto& cell = cube(r, "pulse_log", "cell");
  const auto& direction = cube(r, "pulse_log", "direction");
  const auto& before = cube(r, "pulse_log", "w_before");
  const auto& after = cube(r, "pulse_log", "w_after");
  const std::vector<double> ways{-1, -1, 1, 1, 1, -1, -1, 1, 1, 1, -1, -1};
  REQUIRE(pulse.size() == 2 * ways.size());
  for (std::size_t i = 0; i < pulse.size(); ++i) {
    CHECK(pulse[i] == static_cast<double>(i / 2));
    CHECK(cell[i] == (i % 2 == 0 ? 2 : 8));
    CHECK(direction[i] == ways[i / 2]);
    CHECK(before[i] == (i < 2 ? 0 : after[i - 2]));
    CHECK(cube(r, "pulse_log", "g_after")[i] ==
          Approx(1e-6 + (after[i] + 1) / 2 * 4e-6).epsilon(1e-12));
  }
}

TEST_CASE("phase-change memory is programmed with the error of its polynomial") {
  const results::Result r = measured(
      "cells = 10000\npulses_up = 1\npulses_down = 1\ncycles = 1\npairs = 0\nreads = 2\nages = "
      "[1]\n"
      "states = [-1, -0.8, -0.5, 0, 0.5, 1]\n[device]\nbase = 'devices/pcm'\n");
  // 25 uS times 0, 0.1, 0.25, 0.5, 0.75, 1: deviations in uS before the ends of the range.
  const std::vector<double> sigma{.263, .448, .681, .953, 1.077, 1.055};
  const auto& error = cube(r, "programmed", "g_error");
  const auto& shift = cube(r, "programmed", "g_shift");
  const double slack = 5 / std::sqrt(2.0 * 10000);
  for (const std::size_t inside : {1U, 2U, 3U, 4U}) {
    CHECK(1e6 * error[inside] == Approx(sigma[inside]).epsilon(slack));
    CHECK(1e6 * shift[inside] == Approx(0).margin(5 * sigma[inside] / 100));
  }
  // Conductances below zero are none, and pulses do not lead above the range.
  const auto [mean, deviation] = clipped_at_zero(0, 1);
  CHECK(1e6 * error[0] == Approx(.263 * deviation).epsilon(2 * slack));
  CHECK(1e6 * shift[0] == Approx(.263 * mean).epsilon(2 * slack));
  CHECK(1e6 * error[5] == Approx(1.055 * deviation).epsilon(2 * slack));
  CHECK(1e6 * shift[5] == Approx(-1.055 * mean).epsilon(2 * slack));
}

TEST_CASE("phase-change memory drifts and is read with noise as published") {
  const results::Result r = measured(
      "cells = 4000\npulses_up = 1\npulses_down = 1\ncycles = 1\npairs = 0\nreads = 20\n"
      "ages = [3600, 86400]\nstates = [-0.8, 0, 1]\n"
      "[device]\nbase = 'devices/pcm'\nprogramming = 'none'\n");
  const auto& left = cube(r, "programmed", "left");  // target by age
  CHECK(left[5] == Approx(.664).margin(.002));
  const auto& share = cube(r, "programmed", "noise_share");
  CHECK(share[0] == Approx(.187).epsilon(.01));
  CHECK(share[2] == Approx(.0658).epsilon(.01));
  CHECK(share[4] == Approx(.0419).epsilon(.01));
  // Of the noise in S, the share is that of what drift has left.
  const auto &noise = cube(r, "programmed", "g_noise"), &mean = cube(r, "programmed", "g_mean");
  CHECK(noise[4] / mean[4] == Approx(.0419).epsilon(.01));
}

TEST_CASE("faulty cells are those that never move, and stay out of all other figures") {
  const std::string text =
      short_run + "[device]\npulse = {kind = 'constant_step', dw_min = 0.05, " + exact + "}\n";
  const results::Result whole = measured("cells = 400\n" + text.substr(text.find('\n') + 1));
  const results::Result part = measured("cells = 400\n" + text.substr(text.find('\n') + 1) +
                                        "faults = {kind = 'stuck', yield = 0.8}\n");
  CHECK(quality(whole, "cells_faulty") == 0);
  CHECK(quality(part, "cells_faulty") == Approx(0.2).margin(5 * std::sqrt(0.2 * 0.8 / 400)));
  CHECK(quality(part, "cells_faulty") > 0);
  CHECK(quality(part, "range") == Approx(quality(whole, "range")).epsilon(1e-12));

  const results::Result none = measured(text + "faults = {kind = 'stuck', yield = 0}\n");
  CHECK(quality(none, "cells_faulty") == 1);
  CHECK_FALSE(has(none, "range"));
  CHECK(group(none, "pulse_curve").report.find("no cell works") != std::string::npos);
}

TEST_CASE("what a device does not have is left out and said so") {
  const results::Result r = measured(short_run + "[device]\nbase = 'devices/idealized'\n");
  for (const char* name : {"g_top", "dynamic_range", "drift_left", "read_noise", "write_noise",
                           "endurance_used", "symmetry_point"}) {
    CAPTURE(name);
    CHECK_FALSE(has(r, name));
  }
  for (const char* name : {"left", "w_noise", "g_mean"})
    CHECK_FALSE(has_cube(r, "programmed", name));
  CHECK_FALSE(has_cube(r, "pulse_curve", "g_mean"));
  const std::string& report = group(r, "pulse_curve").report;
  for (const char* text : {"no conductances are cited", "does not drift", "have no noise",
                           "came to no symmetry point", "before the range does"}) {
    CAPTURE(text);
    CHECK(report.find(text) != std::string::npos);
  }
}

TEST_CASE("the work of a characterisation is counted: pulses, reads and programming") {
  const results::Result r = measured(
      "cells = 6\npulses_up = 7\npulses_down = 5\ncycles = 2\npairs = 3\nreads = 4\nages = [1, 2]\n"
      "states = [-0.5, 0.5]\n[device]\nbase = 'devices/gokmen_vlasov'\n");
  REQUIRE(r.systems.size() == 1);
  CHECK(r.systems[0].unpriced.empty());
  CHECK(r.systems[0].machine == cost::Machine::array);
  double pulses = 0, conversions = 0;
  for (const cost::Entry& e : r.systems[0].tally) {
    CHECK(e.stage.starts_with("characterize: "));
    if (e.stage == "characterize: pulses" && e.action == cost::Action::array_pulse)
      pulses += e.count;
    if (e.stage == "characterize: pulses" && e.action == cost::Action::adc_convert)
      conversions += e.count;
  }
  const double trains = 5 + 2 * (7 + 5);
  CHECK(conversions == 6 * trains);
  CHECK(pulses > 0);
  // 29 pulses; 7 and 3 pairs from either end; two programmings of 8.5 pulses; ends meet or do not.
  CHECK(quality(r, "pulses_most") >= trains + 2 * (7 + 2 * 3) + 2 * 8.5);
}

TEST_CASE("every preset of a device is characterised, stored and read back") {
  const TempFolder folder;
  int presets = 0;
  for (const auto& file : std::filesystem::directory_iterator(OHMLAB_CONFIGS "/devices")) {
    if (file.path().extension() != ".toml") continue;
    CAPTURE(file.path().string());
    ++presets;
    const results::Result r = measured(
        "cells = 16\npulses_up = 50\npulses_down = 50\ncycles = 2\npairs = 40\nreads = "
        "3\n[device]\nbase = 'devices/" +
        file.path().stem().string() + "'\n");
    const auto to = folder / (file.path().stem().string() + ".h5");
    results::write_result(to, {"0123456789abcdef", ""}, r, {});
    const results::StoredResult stored = results::read_result(to);
    CHECK(stored.result.groups.size() == r.groups.size());
    CHECK(has(stored.result, "range"));
  }
  CHECK(presets >= 5);
}

TEST_CASE("lists out of order, cells that are not there and too many pulses are refused") {
  const auto complaint = [](const std::string& text) -> std::string {
    try {
      static_cast<void>(config_of(text + "\n[device]\nbase = 'devices/pcm'\n"));
    } catch (const core::UserError& error) {
      return error.what();
    }
    return "none";
  };
  CHECK(complaint("cells = 20") == "none");
  CHECK_THAT(complaint("states = [0.5, 0.5]"), ContainsSubstring("states: expected ascending"));
  CHECK_THAT(complaint("states = []"), ContainsSubstring("states is empty"));
  CHECK_THAT(complaint("ages = [2, 1]"), ContainsSubstring("ages: expected ascending"));
  CHECK_THAT(complaint("ages = []"), ContainsSubstring("ages is empty"));
  CHECK_THAT(complaint("logged_cells = [3, 3]"), ContainsSubstring("each cell once"));
  CHECK_THAT(complaint("cells = 20\nlogged_cells = [20]"),
             ContainsSubstring("expected numbers from 0 to 19, found 20"));
  CHECK_THAT(complaint("cells = 1000000\npulses_up = 1000"), ContainsSubstring("cells x pulses"));
}

TEST_CASE("a characterisation that is stopped leaves nothing behind and promises nothing") {
  struct Impatient final : results::Progress {
    [[nodiscard]] bool interrupted() override { return true; }
  } progress;
  const TempFolder folder;
  const auto file = folder / "out.h5";
  const auto run = [&] {
    static_cast<void>(config_of(short_run + "device = {}\n")
                          .run({}, progress, results::Checkpoint(file, "id", 1e9, progress)));
  };
  CHECK_THROWS_WITH(run(), "stopped; nothing is stored, the same command begins again");
  CHECK(std::filesystem::is_empty(folder.path()));
}
