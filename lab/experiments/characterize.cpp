#include "characterize.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "cell_measurements.hpp"
#include "cell_statistics.hpp"

namespace ohmlab::experiments {
namespace {

using core::Index;

constexpr double most_states = 0x1p29;  // stored before and after each pulse: 4 GiB in all
constexpr double tolerance = 0.01;      // of the range, for states that have met

/// All benches of a run: the same cells, each time as they came from the factory.
class Station {
 public:
  explicit Station(const Characterize& config) : config_(config) {}

  [[nodiscard]] CellBench bench() const {
    return {config_.device, config_.cells, static_cast<std::uint64_t>(config_.seed)};
  }
  /// Adds the work of a bench, under the name of what was measured.
  void close(const CellBench& bench, const std::string& stage) {
    std::vector<cost::Entry> entries = bench.tally().entries();
    for (cost::Entry& entry : entries) entry.stage = "characterize: " + stage;
    work_.add(entries);
    for (const crossbar::Figure& figure : bench.array().figures()) {
      if (figure.name == "pulses_most") most_pulses_ += figure.value;
    }
  }
  [[nodiscard]] double most_pulses() const noexcept { return most_pulses_; }
  [[nodiscard]] const cost::Tally& work() const noexcept { return work_; }

 private:
  const Characterize& config_;
  cost::Tally work_;
  double most_pulses_ = 0;
};

void measure_pulses(const Characterize& config, Station& station, const Tick& tick,
                    CellMeasurements& to) {
  CellBench bench = station.bench();
  to.record = record_pulses(bench, {config.pulses_up, config.pulses_down, config.cycles}, tick);
  station.close(bench, "pulses");
  to.working = to.record.working();
  if (to.working.empty()) return;
  to.percentiles = {5, 25, 50, 75, 95};
  to.curves = curves_of(to.record, to.working, to.percentiles);
  to.ends = ends_of(to.record, to.working);
  const bool noisy = config.device.pulse.visit([](const auto& p) { return p.write_noise(); }) > 0;
  to.steps = bin_steps(to.record, to.working, config.bins, noisy);
  if (noisy) to.write_noise = write_noise_of(to.record, to.working);
}

void measure_symmetry(const Characterize& config, Station& station, const Tick& tick,
                      CellMeasurements& to) {
  CellBench above = station.bench(), below = station.bench();
  for (std::int64_t pulse = std::max(config.pulses_up, config.pulses_down); pulse > 0; --pulse) {
    tick();
    above.pulse(true);
    below.pulse(false);
  }
  const double range = moments_of(to.ends->top).mean() - moments_of(to.ends->bottom).mean();
  to.symmetry =
      find_symmetry({above, below}, to.working, config.pairs, tolerance * std::abs(range), tick);
  station.close(above, "symmetry point, from above");
  station.close(below, "symmetry point, from below");
}

void measure_retention(const Characterize& config, Station& station, const Tick& tick,
                       CellMeasurements& to) {
  CellBench bench = station.bench();
  for (const double state : config.states) {
    tick();
    to.retention.push_back(
        follow(bench, config.device, to.working, state, {config.ages, config.reads}));
  }
  station.close(bench, "programming, ageing and reads");
}

/// The array that did the work, with the parts of one bench.
results::System system_of(const Characterize& config, const Station& station) {
  results::System out;
  CellBench bench = station.bench();
  out.name = "simulated";
  out.title = fmt::format("characterising {} cells in an array", config.cells);
  out.unpriced = bench.array().unpriced();
  out.machine = bench.machine();
  out.parameters = static_cast<double>(config.cells);
  out.tally = station.work().entries();
  out.holdings = bench.tally().holdings();
  return out;
}

}  // namespace

std::string Characterize::problem() const {
  const auto ascend = [](const auto& list) {
    return std::adjacent_find(list.begin(), list.end(), std::greater_equal<>()) == list.end();
  };
  if (states.empty()) return "states is empty: expected targets w of programming";
  if (!ascend(states)) return "states: expected ascending order, each state once";
  if (ages.empty()) return "ages is empty: expected times since programming";
  if (!ascend(ages)) return "ages: expected ascending order, each age once";
  if (!ascend(logged_cells)) return "logged_cells: expected ascending order, each cell once";
  if (!logged_cells.empty() && logged_cells.back() >= cells)
    return fmt::format("logged_cells: expected numbers from 0 to {}, found {}", cells - 1,
                       logged_cells.back());
  const double all = static_cast<double>(cells) *
                     (static_cast<double>(pulses_down) +
                      static_cast<double>(cycles) * static_cast<double>(pulses_up + pulses_down));
  if (all > most_states)
    return fmt::format("cells x pulses = {:.3g}: expected at most {:.3g}", all, most_states);
  return "";
}

results::Result Characterize::run(const io::Dataset&, results::Progress& progress,
                                  results::Checkpoint checkpoint) const {
  CellMeasurements seen;
  Station station(*this);
  std::int64_t ticks = 0;
  const Tick tick = [&] {
    constexpr std::int64_t seldom = 64;
    if (ticks++ % seldom == 0) checkpoint.pass();
  };
  progress.begin("measurements", 3);
  measure_pulses(*this, station, tick, seen);
  progress.advance(1, "next: symmetry point");
  if (!seen.working.empty()) {
    if (pairs > 0) measure_symmetry(*this, station, tick, seen);
    progress.advance(2, "next: programming, ageing and reads");
    measure_retention(*this, station, tick, seen);
  }
  progress.end();
  seen.most_pulses = station.most_pulses();

  results::Result result;
  add_figures(*this, seen, result);
  add_groups(*this, seen, result);
  result.groups[0].report = report_of(*this, seen, result);
  result.systems.push_back(system_of(*this, station));
  return result;
}

}  // namespace ohmlab::experiments
