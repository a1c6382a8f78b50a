#include <limits>
#include <utility>

#include <fmt/format.h>

#include "cell_measurements.hpp"

namespace ohmlab::experiments {
namespace {

using core::Index;
using results::Cube;
using results::LabelledGroup;

std::vector<double> numbers(Index from, Index count) {
  std::vector<double> out;
  for (Index i = 0; i < count; ++i) out.push_back(static_cast<double>(from + i));
  return out;
}

/// A group under construction; states may be stored as conductances as well.
class Group {
 public:
  Group(std::string name, const devices::Device& device) : device_(device) {
    group_.name = std::move(name);
  }
  void axis(const std::string& name, std::vector<double> values, const std::string& unit,
            const std::string& meaning) {
    group_.axes.push_back({name, std::move(values), {}, unit, meaning});
  }
  void axis(const std::string& name, std::vector<std::string> labels, const std::string& meaning) {
    group_.axes.push_back({name, {}, std::move(labels), "1", meaning});
  }
  void cube(const std::string& name, const std::vector<std::string>& dims,
            std::vector<double> values, const std::string& meaning, const std::string& unit = "1") {
    group_.cubes.push_back({name, dims, std::move(values), {}, unit, meaning, true});
  }
  /// States `w_NAME`, and `g_NAME` in S if the device cites its conductances.
  void states(const std::string& name, const std::vector<std::string>& dims,
              const std::vector<double>& values, const std::string& meaning) {
    cube("w" + name, dims, values, "state w, " + meaning);
    if (!device_.g_min) return;
    std::vector<double> g;
    for (const double w : values) g.push_back(device_.conductance(w));
    cube("g" + name, dims, std::move(g), "conductance, " + meaning, "S");
  }
  /// The same for differences of states.
  void deviations(const std::string& name, const std::vector<std::string>& dims,
                  const std::vector<double>& values, const std::string& meaning) {
    cube("w" + name, dims, values, meaning + " of the state w");
    if (!device_.g_min) return;
    std::vector<double> g;
    for (const double w : values) g.push_back(w * (device_.highest() - device_.lowest()) / 2);
    cube("g" + name, dims, std::move(g), meaning + " of the conductance", "S");
  }
  [[nodiscard]] LabelledGroup take() { return std::move(group_); }

