#include "windows.hpp"

#include <algorithm>
#include <cmath>

namespace ohmlab::fitting {
namespace {

/// Calls visit(begin, end) for each stretch of reads between which all pulses have one sign and no
/// read is missing.
template <class Visit>
void each_stretch(const Ramp& ramp, const Visit& visit) {
  std::size_t begin = 0;
  for (std::size_t k = 1; k <= ramp.reads.size(); ++k) {
    const bool ends = k == ramp.reads.size() || std::isnan(ramp.reads[k]) || ramp.sign[k] == 0 ||
                      std::isnan(ramp.reads[k - 1]) ||
                      (k > begin + 1 && ramp.sign[k] != ramp.sign[k - 1]);
    if (!ends) continue;
    if (k > begin + 1) visit(begin, k);
    const bool shared = k < ramp.reads.size() && !std::isnan(ramp.reads[k]) && ramp.sign[k] != 0 &&
                        !std::isnan(ramp.reads[k - 1]);
    begin = shared ? k - 1 : k;
  }
}

Window window_of(const Ramp& ramp, std::size_t begin, std::size_t end) {
  const auto count = static_cast<double>(end - begin);
  double mean = 0, slope = 0, squares = 0;
  for (std::size_t k = begin; k < end; ++k) mean += ramp.reads[k] / count;
  for (std::size_t k = begin; k < end; ++k) {
    const double x = static_cast<double>(k - begin) - (count - 1) / 2;
    slope += x * (ramp.reads[k] - mean);
    squares += x * x;
  }
  return {mean, slope / squares, std::sqrt(count), ramp.sign[begin + 1] > 0};
}

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

/// Increments less their local mean, stretch by stretch.
std::vector<std::vector<double>> increments(const Measurement& data) {
  constexpr std::ptrdiff_t reach = 10;  // pulses to either side over which steps change little
  std::vector<std::vector<double>> out;
  for (const Ramp& ramp : data.ramps) {
    if (ramp.excluded) continue;
    each_stretch(ramp, [&](std::size_t begin, std::size_t end) {
      const auto last = static_cast<std::ptrdiff_t>(end) - 1;
      std::vector<double> row;
      for (auto k = static_cast<std::ptrdiff_t>(begin); k < last; ++k) {
        const std::ptrdiff_t from = std::max(static_cast<std::ptrdiff_t>(begin), k - reach);
        const std::ptrdiff_t to = std::min(last, k + 1 + reach);
        const auto read = [&](std::ptrdiff_t i) { return ramp.reads[static_cast<std::size_t>(i)]; };
        row.push_back(read(k + 1) - read(k) -
                      (read(to) - read(from)) / static_cast<double>(to - from));
      }
      if (row.size() >= 3) out.push_back(std::move(row));
    });
  }
  return out;
}

}  // namespace

std::vector<Window> windows_of(const Measurement& data) {
  std::vector<Window> out;
  for (const Ramp& ramp : data.ramps) {
    if (!ramp.fitted()) continue;
    each_stretch(ramp, [&](std::size_t begin, std::size_t end) {
      const std::size_t length =
          data.cut ? end - begin
                   : std::clamp<std::size_t>((end - begin) / 20, 4, std::max<std::size_t>(
                                                                         end - begin, 4));
      for (std::size_t k = begin; k + 1 < end; k += length - 1) {
        const std::size_t to = std::min(end, k + length);
        if (to - k >= std::min<std::size_t>(length, end - begin))
          out.push_back(window_of(ramp, k, to));
      }
    });
  }
  return out;
}

Seen seen_in(const Measurement& data, const std::vector<Window>& windows, int nodes) {
  Seen out;
  out.nodes = nodes;
  std::vector<double> states, ups, downs;
  for (const Ramp& ramp : data.ramps) {
    if (!ramp.fitted()) continue;
    for (const double x : ramp.reads)
      if (!std::isnan(x)) states.push_back(x);
  }
  for (const Window& window : windows) (window.up ? ups : downs).push_back(window.step);
  const NoiseMoments noise = noise_of(data);
  const double margin = std::sqrt(noise.read_variance);  // reads lie beyond the states
  out.low = quantile(states, 0.005) + margin;
  out.high = quantile(states, 0.995) - margin;
  const double least = (out.high - out.low) * 1e-5;
  out.step_up = std::max(quantile(ups, 0.5), least);
  out.step_down = std::max(-quantile(downs, 0.5), least);
  if (data.siemens) out.lowest = -1 - 2 * data.low / (data.high - data.low);
  return out;
}

double NoiseMoments::floor() const {
  const double q = step_variance, r = read_variance;
  return std::sqrt((q + std::sqrt(q * q + 4 * q * r)) / 2 + r);
}

NoiseMoments noise_of(const Measurement& data) {
  const auto rows = increments(data);
  std::vector<double> sizes;
  for (const auto& row : rows)
    for (const double d : row) sizes.push_back(std::abs(d));
  const double most = 5 * 1.4826 * quantile(sizes, 0.5);  // leaves out single jumps
  double own = 0, next = 0, own_count = 0, next_count = 0;
  for (const auto& row : rows) {
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (std::abs(row[k]) > most) continue;
      own += row[k] * row[k];
      ++own_count;
      if (k + 1 == row.size() || std::abs(row[k + 1]) > most) continue;
      next += row[k] * row[k + 1];
      ++next_count;
    }
  }
  if (own_count == 0 || next_count == 0) return {};
  const double variance = own / own_count, covariance = next / next_count;
  const double read = std::clamp(-covariance, 0.0, variance / 2);
  return {variance - 2 * read, read};
}

}  // namespace ohmlab::fitting
