#include "filter.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "../../core/parallel.hpp"

namespace ohmlab::fitting {
namespace {

/// Derivative of the state after a pulse by the state before, by differences wide enough for the
/// single precision of a cell's parameters.
double slope(const Law& law, double w, bool up, double factor) {
  constexpr double h = 1e-3;
  const double here = factor * (law.step(w + h, up) - law.step(w - h, up)) / (2 * h);
  return std::clamp(1 + here, -1.0, 2.0);
}

double clipped(double z, double outlier) { return std::clamp(z, -outlier, outlier); }

std::size_t first_read(const Ramp& ramp) {
  std::size_t k = 0;
  while (k < ramp.reads.size() && std::isnan(ramp.reads[k])) ++k;
  return k;
}

std::size_t next_read(const Ramp& ramp, std::size_t k) {
  do ++k;
  while (k < ramp.reads.size() && std::isnan(ramp.reads[k]));
  return k;
}

/// True if the two reads after a first one both lie far from where it leads, on the same side.
bool is_outlier(const Law& law, const Ramp& ramp, const ReadModel& reads, std::size_t first) {
  const std::size_t second = next_read(ramp, first), third = next_read(ramp, second);
  if (third >= ramp.reads.size()) return false;
  double w = ramp.reads[first], variance = 2 * reads.variance, off[2]{};
  for (std::size_t k = first + 1; k <= third; ++k) {
    if (ramp.sign[k] != 0) {
      variance += std::pow(law.step_noise(w, ramp.sign[k] > 0), 2);
      w += law.step(w, ramp.sign[k] > 0);
    }
    if (k == second || k == third)
      off[k == third] = (ramp.reads[k] - w) / std::sqrt(variance) / (far * reads.outlier);
  }
  return std::abs(off[0]) > 1 && std::abs(off[1]) > 1 && off[0] * off[1] > 0;
}

}  // namespace

double huber(double z, double outlier) {
  const double size = std::abs(z);
  return size <= outlier ? z * z / 2 : outlier * size - outlier * outlier / 2;
}

Trace follow(const Law& law, const Ramp& ramp, const ReadModel& reads, double factor) {
  Trace out;
  const std::size_t count = ramp.reads.size();
  std::size_t first = first_read(ramp);
  out.expected.assign(count, 0);
  out.state.assign(count, 0);
  out.deviation.assign(count, 0);
  out.gain.assign(count, 0);
  out.rejected.assign(count, false);
  bool before = false;
  if (first == count) return out;
  if (is_outlier(law, ramp, reads, first)) {
    out.rejected[first] = true;
    first = next_read(ramp, first);
  }
  double w = ramp.reads[first], variance = reads.variance;
  out.expected[first] = out.state[first] = w;
  for (std::size_t k = first + 1; k < count; ++k) {
    if (ramp.sign[k] != 0) {
      const bool up = ramp.sign[k] > 0;
      const double by = slope(law, w, up, factor), noise = law.step_noise(w, up);
      w += factor * law.step(w, up);
      variance = by * by * variance + noise * noise;
    }
    out.expected[k] = w;
    if (!std::isnan(ramp.reads[k])) {
      const double spread = variance + reads.variance;
      out.deviation[k] = std::sqrt(spread);
      out.gain[k] = variance / spread;
      const double z = out.score(ramp, k);
      before = out.rejected[k] = std::abs(z) > far * reads.outlier && !before;
      if (before) out.gain[k] = 0;
      w += out.gain[k] * clipped(z, reads.outlier) * out.deviation[k];
      variance *= 1 - out.gain[k];
      const double counted = out.rejected[k] ? far * reads.outlier : z;
      out.log_likelihood -=
          std::log(2 * std::numbers::pi * spread) / 2 + huber(counted, reads.outlier);
      ++out.reads;
    }
    out.state[k] = w;
  }
  return out;
}

void residuals(const Law& law, const Ramp& ramp, const Trace& frozen, double outlier,
               std::span<double> out, double factor) {
  std::size_t first = first_read(ramp), next = 0;
  if (first < ramp.reads.size() && frozen.rejected[first]) first = next_read(ramp, first);
  double w = first < ramp.reads.size() ? ramp.reads[first] : 0;
  for (std::size_t k = first + 1; k < ramp.reads.size(); ++k) {
    if (ramp.sign[k] != 0) w += factor * law.step(w, ramp.sign[k] > 0);
    if (frozen.deviation[k] == 0) continue;
    if (frozen.rejected[k]) {
      out[next++] = 0;
      continue;
    }
    const double z = (ramp.reads[k] - w) / frozen.deviation[k];
    w += frozen.gain[k] * clipped(z, outlier) * frozen.deviation[k];
    out[next++] = std::copysign(std::sqrt(2 * huber(z, outlier)), z);
  }
}

double work_each(std::span<const Ramp* const> ramps) {
  double reads = 0;
  for (const Ramp* ramp : ramps) reads += static_cast<double>(ramp->reads.size());
  return 3 * reads / static_cast<double>(std::max<std::size_t>(ramps.size(), 1));
}

Likelihood likelihood(const Law& law, std::span<const Ramp* const> ramps, const ReadModel& reads) {
  std::vector<Likelihood> each(ramps.size());
  core::for_slices(static_cast<core::Index>(ramps.size()), 1, work_each(ramps),
                   [&](auto begin, auto end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      const Trace trace = follow(law, *ramps[i], reads);
      each[i] = {trace.log_likelihood, trace.reads};
    }
  });
  Likelihood out;
  for (const Likelihood& one : each) {
    out.log += one.log;
    out.reads += one.reads;
  }
  return out;
}

}  // namespace ohmlab::fitting
