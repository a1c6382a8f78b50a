#include "converter_bench.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "../../core/parallel.hpp"
#include "../../core/streams.hpp"
#include "../../crossbar/converter_bench.hpp"

namespace ohmlab::experiments {
namespace {

using core::Index;

/// What was seen of one converter.
struct Sheet {
  crossbar::SineFit sine;
  crossbar::Linearity ramp;
};

std::int64_t bits_of(const crossbar::Adc& adc) {
  return adc.visit([](const auto& entry) -> std::int64_t {
    if constexpr (requires { entry.resolution; }) return entry.resolution;
    return 0;
  });
}
double bound_of(const crossbar::Adc& adc) {
  return adc.visit([](const auto& entry) { return entry.full_scale(); });
}
std::int64_t ramp_samples(const ConverterBench& config) {
  return ((std::int64_t{1} << bits_of(config.adc)) - 2) * config.per_step;
}

std::vector<Sheet> measure(const ConverterBench& config) {
  const auto lines_each =
      static_cast<Index>(config.adc.visit([](const auto& adc) { return adc.lines_each(); }));
  const auto seed = static_cast<std::uint64_t>(config.seed);
  const crossbar::Converters converters(
      config.adc, {.seed = seed}, crossbar::Tiling::of(1, config.converters * lines_each, 0, 0));
  std::vector<Sheet> out(static_cast<std::size_t>(config.converters));
  constexpr double work = 1e6;  // of one converter
  core::for_slices(config.converters, 1, work, [&](Index k, Index) {
    const crossbar::ConverterBench bench{
        .converters = converters,
        .end = k * lines_each,
        .bound = bound_of(config.adc),
        .bits = bits_of(config.adc),
        .noise = config.output_noise,
        .stream = core::stream(seed, core::StreamId::read_noise, static_cast<std::uint32_t>(k))};
    Sheet& sheet = out[static_cast<std::size_t>(k)];
    sheet.sine = crossbar::sine_test(
        bench, {.samples = config.samples, .cycles = config.cycles, .amplitude = config.amplitude});
    sheet.ramp = crossbar::ramp_test(bench, config.per_step);
  });
  return out;
}

template <class Of>
std::vector<double> each(const std::vector<Sheet>& sheets, const Of& of) {
  std::vector<double> out;
  for (const Sheet& sheet : sheets) out.push_back(of(sheet));
  return out;
}
double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}
double largest(const std::vector<double>& values) {
  return *std::max_element(values.begin(), values.end());
}

results::LabelledGroup group_of(const ConverterBench& config, const std::vector<Sheet>& sheets) {
  results::LabelledGroup out;
  out.name = "converters";
  std::vector<double> numbers(sheets.size()), levels;
  std::iota(numbers.begin(), numbers.end(), 0.0);
  const std::int64_t n = (std::int64_t{1} << (bits_of(config.adc) - 1)) - 1;
  for (std::int64_t level = -n; level <= n; ++level) levels.push_back(static_cast<double>(level));
  out.axes = {{"converter", numbers, {}, "1", "number of the converter"},
              {"level", levels, {}, "1", "number of the level, 0 at zero"}};
  const auto add = [&](const char* name, std::vector<double> values, const char* unit,
                       const char* meaning) {
    out.cubes.push_back({name, {"converter"}, std::move(values), {}, unit, meaning, true});
  };
  const double bound = bound_of(config.adc);
  add("enob", each(sheets, [](const Sheet& s) { return s.sine.enob; }), "bit", "effective bits");
  add("sndr", each(sheets, [](const Sheet& s) { return s.sine.sndr; }), "dB",
      "signal to noise and distortion");
  add("gain",
      each(sheets, [&](const Sheet& s) { return s.sine.amplitude / (config.amplitude * bound); }),
      "1", "amplitude of the fit over that of the sine");
  add("offset", each(sheets, [&](const Sheet& s) { return s.sine.offset / bound; }), "1",
      "offset of the fit, in full scales");
  add("dnl_max", each(sheets, [](const Sheet& s) { return s.ramp.dnl_max; }), "step",
      "largest differential nonlinearity");
  add("inl_max", each(sheets, [](const Sheet& s) { return s.ramp.inl_max; }), "step",
      "largest integral nonlinearity, by end points");
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> dnl(sheets.size() * levels.size(), none), inl = dnl;
  for (std::size_t k = 0; k < sheets.size(); ++k) {
    const crossbar::Linearity& ramp = sheets[k].ramp;
    const std::size_t first = k * levels.size() + static_cast<std::size_t>(ramp.first + n);
    std::copy(ramp.dnl.begin(), ramp.dnl.end(), dnl.begin() + static_cast<std::ptrdiff_t>(first));
    std::copy(ramp.inl.begin(), ramp.inl.end(), inl.begin() + static_cast<std::ptrdiff_t>(first));
  }
  const std::vector<std::string> dims{"converter", "level"};
  out.cubes.push_back(
      {"dnl", dims, std::move(dnl), {}, "step", "differential nonlinearity of the level", true});
  out.cubes.push_back({"inl",
                       dims,
                       std::move(inl),
                       {},
                       "step",
                       "integral nonlinearity at the upper end of the level",
                       true});
  return out;
}

std::string report_of(const ConverterBench& config, const std::vector<Sheet>& sheets,
                      double missing) {
  const auto enobs = each(sheets, [](const Sheet& s) { return s.sine.enob; });
  const auto dnl = each(sheets, [](const Sheet& s) { return s.ramp.dnl_max; }),
             inl = each(sheets, [](const Sheet& s) { return s.ramp.inl_max; });
  std::string out = fmt::format(
      "{} converters of kind {}, {} bits: a sine of {} samples, a ramp of {}\n", config.converters,
      config.adc.kind(), bits_of(config.adc), config.samples, ramp_samples(config));
  out += fmt::format("  SNDR {:.2f} dB, ENOB {:.2f} bits in the mean, {:.2f} at the worst\n",
                     mean(each(sheets, [](const Sheet& s) { return s.sine.sndr; })), mean(enobs),
                     *std::min_element(enobs.begin(), enobs.end()));
  out += fmt::format(
      "  DNL {:.3g}, INL {:.3g} steps in the mean of each one's largest; {:.3g} and "
      "{:.3g} at the worst\n",
      mean(dnl), mean(inl), largest(dnl), largest(inl));
  if (missing > 0) out += fmt::format("  {:.3g} levels of a converter never appear\n", missing);
  return out;
}

/// The conversions of the bench, all converters at the same time.
results::System system_of(const ConverterBench& config) {
  cost::Tally tally;
  {
    const cost::Tally::Stage stage(tally, "converter: bench");
    const cost::Tally::Component component = tally.component("converters");
    const auto count = static_cast<double>(config.converters),
               each_one = static_cast<double>(config.samples + ramp_samples(config));
    config.adc.visit([&](const auto& adc) {
      const double bits = adc.priced_bits(config.output_noise);
      tally.post(component, adc.action,
                 {.count = count * each_one, .serial = each_one, .parameter = bits});
      tally.hold(component, adc.part, count, bits);
    });
  }
  results::System out;
  out.name = "simulated";
  out.title = fmt::format("{} converters on a bench", config.converters);
  out.machine = cost::Machine::array;
  out.tally = tally.entries();
  out.holdings = tally.holdings();
  return out;
}

}  // namespace

