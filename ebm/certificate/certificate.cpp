#include "certificate.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "series.hpp"

namespace ohmlab::ebm {
namespace {

using core::Index;

/// Fills a certificate, line by line.
class Lines {
 public:
  explicit Lines(Certificate& out) : out_(out) {}

  /// \param pairs  bits with the fields that they were drawn from
  void drawing(const Pairs& pairs) {
    rest(pairs);
    out_.inv_temp = effective_inv_temp(pairs);
    temperature("inverse temperature", out_.inv_temp);
    out_.response = response(pairs);
    if (!out_.response) {
      untested("response", "no finite gain and offset fit all bits");
      return;
    }
    const Measured& offset = out_.response->offset;
    if (std::abs(offset.value) > bound_of(1) * offset.error &&
        std::abs(offset.value) > offset_tolerance)
      found("common offset", "{:+.4f} ± {:.4f} logits", offset.value, offset.error);
    units(pairs);
    out_.misfit = ebm::misfit(pairs, *out_.response);
    if (!out_.misfit)
      untested("shape of the response", "fields fill fewer than 4 bins");
    else if (*out_.misfit > bound_of(1))
      found("shape of the response", "bits against fields in bins: {:.1f} standard deviations",
            *out_.misfit);
    out_.chain_correlation = ebm::chain_correlation(pairs);
    if (out_.chain_correlation && std::abs(*out_.chain_correlation) > bound_of(1))
      found("chains correlated", "{:.1f} standard deviations", *out_.chain_correlation);
  }

  /// \param pairs  bits with the fields of the same state
  void joint(const Pairs& pairs) {
    out_.law_inv_temp = effective_inv_temp(pairs);
    temperature("inverse temperature of the law", out_.law_inv_temp);
  }

  void series(const PairLaw& law, const Draws& draws) {
    core::MatrixD energy(draws.draws(), draws.chains), magnetisation = energy;
    for (Index t = 0; t < draws.draws(); ++t) {
      for (Index c = 0; c < draws.chains; ++c) {
        const auto bits = draws.state(t, c);
        energy(t, c) = law.energy(bits);
        double on = 0;
        for (const std::uint8_t bit : bits) on += bit;
        magnetisation(t, c) = 2 * on / static_cast<double>(draws.units) - 1;
      }
    }
    out_.energy = energy.mean();
    const double slow = *autocorrelation_time(energy);
    out_.time = std::max(slow, *autocorrelation_time(magnetisation));
    const auto all = static_cast<double>(energy.size());
    out_.effective_samples = effective_samples(all, *out_.time);
    if (!(out_.effective_samples >= fewest_effective) ||
        !(*out_.time <= static_cast<double>(draws.draws()) / fewest_effective))
      found("mixing", "autocorrelation time {:.4g} of {} draws, {:.4g} effective samples",
            *out_.time, draws.draws(), out_.effective_samples);
    if (std::isfinite(slow)) {
      out_.energy_error =
          std::sqrt((energy.array() - out_.energy).square().mean() * std::max(2 * slow, 1.0) / all);
    }
    drift("drift of the energy", energy, out_.energy_drift);
    drift("drift of the magnetisation", magnetisation, out_.magnetisation_drift);
  }

  void exact(std::optional<double> energy) {
    if (!energy || !out_.energy_error) {
      untested("energy", energy ? "the energy is constant" : "no exact mean is known");
      return;
    }
    out_.energy_deviate = (out_.energy - *energy) / *out_.energy_error;
    if (std::abs(*out_.energy_deviate) > bound_of(1))
      found("energy", "{:.6g} nats against {:.6g}, {:+.1f} standard errors", out_.energy, *energy,
            *out_.energy_deviate);
  }

