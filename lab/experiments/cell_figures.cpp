#include <cmath>

#include <fmt/format.h>

#include "cell_measurements.hpp"
#include "cell_statistics.hpp"

namespace ohmlab::experiments {
namespace {

/// Puts figures into a result, and leaves out those that were not measured.
class Figures {
 public:
  explicit Figures(std::vector<results::Quantity>& to) : to_(to) {}

  void put(const std::string& name, std::optional<double> value, const std::string& meaning,
           const std::string& unit = "1") {
    if (value && std::isfinite(*value)) to_.push_back({name, *value, unit, meaning});
  }

 private:
  std::vector<results::Quantity>& to_;
};

std::optional<double> ratio(std::optional<double> a, std::optional<double> b) {
  if (!a || !b || *b == 0) return std::nullopt;
  return *a / *b;
}

void add_range(const Characterize& config, const CellMeasurements& seen, Figures& to) {
  const Moments top = moments_of(seen.ends->top), bottom = moments_of(seen.ends->bottom);
  Moments range;
  for (std::size_t c = 0; c < seen.working.size(); ++c)
    range.add(seen.ends->top[c] - seen.ends->bottom[c]);
  to.put("w_top", top.mean(), "state after the pulses up, mean over cells");
  to.put("w_bottom", bottom.mean(), "state after the pulses down, mean over cells");
  to.put("range", range.mean(), "range of states that the pulses cover, mean over cells");
  to.put("range_between_cells", range.deviation(), "deviation of the range between cells");
  if (!config.device.g_min) return;
  const double high = config.device.conductance(top.mean()),
               low = config.device.conductance(bottom.mean());
  to.put("g_top", high, "conductance after the pulses up, mean over cells", "S");
  to.put("g_bottom", low, "conductance after the pulses down, mean over cells", "S");
  if (low > 0) to.put("dynamic_range", high / low, "largest over smallest mean conductance");
}

void add_steps(const CellMeasurements& seen, Figures& to) {
  const StepBins& bins = *seen.steps;
  const auto at_zero = [&](const std::vector<double>& column, double sign) {
    std::optional<double> out = at_state(bins, column, 0);
    if (out) *out *= sign;
    return out;
  };
  const std::optional<double> up = at_zero(bins.up.mean, 1), down = at_zero(bins.down.mean, -1);
  to.put("step_up", up, "mean step of a pulse up at w = 0");
  to.put("step_down", down, "mean step of a pulse down at w = 0, downwards positive");
  const auto spread = [&](const std::string& name, const std::vector<double>& column,
                          std::optional<double> step, const std::string& meaning) {
    to.put(name, ratio(at_zero(column, 1), step),
           meaning + " at w = 0, as a share of the mean step");
  };
  spread("step_up_between_cycles", bins.up.between_cycles, up,
         "deviation of steps up of one cell, from cycle to cycle");
  spread("step_down_between_cycles", bins.down.between_cycles, down,
         "deviation of steps down of one cell, from cycle to cycle");
  if (!seen.write_noise) {
    spread("step_up_between_cells", bins.up.between_cells, up,
           "deviation of steps up between cells");
    spread("step_down_between_cells", bins.down.between_cells, down,
           "deviation of steps down between cells");
  }
  if (up && down) {
    to.put("asymmetry", ratio(*up - *down, *up + *down),
           "(up - down) / (up + down) of the mean steps at w = 0");
    const double range = moments_of(seen.ends->top).mean() - moments_of(seen.ends->bottom).mean();
    to.put("number_of_states", ratio(range, (*up + *down) / 2),
           "range over the mean step at w = 0");
  }
  const PulseTrainPlan& plan = seen.record.plan;
  to.put("unfinished_up", ratio(last_step(*seen.curves, plan, true), up),
         "step at the end of the pulses up over that at w = 0: above 0.1, more pulses would go on");
  to.put("unfinished_down", ratio(last_step(*seen.curves, plan, false), down),
         "the same of the pulses down");
  to.put("write_noise", seen.write_noise, "deviation of the state that reads see after a write");
}

void add_symmetry(const CellMeasurements& seen, Figures& to) {
  if (!seen.symmetry) return;
  const Symmetry& found = *seen.symmetry;
  Moments points;
  for (const std::optional<double>& point : found.point) {
    if (point) points.add(*point);
  }
  to.put("symmetry_found", points.count() / static_cast<double>(found.point.size()),
         "share of working cells that came to one state from both of their ends");
  if (points.count() == 0) return;
  to.put("symmetry_point", points.mean(),
         "state to which pulses up and down in turn lead, mean over cells");
  to.put("symmetry_between_cells", points.deviation(), "deviation of the symmetry point");
  to.put("symmetry_pairs", moments_of(found.pairs).mean(),
         "pairs of pulses until the two ends of a cell meet, mean over cells");
  to.put("symmetry_wander", moments_of(found.wander).mean(),
         "deviation of the state of one cell about its symmetry point");
}

void add_retention(const Characterize& config, const CellMeasurements& seen, Figures& to) {
  if (seen.retention.empty()) return;
  const double slope = (config.device.highest() - config.device.lowest()) / 2;
  Moments shift, squares, left, spread, noise, out_of_reach;
  for (const Retention& of : seen.retention) {
    shift.add(of.shift);
    out_of_reach.add(of.out_of_reach);
    squares.add(of.error * of.error);
    noise.add(of.noise.front() * of.noise.front());
    if (std::isfinite(of.left.back())) {
      left.add(of.left.back());
      spread.add(of.left_spread.back());
    }
  }
  const double error = std::sqrt(squares.mean());
  to.put("out_of_reach", out_of_reach.mean(),
         "share of cells whose own range does not hold a target, mean over targets");
  to.put("programming_shift", shift.mean(), "programmed state over its target, mean over targets");
  to.put("programming_error", error,
         "deviation of programmed states between cells, root mean square over targets");
  if (config.device.g_min)
    to.put("programming_error_siemens", error * slope, "the same in conductance", "S");
  if (!config.device.drift.keeps() && left.count() > 0) {
    to.put("drift_left", left.mean(),
           fmt::format("share of the conductance that is left after {:g} s, mean over targets",
                       config.ages.back()));
    to.put("drift_between_cells", spread.mean(), "deviation of that share between cells");
  }
  if (config.device.read_noise.quiet()) return;
  const std::string when = fmt::format(
      "deviation of reads of one cell after {:g} s, root mean "
      "square over targets",
      config.ages.front());
  to.put("read_noise", std::sqrt(noise.mean()), when);
  if (config.device.g_min)
    to.put("read_noise_siemens", std::sqrt(noise.mean()) * slope, "the same in conductance", "S");
}

}  // namespace

void add_figures(const Characterize& config, const CellMeasurements& seen, results::Result& to) {
  Figures figures(to.quality);
  const auto all = static_cast<double>(config.cells);
  figures.put("cells_faulty", (all - static_cast<double>(seen.working.size())) / all,
              "share of cells that no pulse ever moved");
  if (!seen.working.empty()) {
    add_range(config, seen, figures);
    add_steps(seen, figures);
    add_symmetry(seen, figures);
    add_retention(config, seen, figures);
  }
  figures.put("pulses_most", seen.most_pulses,
              "pulses that a cell has had by all measurements, programming included");
  figures.put(
      "step_rounding", config.device.step_rounding(config.device.pulse.visit([](const auto& p) {
    return p.farthest();
  })),
      "largest error of one mean step by the rounding of a float32 state, as a share of it");
  if (config.device.endurance) {
    figures.put("endurance_used", seen.most_pulses / *config.device.endurance,
                "share of its endurance that a cell has used by all measurements");
  }
}

}  // namespace ohmlab::experiments