std::string ConverterBench::problem() const {
  if (bits_of(adc) == 0) return R"(adc "none" has no levels to measure: expected a converter)";
  if (2 * cycles >= samples)
    return fmt::format("cycles = {}: expected less than half the samples, {}", cycles, samples);
  if (std::gcd(cycles, samples) != 1)
    return fmt::format(
        "cycles = {} and samples = {} have a common divisor: expected none, e.g. an "
        "odd number of cycles in a power of two",
        cycles, samples);
  constexpr double most = 1e9;
  const double all = static_cast<double>(converters) * static_cast<double>(ramp_samples(*this));
  if (all > most)
    return fmt::format("converters x steps x per_step = {:.3g}: expected at most {:.3g}", all,
                       most);
  return "";
}

results::Result ConverterBench::run(const io::Dataset&, results::Progress& progress,
                                    results::Checkpoint checkpoint) const {
  progress.begin("converters", 1);
  checkpoint.pass();
  const std::vector<Sheet> sheets = measure(*this);
  progress.end();
  const auto enobs = each(sheets, [](const Sheet& s) { return s.sine.enob; });
  const double missing =
      mean(each(sheets, [](const Sheet& s) { return static_cast<double>(s.ramp.missing); }));
  results::Result out;
  out.quality = {
      {"enob", mean(enobs), "bit", "effective bits by a sine, mean over converters"},
      {"enob_worst", *std::min_element(enobs.begin(), enobs.end()), "bit",
       "effective bits of the worst converter"},
      {"sndr", mean(each(sheets, [](const Sheet& s) { return s.sine.sndr; })), "dB",
       "signal to noise and distortion, mean over converters"},
      {"dnl_max", largest(each(sheets, [](const Sheet& s) { return s.ramp.dnl_max; })), "step",
       "largest differential nonlinearity of any converter"},
      {"inl_max", largest(each(sheets, [](const Sheet& s) { return s.ramp.inl_max; })), "step",
       "largest integral nonlinearity of any converter, by end points"},
      {"missing_levels", missing, "1", "levels that never appear, mean over converters"},
  };
  out.groups.push_back(group_of(*this, sheets));
  out.groups[0].report = report_of(*this, sheets, missing);
  out.systems.push_back(system_of(*this));
  return out;
}

}  // namespace ohmlab::experiments