  void counted(const PairLaw& law, const Draws& draws, std::uint64_t seed) {
    if (law.units() > countable_units) return;
    out_.distance = distance(counts_of(draws), probabilities(law), out_.effective_samples, seed);
    if (!out_.distance)
      untested("total variation",
               fmt::format("{:.4g} effective samples are too few for 2^{} states",
                           out_.effective_samples, law.units()));
    else if (out_.distance->deviate() > bound_of(1))
      found("total variation", "{:.4f}, floor {:.4f} ± {:.4f}", out_.distance->value,
            out_.distance->floor, out_.distance->floor_spread);
  }

  template <class... Values>
  void found(const char* line, fmt::format_string<Values...> detail, Values&&... values) {
    out_.findings.push_back({line, fmt::format(detail, std::forward<Values>(values)...)});
  }
  void untested(const char* line, const std::string& reason) {
    out_.findings.push_back({line, "could not test: " + reason});
  }

 private:
  void rest(const Pairs& pairs) {
    const core::VectorD odds = log_odds_of_rest(pairs);
    Index at = 0;
    if (odds.minCoeff(&at) < std::log(false_alarm / static_cast<double>(odds.size())))
      found("stuck unit", "unit {} of chain {} has drawn one value only, ln p = {:.1f}",
            at % pairs.units, at / pairs.units, odds[at]);
  }

  void temperature(const char* line, const std::optional<Measured>& beta) {
    if (!beta)
      untested(line, "no finite value fits");
    else if (std::abs(beta->value - 1) > bound_of(1) * beta->error &&
             std::abs(beta->value - 1) > inv_temp_tolerance)
      found(line, "{:.4f} ± {:.4f} of the claimed one", beta->value, beta->error);
  }

  void units(const Pairs& pairs) {
    const Response& all = *out_.response;
    const auto worse = [](std::optional<Outlier>& worst, Index unit, const Measured& one,
                          double mean) {
      const double value = one.value - mean, deviate = value / one.error;
      if (!worst || std::abs(deviate) > std::abs(worst->deviate)) worst = {unit, value, deviate};
    };
    const auto each = responses(pairs);
    for (std::size_t unit = 0; unit < each.size(); ++unit) {
      if (!each[unit]) continue;
      worse(out_.gain, static_cast<Index>(unit), each[unit]->gain, all.gain.value);
      worse(out_.offset, static_cast<Index>(unit), each[unit]->offset, all.offset.value);
    }
    const double bound = bound_of(static_cast<double>(pairs.units));
    const auto report = [&](const char* line, const std::optional<Outlier>& worst) {
      if (!worst)
        untested(line, "no unit has a finite gain and offset");
      else if (std::abs(worst->deviate) > bound)
        found(line, "unit {}: {:+.4f} beyond the mean of all, {:+.1f} standard errors", worst->unit,
              worst->value, worst->deviate);
    };
    report("gain of a unit", out_.gain);
    report("offset of a unit", out_.offset);
  }

  void drift(const char* line, const core::MatrixD& series, std::optional<double>& deviate) {
    deviate = drift_deviate(series);
    if (!deviate)
      untested(line, fmt::format("it needs {} draws that differ", fewest_for_drift));
    else if (std::abs(*deviate) > bound_of(1))
      found(line, "first third against last third: {:+.1f} standard errors", *deviate);
  }

  Certificate& out_;
};

}  // namespace

double bound_of(double normals) {
  double low = 0, high = 20;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (std::erfc(middle / std::sqrt(2.0)) * normals > false_alarm ? low : high) = middle;
  }
  return high;
}

Certificate certify(const PairLaw& law, const Draws& draws, std::optional<double> exact_energy,
                    std::uint64_t seed) {
  Certificate out;
  Lines lines(out);
  if (draws.draws() < fewest_draws) {
    lines.untested("draws", fmt::format("{} draws, {} are needed", draws.draws(), fewest_draws));
    return out;
  }
  lines.drawing(pairs_at_drawing(law, draws));
  lines.joint(pairs_at_rest(law, draws));
  lines.series(law, draws);
  lines.exact(exact_energy);
  lines.counted(law, draws, seed);
  return out;
}

}  // namespace ohmlab::ebm
