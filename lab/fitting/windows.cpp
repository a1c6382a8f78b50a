#include "windows.hpp"

#include <algorithm>
#include <array>
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

/// Moves over so many pulses, less their share of the move over a longer stretch around.
struct Moves {
  std::vector<double> off;
  std::vector<int> stretch;  ///< number of the stretch of each
  double share = 0;          ///< of the longer stretch
};

constexpr int most_lag = 6;

Moves moves_over(const Measurement& data, int lag, int reach, bool held_back = false) {
  Moves out;
  const int around = lag + 2 * reach;
  out.share = static_cast<double>(lag) / around;
  int stretch = 0;
  for (const Ramp& ramp : data.ramps) {
    if (ramp.excluded || (held_back && !ramp.held_back)) continue;
    each_stretch(ramp, [&](std::size_t begin, std::size_t end) {
      for (std::size_t k = begin; k + static_cast<std::size_t>(around) < end; ++k) {
        const auto read = [&](int i) { return ramp.reads[k + static_cast<std::size_t>(i)]; };
        out.off.push_back(read(reach + lag) - read(reach) - out.share * (read(around) - read(0)));
        out.stretch.push_back(stretch);
      }
      ++stretch;
    });
  }
  return out;
}

/// Mean square without single jumps.
double mean_square(const std::vector<double>& values) {
  std::vector<double> sizes;
  for (const double x : values) sizes.push_back(std::abs(x));
  const double most = 5 * 1.4826 * nearest_quantile(std::move(sizes), 0.5);
  double sum = 0, count = 0;
  for (const double x : values) {
    if (std::abs(x) > most) continue;
    sum += x * x;
    ++count;
  }
  return count > 0 ? sum / count : 0;
}

}  // namespace

double nearest_quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

std::vector<Window> windows_of(const Measurement& data) {
  std::vector<Window> out;
  for (const Ramp& ramp : data.ramps) {
    if (!ramp.fitted()) continue;
    each_stretch(ramp, [&](std::size_t begin, std::size_t end) {
      const std::size_t length =
          data.cut ? end - begin
                   : std::clamp<std::size_t>((end - begin) / 20, 4,
                                             std::max<std::size_t>(end - begin, 4));
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
  for (const Window& window : windows) {
    (window.up ? ups : downs).push_back(window.step);
    const double half = (window.weight * window.weight - 1) / 2 * std::abs(window.step);
    states.push_back(window.w - half);
    states.push_back(window.w + half);
  }
  out.low = nearest_quantile(states, 0.001);
  out.high = nearest_quantile(states, 0.999);
  const double least = (out.high - out.low) * 1e-5;
  out.step_up = std::max(nearest_quantile(ups, 0.5), least);
  out.step_down = std::max(-nearest_quantile(downs, 0.5), least);
  if (data.siemens) out.lowest = -1 - 2 * data.low / (data.high - data.low);
  return out;
}

NoiseMoments noise_of(const Measurement& data) {
  int reach = 12;  // pulses to either side, over which steps change little and linearly
  while (reach > 1 && moves_over(data, most_lag, reach).off.size() < 100) --reach;
  // Least squares of q and r, each lag with the weight 1/lag of its independent moves.
  double qq = 0, qr = 0, rr = 0, qv = 0, rv = 0;
  for (int lag = 1; lag <= most_lag; ++lag) {
    const Moves moves = moves_over(data, lag, reach);
    if (moves.off.empty()) break;
    const double value = mean_square(moves.off), weight = 1.0 / lag;
    const double q = lag * (1 - moves.share), r = 2 * (1 + moves.share * moves.share);
    qq += weight * q * q;
    qr += weight * q * r;
    rr += weight * r * r;
    qv += weight * q * value;
    rv += weight * r * value;
  }
  const double all = qq * rr - qr * qr;
  if (all <= 0) return {};
  const double q = (rr * qv - qr * rv) / all, r = (qq * rv - qr * qv) / all;
  if (r < 0) return {std::max(qv / qq, 0.0), 0};
  return q < 0 ? NoiseMoments{0, std::max(rv / rr, 0.0)} : NoiseMoments{q, r};
}

double noise_floor(const Measurement& data) {
  constexpr std::size_t order = 8;
  const bool held = std::any_of(data.ramps.begin(), data.ramps.end(),
                                [](const Ramp& ramp) { return ramp.held_back; });
  int reach = 12;
  while (reach > 1 && moves_over(data, 1, reach, held).off.size() < 100) --reach;
  const Moves moves = moves_over(data, 1, reach, held);
  std::vector<double> sizes;
  for (const double x : moves.off) sizes.push_back(std::abs(x));
  const double most = 5 * 1.4826 * nearest_quantile(std::move(sizes), 0.5);
  std::array<double, order + 1> covariance{};
  for (std::size_t lag = 0; lag <= order; ++lag) {
    double sum = 0, count = 0;
    for (std::size_t k = lag; k < moves.off.size(); ++k) {
      const double a = moves.off[k], b = moves.off[k - lag];
      if (moves.stretch[k] != moves.stretch[k - lag] || std::abs(a) > most || std::abs(b) > most)
        continue;
      sum += a * b;
      ++count;
    }
    covariance[lag] = count > 0 ? sum / count : 0;
  }
  std::vector<double> weights;
  double variance = covariance[0];
  for (std::size_t n = 1; n <= order && variance > 0; ++n) {
    double reflection = covariance[n];
    for (std::size_t i = 0; i < weights.size(); ++i)
      reflection -= weights[i] * covariance[n - 1 - i];
    reflection = std::clamp(reflection / variance, -0.999, 0.999);
    std::vector<double> next = weights;
    for (std::size_t i = 0; i < weights.size(); ++i)
      next[i] -= reflection * weights[weights.size() - 1 - i];
    next.push_back(reflection);
    weights = std::move(next);
    variance *= 1 - reflection * reflection;
  }
  return std::sqrt(std::max(variance, 0.0));
}

}  // namespace ohmlab::fitting
