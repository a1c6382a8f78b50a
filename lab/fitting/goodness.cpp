#include "goodness.hpp"

#include <algorithm>
#include <cmath>

namespace ohmlab::fitting {
namespace {

constexpr std::size_t settling = 3;  // reads until a filter knows the state of a ramp

/// Sum of squares and its number.
struct Squares {
  double sum = 0, count = 0;
  void add(double x) {
    sum += x * x;
    ++count;
  }
  [[nodiscard]] double root() const { return count > 0 ? std::sqrt(sum / count) : 0; }
};

bool repeats(const Measurement& data, const Ramp& ramp, int direction) {
  return !data.cut && !ramp.excluded && ramp.direction() == direction && !ramp.reads.empty();
}

/// Mean of the first reads of fitted ramps of a direction.
double mean_start(const Measurement& data, int direction, double& count) {
  double sum = 0;
  count = 0;
  for (const Ramp& ramp : data.ramps) {
    if (!repeats(data, ramp, direction) || ramp.held_back || std::isnan(ramp.reads[0])) continue;
    sum += ramp.reads[0];
    ++count;
  }
  return count > 0 ? sum / count : 0;
}

double ramp_error(const Law& law, const Measurement& data) {
  Squares squares;
  for (const int direction : {1, -1}) {
    double count = 0;
    const double start = mean_start(data, direction, count);
    if (count < 3) continue;
    for (const Ramp& ramp : data.ramps) {
      if (!repeats(data, ramp, direction) || !ramp.held_back) continue;
      double w = start;
      for (std::size_t k = 0; k < ramp.reads.size(); ++k) {
        if (k > 0) w += law.step(w, direction > 0);
        if (!std::isnan(ramp.reads[k])) squares.add(ramp.reads[k] - w);
      }
    }
  }
  return squares.root();
}

}  // namespace

void judge(FittedModel& model, const Law& law, const ReadModel& reads, const Measurement& data) {
  Squares fitted, held;
  for (const Ramp& ramp : data.ramps) {
    if (ramp.excluded) continue;
    const Trace trace = follow(law, ramp, reads);
    std::size_t seen = 0;
    for (std::size_t k = 0; k < ramp.reads.size(); ++k) {
      if (trace.deviation[k] == 0 || ++seen <= settling) continue;
      const double off = ramp.reads[k] - trace.expected[k];
      if (std::abs(off) > 5 * trace.deviation[k]) continue;  // a single read beyond all noise
      (ramp.held_back ? held : fitted).add(off);
    }
  }
  model.error_fitted = fitted.root();
  model.error_held_back = held.root();
  model.ramp_error = ramp_error(law, data);
}

double ramp_scatter(const Measurement& data) {
  Squares squares;
  for (const int direction : {1, -1}) {
    std::size_t longest = 0;
    for (const Ramp& ramp : data.ramps)
      if (repeats(data, ramp, direction)) longest = std::max(longest, ramp.reads.size());
    for (std::size_t k = 0; k < longest; ++k) {
      double count = 0, sum = 0;
      const auto has = [&](const Ramp& ramp) {
        return repeats(data, ramp, direction) && k < ramp.reads.size() &&
               !std::isnan(ramp.reads[k]);
      };
      for (const Ramp& ramp : data.ramps) {
        if (ramp.held_back || !has(ramp)) continue;
        sum += ramp.reads[k];
        ++count;
      }
      if (count < 3) continue;
      for (const Ramp& ramp : data.ramps)
        if (ramp.held_back && has(ramp)) squares.add(ramp.reads[k] - sum / count);
    }
  }
  return squares.root();
}

std::vector<FittedRamp> curves_of(const Measurement& data, const Law& law) {
  std::vector<FittedRamp> out;
  for (const Ramp& ramp : data.ramps) {
    FittedRamp curve{
        ramp.name, ramp.direction(), ramp.first_pulse, ramp.held_back, ramp.excluded, ramp.reads,
        {}};
    std::size_t first = 0;
    while (first + 1 < ramp.reads.size() && std::isnan(ramp.reads[first])) ++first;
    const auto along = [&](double w) {
      std::vector<double> states(first, w);
      for (std::size_t k = first; k < ramp.reads.size(); ++k) {
        if (k > first && ramp.sign[k] != 0) w += law.step(w, ramp.sign[k] > 0);
        states.push_back(w);
      }
      return states;
    };
    curve.model = along(ramp.reads[first]);
    double off = 0, count = 0;  // the noise of the first read is not that of the start
    for (std::size_t k = first; k < ramp.reads.size() && count < 10; ++k) {
      if (std::isnan(ramp.reads[k])) continue;
      off += ramp.reads[k] - curve.model[k];
      ++count;
    }
    if (count > 0) curve.model = along(ramp.reads[first] + off / count);
    out.push_back(std::move(curve));
  }
  return out;
}

}  // namespace ohmlab::fitting
