#include "cell_steps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ohmlab::experiments {
namespace {

using core::Index;

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Steps of one cell in one bin, and the straight line that they follow.
class Line {
 public:
  void add(double x, double y) noexcept {
    ++n_;
    const double dx = x - mean_x_, dy = y - mean_y_;
    mean_x_ += dx / n_;
    mean_y_ += dy / n_;
    xx_ += dx * (x - mean_x_);
    xy_ += dx * (y - mean_y_);
    yy_ += dy * (y - mean_y_);
  }
  [[nodiscard]] double count() const noexcept { return n_; }
  [[nodiscard]] double mean() const noexcept { return mean_y_; }
  /// Sum of squares about the line, and the number of free values in it.
  [[nodiscard]] double residue() const noexcept {
    return sloped() ? std::max(0.0, yy_ - xy_ * xy_ / xx_) : yy_;
  }
  [[nodiscard]] double freedom() const noexcept { return std::max(0.0, n_ - (sloped() ? 2 : 1)); }

 private:
  [[nodiscard]] bool sloped() const noexcept { return n_ > 2 && xx_ > 0; }
  double n_ = 0, mean_x_ = 0, mean_y_ = 0, xx_ = 0, xy_ = 0, yy_ = 0;
};

/// Splits the deviation of steps by the analysis of variance, and weighs the cells' mean steps by
/// both parts. Where noise prevails, all steps count alike: a cell that leaves the bin by one large
/// step counts little. Where cells differ, all cells do.
void add_bin(const std::vector<Line>& lines, bool noisy_states, StepsOneWay& to) {
  double cells = 0, count = 0, squares = 0, sum = 0, residue = 0, freedom = 0;
  for (const Line& line : lines) {
    const double n = line.count();
    cells += n > 0 ? 1 : 0;
    count += n;
    squares += n * n;
    sum += n * line.mean();
    residue += line.residue();
    freedom += line.freedom();
  }
  to.count.push_back(count);
  if (count == 0) {
    for (auto* column : {&to.mean, &to.between_cells, &to.between_cycles}) column->push_back(none);
    return;
  }
  const double noise = freedom > 0 ? residue / freedom : 0;
  double apart = 0;
  for (const Line& line : lines) apart += line.count() * std::pow(line.mean() - sum / count, 2);
  const double shared = count - squares / count;
  const double between = shared > 0 ? std::max(0.0, (apart - (cells - 1) * noise) / shared) : 0;
  double weights = 0, weighed = 0;
  for (const Line& line : lines) {
    if (line.count() == 0) continue;
    const double variance = between + noise / line.count();
    const double weight = variance > 0 && !noisy_states ? 1 / variance : 1;
    weights += weight;
    weighed += weight * line.mean();
  }
  to.mean.push_back(weighed / weights);
  to.between_cells.push_back(std::sqrt(between));
  to.between_cycles.push_back(std::sqrt(noise));
}

}  // namespace

StepBins bin_steps(const PulseRecord& record, const std::vector<Index>& cells, Index bins,
                   bool noisy_states) {
  const Index first = record.plan.down, lag = noisy_states ? 1 : 0;
  double low = std::numeric_limits<double>::infinity(), high = -low;
  const auto filed = [&](Index cell, Index pulse) {
    return static_cast<double>(record.before(cell, std::max<Index>(0, pulse - lag)));
  };
  for (const Index cell : cells) {
    for (Index pulse = first; pulse < record.plan.all(); ++pulse) {
      low = std::min(low, filed(cell, pulse));
      high = std::max(high, filed(cell, pulse));
    }
  }
  const double width = (high - low) / static_cast<double>(bins);
  StepBins out;
  std::vector<std::vector<Line>> up(static_cast<std::size_t>(bins),
                                    std::vector<Line>(cells.size()));
  std::vector<std::vector<Line>> down = up;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    for (Index pulse = first; pulse < record.plan.all(); ++pulse) {
      const double state = filed(cells[c], pulse);
      const auto bin = static_cast<std::size_t>(
          width > 0 ? std::clamp<Index>(static_cast<Index>((state - low) / width), 0, bins - 1)
                    : 0);
      const double step = static_cast<double>(record.after(cells[c], pulse)) -
                          static_cast<double>(record.before(cells[c], pulse));
      (record.plan.goes_up(pulse) ? up : down)[bin][c].add(state, step);
    }
  }
  for (std::size_t bin = 0; bin < up.size(); ++bin) {
    out.centres.push_back(low + (static_cast<double>(bin) + 0.5) * width);
    add_bin(up[bin], noisy_states, out.up);
    add_bin(down[bin], noisy_states, out.down);
  }
  return out;
}

std::optional<double> at_state(const StepBins& bins, const std::vector<double>& column,
                               double state) {
  const std::vector<double>& x = bins.centres;
  const auto above = std::upper_bound(x.begin(), x.end(), state);
  if (above == x.begin() || above == x.end()) return std::nullopt;
  const auto high = static_cast<std::size_t>(above - x.begin());
  const double share = (state - x[high - 1]) / (x[high] - x[high - 1]);
  const double value = column[high - 1] + share * (column[high] - column[high - 1]);
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace ohmlab::experiments
