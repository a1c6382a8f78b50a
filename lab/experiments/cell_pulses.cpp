#include "cell_pulses.hpp"

#include <algorithm>
#include <cmath>

#include "../../core/quantile.hpp"
#include "cell_statistics.hpp"

namespace ohmlab::experiments {

using core::Index;

std::vector<Index> PulseRecord::working() const {
  std::vector<Index> out;
  for (Index cell = 0; cell < before.rows(); ++cell) {
    if (before.row(cell) != after.row(cell)) out.push_back(cell);
  }
  return out;
}

PulseRecord record_pulses(CellBench& bench, const PulseTrainPlan& plan, const Tick& tick) {
  PulseRecord out{plan, core::Matrix(bench.cells(), plan.all()),
                  core::Matrix(bench.cells(), plan.all())};
  for (Index pulse = 0; pulse < plan.all(); ++pulse) {
    tick();
    out.before.col(pulse) = bench.states().transpose();
    bench.pulse(plan.goes_up(pulse));
    out.after.col(pulse) = bench.states().transpose();
  }
  return out;
}

PulseCurves curves_of(const PulseRecord& record, const std::vector<Index>& cells,
                      const std::vector<double>& percentiles) {
  PulseCurves out;
  out.percentiles.resize(percentiles.size());
  const Index cycles = record.plan.cycles;
  for (Index pulse = 0; pulse <= record.plan.of_cycle(); ++pulse) {
    Moments all, of_cells, variances;
    std::vector<double> values;
    for (const Index cell : cells) {
      Moments of_cell;
      for (Index cycle = 0; cycle < cycles; ++cycle) {
        values.push_back(record.at(cell, cycle, pulse));
        of_cell.add(values.back());
        all.add(values.back());
      }
      of_cells.add(of_cell.mean());
      variances.add(of_cell.variance());
    }
    out.mean.push_back(all.mean());
    out.between_cells.push_back(of_cells.deviation());
    if (cycles > 1) out.between_cycles.push_back(std::sqrt(variances.mean()));
    std::sort(values.begin(), values.end());
    for (std::size_t p = 0; p < percentiles.size(); ++p)
      out.percentiles[p].push_back(core::quantile(values, percentiles[p] / 100));
  }
  return out;
}

Ends ends_of(const PulseRecord& record, const std::vector<Index>& cells) {
  Ends out;
  for (const Index cell : cells) {
    Moments top, bottom;
    for (Index cycle = 0; cycle < record.plan.cycles; ++cycle) {
      top.add(record.at(cell, cycle, record.plan.up));
      bottom.add(record.at(cell, cycle, record.plan.of_cycle()));
    }
    out.top.push_back(top.mean());
    out.bottom.push_back(bottom.mean());
  }
  return out;
}

double last_step(const PulseCurves& curves, const PulseTrainPlan& plan, bool up) {
  const std::int64_t pulses = up ? plan.up : plan.down;
  const std::int64_t last = std::max<std::int64_t>(1, pulses / 20);
  const auto end = static_cast<std::size_t>(up ? plan.up : plan.of_cycle());
  const double moved = curves.mean[end] - curves.mean[end - static_cast<std::size_t>(last)];
  return (up ? moved : 0 - moved) / static_cast<double>(last);
}

double write_noise_of(const PulseRecord& record, const std::vector<Index>& cells) {
  Moments products;
  const auto step = [&](Index cell, Index pulse) {
    return static_cast<double>(record.after(cell, pulse)) -
           static_cast<double>(record.before(cell, pulse));
  };
  for (const Index cell : cells) {
    for (Index pulse = 1; pulse < record.plan.all(); ++pulse) {
      if (record.plan.goes_up(pulse) == record.plan.goes_up(pulse - 1))
        products.add(step(cell, pulse) * step(cell, pulse - 1));
    }
  }
  return std::sqrt(std::max(0.0, -products.mean()));
}

}  // namespace ohmlab::experiments
