#include "cell_retention.hpp"

#include <cmath>
#include <limits>

#include "cell_statistics.hpp"

namespace ohmlab::experiments {
namespace {

using core::Index;
using core::Vector;

/// Reads all cells again and again; adds the noise of a read.
void add_noise(CellBench& bench, const devices::Device& device, const std::vector<Index>& cells,
               std::int64_t reads, Retention& to) {
  std::vector<Moments> seen(cells.size());
  const Vector states = bench.states();
  for (std::int64_t read = 0; read < reads; ++read) {
    const Vector found = bench.sensed();
    for (std::size_t c = 0; c < cells.size(); ++c)
      seen[c].add(static_cast<double>(found[cells[c]]));
  }
  const double slope = (device.highest() - device.lowest()) / 2;  // S for w = 1
  Moments variances, shares;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    const double g = device.conductance(static_cast<double>(states[cells[c]]));
    variances.add(seen[c].variance());
    if (g > 0) shares.add(seen[c].variance() * std::pow(slope / g, 2));
  }
  to.noise.push_back(std::sqrt(variances.mean()));
  to.noise_share.push_back(shares.count() > 0 ? std::sqrt(shares.mean())
                                              : std::numeric_limits<double>::quiet_NaN());
}

}  // namespace

Retention follow(CellBench& bench, const devices::Device& device, const std::vector<Index>& cells,
                 double target, const RetentionPlan& plan) {
  bench.program(target);
  const Vector written = bench.states();
  Retention out;
  Moments errors;
  for (const Index cell : cells) errors.add(static_cast<double>(written[cell]) - target);
  out.shift = errors.mean();
  out.error = errors.deviation();
  for (const crossbar::Figure& figure : bench.array().figures()) {
    if (figure.name == "programmed_out_of_reach") out.out_of_reach = figure.value;
  }

  double age = 0;
  for (const double next : plan.ages) {
    bench.wait(next - age);
    age = next;
    const Vector now = bench.states();
    Moments left, states;
    for (const Index cell : cells) {
      const double before = device.conductance(static_cast<double>(written[cell])),
                   after = device.conductance(static_cast<double>(now[cell]));
      if (before > 0) left.add(after / before);
      states.add(static_cast<double>(now[cell]));
    }
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    out.left.push_back(left.count() > 0 ? left.mean() : none);
    out.left_spread.push_back(left.count() > 0 ? left.deviation() : none);
    out.states.push_back(states.mean());
    add_noise(bench, device, cells, plan.reads, out);
  }
  return out;
}

}  // namespace ohmlab::experiments
