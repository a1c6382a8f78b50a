#include "converter_bench.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <numeric>

#include "../core/rng.hpp"
#include "levels.hpp"

namespace ohmlab::crossbar {
namespace {

constexpr std::uint64_t sine_operation = 0, ramp_operation = 1;

/// Converts samples one after another at the same end.
template <class Value, class Take>
void convert_all(const ConverterBench& bench, std::uint64_t operation, std::int64_t samples,
                 const Value& value, const Take& take) {
  constexpr std::int64_t slice = 1024;
  std::vector<float> noise(bench.noise > 0 ? slice : 0);
  for (std::int64_t m = 0; m < samples; ++m) {
    if (bench.noise > 0 && m % slice == 0)
      core::fill_normal(bench.stream, operation, static_cast<std::uint64_t>(m), noise);
    double v = value(m);
    if (bench.noise > 0)
      v += bench.noise * static_cast<double>(noise[static_cast<std::size_t>(m % slice)]);
    auto out = static_cast<float>(v);
    bench.converters.convert(
        {.end = bench.end, .operation = operation, .first = static_cast<std::uint64_t>(m)}, &out,
        1);
    take(m, static_cast<double>(out));
  }
}

}  // namespace

SineFit sine_test(const ConverterBench& bench, const SineTest& test) {
  assert(2 * test.cycles < test.samples && std::gcd(test.cycles, test.samples) == 1);
  const auto count = static_cast<double>(test.samples);
  const auto angle = [&](std::int64_t m) {
    return 2 * std::numbers::pi * static_cast<double>(m * test.cycles % test.samples) / count;
  };
  std::vector<double> y(static_cast<std::size_t>(test.samples));
  convert_all(bench, sine_operation, test.samples, [&](std::int64_t m) {
    return test.amplitude * bench.bound * std::sin(angle(m));
  }, [&](std::int64_t m, double out) { y[static_cast<std::size_t>(m)] = out; });
  // Whole cycles: constant, cosine and sine are orthogonal, and the fit is three projections.
  double mean = 0, a = 0, b = 0, rest = 0;
  for (std::int64_t m = 0; m < test.samples; ++m) {
    const double out = y[static_cast<std::size_t>(m)];
    mean += out / count;
    a += 2 / count * out * std::cos(angle(m));
    b += 2 / count * out * std::sin(angle(m));
  }
  for (std::int64_t m = 0; m < test.samples; ++m) {
    const double error =
        y[static_cast<std::size_t>(m)] - mean - a * std::cos(angle(m)) - b * std::sin(angle(m));
    rest += error * error / count;
  }
  SineFit out{.amplitude = std::hypot(a, b), .offset = mean, .residual = std::sqrt(rest)};
  out.sndr = 20 * std::log10(out.amplitude / std::numbers::sqrt2 / out.residual);
  out.enob = std::log2(2 * bench.bound / (out.residual * std::sqrt(12.0)));
  return out;
}

Linearity ramp_test(const ConverterBench& bench, std::int64_t per_step) {
  const auto n = static_cast<std::int64_t>(levels_each_side(bench.bits));
  const std::int64_t samples = 2 * n * per_step;
  std::vector<double> counts(static_cast<std::size_t>(2 * n + 1));
  convert_all(bench, ramp_operation, samples, [&](std::int64_t m) {
    return bench.bound * (2 * (static_cast<double>(m) + 0.5) / static_cast<double>(samples) - 1);
  }, [&](std::int64_t, double out) {
    const auto level =
        static_cast<std::int64_t>(std::lround(out / bench.bound * static_cast<double>(n)));
    ++counts[static_cast<std::size_t>(level + n)];
  });
  const auto seen = [](double count) { return count > 0; };
  // The outermost levels have no outer end.
  const auto first = std::find_if(counts.begin(), counts.end(), seen) + 1,
             last = std::find_if(counts.rbegin(), counts.rend(), seen).base() - 1;
  Linearity out;
  out.first = first - counts.begin() - n;
  if (first >= last) return out;
  const double width =
      std::accumulate(first, last, 0.0) / static_cast<double>(std::distance(first, last));
  double sum = 0;
  for (auto count = first; count != last; ++count) {
    const double deviation = *count / width - 1;
    sum += deviation;
    out.dnl.push_back(deviation);
    out.inl.push_back(sum);
    out.dnl_max = std::max(out.dnl_max, std::abs(deviation));
    out.inl_max = std::max(out.inl_max, std::abs(sum));
    out.missing += *count == 0 ? 1 : 0;
  }
  return out;
}

}  // namespace ohmlab::crossbar