 private:
  const devices::Device& device_;
  LabelledGroup group_;
};

std::vector<double> logged_of(const Characterize& config) {
  return {config.logged_cells.begin(), config.logged_cells.end()};
}

LabelledGroup pulse_curve(const Characterize& config, const CellMeasurements& seen) {
  Group out("pulse_curve", config.device);
  const PulseTrainPlan& plan = seen.record.plan;
  out.axis("pulse", numbers(0, plan.of_cycle() + 1), "1",
           fmt::format("pulses of a cycle: {} up, then {} down", plan.up, plan.down));
  if (seen.curves) {
    const PulseCurves& curves = *seen.curves;
    out.states("_mean", {"pulse"}, curves.mean, "mean over cells and cycles");
    out.deviations("_between_cells", {"pulse"}, curves.between_cells, "deviation between cells");
    if (!curves.between_cycles.empty())
      out.deviations("_between_cycles", {"pulse"}, curves.between_cycles,
                     "deviation of one cell between cycles");
    out.axis("percentile", seen.percentiles, "%", "percentile over cells and cycles");
    std::vector<double> rows;
    for (const std::vector<double>& row : curves.percentiles)
      rows.insert(rows.end(), row.begin(), row.end());
    out.states("_percentile", {"percentile", "pulse"}, rows, "percentile over cells and cycles");
  }
  if (config.logged_cells.empty()) return out.take();
  out.axis("cell", logged_of(config), "1", "number of the cell");
  out.axis("cycle", numbers(1, plan.cycles), "1", "number of the cycle");
  std::vector<double> each;
  for (const std::int64_t cell : config.logged_cells) {
    for (Index cycle = 0; cycle < plan.cycles; ++cycle) {
      for (Index pulse = 0; pulse <= plan.of_cycle(); ++pulse)
        each.push_back(seen.record.at(cell, cycle, pulse));
    }
  }
  out.states("", {"cell", "cycle", "pulse"}, each, "of one cell in one cycle");
  return out.take();
}

void add_steps(const StepsOneWay& steps, const std::string& way, bool noisy, Group& out) {
  out.cube("step_" + way, {"state"}, steps.mean, "mean step of a pulse " + way + ", over cells");
  if (!noisy)
    out.cube("step_" + way + "_between_cells", {"state"}, steps.between_cells,
             "deviation of a cell's mean step " + way + " between cells");
  out.cube("step_" + way + "_between_cycles", {"state"}, steps.between_cycles,
           "deviation of steps " + way + " of one cell from cycle to cycle");
  out.cube("count_" + way, {"state"}, steps.count, "steps " + way + " that start in this bin");
}

LabelledGroup steps(const Characterize& config, const CellMeasurements& seen) {
  Group out("steps", config.device);
  out.axis("state", seen.steps->centres, "1", "state w before the pulse, centre of a bin");
  const bool noisy = seen.write_noise.has_value();
  add_steps(seen.steps->up, "up", noisy, out);
  add_steps(seen.steps->down, "down", noisy, out);
  return out.take();
}

LabelledGroup symmetry(const Characterize& config, const CellMeasurements& seen) {
  Group out("symmetry", config.device);
  const Symmetry& found = *seen.symmetry;
  out.axis("start", std::vector<std::string>{"above", "below"},
           "end of its range at which a cell starts");
  out.axis("pair", numbers(1, static_cast<Index>(found.above.size())), "1",
           "pairs of a pulse up and one down");
  std::vector<double> both = found.above;
  both.insert(both.end(), found.below.begin(), found.below.end());
  out.states("", {"start", "pair"}, both, "mean over cells and over a pair");
  std::vector<double> cells, points;
  for (std::size_t c = 0; c < seen.working.size(); ++c) {
    cells.push_back(static_cast<double>(seen.working[c]));
    points.push_back(found.point[c].value_or(std::numeric_limits<double>::quiet_NaN()));
  }
  out.axis("cell", cells, "1", "number of a cell that works");
  out.states("_point", {"cell"}, points,
             "symmetry point; none for a cell whose two ends have not met");
  return out.take();
}

LabelledGroup programmed(const Characterize& config, const CellMeasurements& seen) {
  Group out("programmed", config.device);
  out.axis("target", config.states, "1", "target w of programming");
  out.axis("age", config.ages, "s", "time since programming");
  std::vector<double> shift, error, out_of_reach, states, left, spread, noise, share;
  const auto append = [](const std::vector<double>& from, std::vector<double>& to) {
    to.insert(to.end(), from.begin(), from.end());
  };
  for (const Retention& of : seen.retention) {
    shift.push_back(of.shift);
    error.push_back(of.error);
    out_of_reach.push_back(of.out_of_reach);
    append(of.states, states);
    append(of.left, left);
    append(of.left_spread, spread);
    append(of.noise, noise);
    append(of.noise_share, share);
  }
  out.deviations("_shift", {"target"}, shift, "programmed over target, mean over cells,");
  out.deviations("_error", {"target"}, error, "deviation between programmed cells");
  out.cube("out_of_reach", {"target"}, out_of_reach,
           "share of cells whose own range does not hold the target");
  out.states("_mean", {"target", "age"}, states, "mean over cells");
  if (!config.device.drift.keeps()) {
    out.cube("left", {"target", "age"}, left, "share of the conductance that is left");
    out.cube("left_between_cells", {"target", "age"}, spread,
             "deviation of that share between cells");
  }
  if (!config.device.read_noise.quiet()) {
    out.deviations("_noise", {"target", "age"}, noise, "deviation between reads of one cell");
    if (config.device.g_min)
      out.cube("noise_share", {"target", "age"}, share,
               "deviation between reads of one cell as a share of its conductance");
  }
  return out.take();
}

LabelledGroup pulse_log(const Characterize& config, const CellMeasurements& seen) {
  Group out("pulse_log", config.device);
  std::vector<double> pulses, cells, directions, before, after;
  for (Index pulse = 0; pulse < seen.record.plan.all(); ++pulse) {
    for (const std::int64_t cell : config.logged_cells) {
      pulses.push_back(static_cast<double>(pulse));
      cells.push_back(static_cast<double>(cell));
      directions.push_back(seen.record.plan.goes_up(pulse) ? 1 : -1);
      before.push_back(static_cast<double>(seen.record.before(cell, pulse)));
      after.push_back(static_cast<double>(seen.record.after(cell, pulse)));
    }
  }
  out.axis("entry", numbers(0, static_cast<Index>(pulses.size())), "1", "number in the log");
  out.cube("pulse", {"entry"}, pulses, "number of the pulse, from 0");
  out.cube("cell", {"entry"}, cells, "number of the cell");
  out.cube("direction", {"entry"}, directions, "+1 up, -1 down");
  out.states("_before", {"entry"}, before, "before the pulse");
  out.states("_after", {"entry"}, after, "after the pulse");
  return out.take();
}

}  // namespace

void add_groups(const Characterize& config, const CellMeasurements& seen, results::Result& to) {
  to.groups.push_back(pulse_curve(config, seen));
  if (seen.steps) to.groups.push_back(steps(config, seen));
  if (seen.symmetry) to.groups.push_back(symmetry(config, seen));
  if (!seen.retention.empty()) to.groups.push_back(programmed(config, seen));
  if (!config.logged_cells.empty()) to.groups.push_back(pulse_log(config, seen));
}

}  // namespace ohmlab::experiments
