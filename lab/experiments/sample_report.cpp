#include "sample_report.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <fmt/format.h>

#include "../../ebm/certificate/certificate.hpp"

namespace ohmlab::experiments {
namespace {

using core::Index;

/// Energy and magnetisation per site of every draw, means over chains. Returns the least energy.
double add_series(const Sampling& of, results::Result& to) {
  to.axis = {"sweep", {}, "1", "sweeps done"};
  results::Series energy{"energy", {}, "1", "Ising energy per site in the unit of J"},
      magnetisation{"magnetisation", {}, "1", "mean spin, by size, mean over chains"};
  double lowest = std::numeric_limits<double>::infinity();
  for (Index t = 0; t < of.draws.draws(); ++t) {
    double e = 0, m = 0;
    for (Index c = 0; c < of.draws.chains; ++c) {
      const auto bits = of.draws.state(t, c);
      const double now = of.law.per_site(of.law.pairs.energy(bits), of.config);
      e += now;
      lowest = std::min(lowest, now);
      double on = 0;
      for (const std::uint8_t bit : bits) on += bit;
      m += std::abs(2 * on / static_cast<double>(bits.size()) - 1);
    }
    const auto chains = static_cast<double>(of.draws.chains);
    to.axis.values.push_back(static_cast<double>(of.config.burn_in + (t + 1) * of.config.thin));
    energy.values.push_back(e / chains);
    magnetisation.values.push_back(m / chains);
  }
  to.metrics = {std::move(energy), std::move(magnetisation)};
  return lowest;
}

/// Figures of a certificate; those without an estimate are left out.
class Figures {
 public:
  explicit Figures(results::Result& to) : to_(to) {}
  void put(const char* name, double value, const char* unit, const char* meaning) {
    if (std::isfinite(value)) to_.quality.push_back({name, value, unit, meaning});
  }
  void put(const char* name, const std::optional<double>& value, const char* unit,
           const char* meaning) {
    if (value) put(name, *value, unit, meaning);
  }

 private:
  results::Result& to_;
};

void add_figures(const Sampling& of, const ebm::Certificate& found, results::Result& to) {
  Figures figures(to);
  const double scale = of.config.inv_temp, sites = static_cast<double>(of.config.sites());
  figures.put("mean_energy", of.law.per_site(found.energy, of.config), "1",
              "Ising energy per site in the unit of J, mean over all draws");
  if (found.energy_error)
    figures.put("mean_energy_se", *found.energy_error / scale / sites, "1",
                "standard error of mean_energy, with its autocorrelation");
  if (of.exact) figures.put("exact_energy", of.exact->per_site, "1", "exact energy per site");
  figures.put("energy_deviate", found.energy_deviate, "1",
              "mean_energy less the exact one, in standard errors");
  if (found.inv_temp) {
    figures.put("effective_inv_temp", scale * found.inv_temp->value, "1",
                "inverse temperature at which bits are drawn, in 1/J");
    figures.put("effective_inv_temp_se", scale * found.inv_temp->error, "1",
                "standard error of effective_inv_temp");
  }
  if (found.law_inv_temp) {
    figures.put("law_inv_temp", scale * found.law_inv_temp->value, "1",
                "inverse temperature of the joint law of the draws, in 1/J");
    figures.put("law_inv_temp_se", scale * found.law_inv_temp->error, "1",
                "standard error of law_inv_temp");
  }
  if (found.response)
    figures.put("common_offset", found.response->offset.value, "nat",
                "offset of all comparisons together, in logits");
  if (found.gain)
    figures.put("largest_gain_error", found.gain->value, "1",
                "gain less the mean gain, of the unit with the most standard errors");
  if (found.offset)
    figures.put("largest_offset", found.offset->value, "nat",
                "offset less the mean offset, of the unit with the most standard errors");
  figures.put("response_misfit", found.misfit, "1",
              "bits against fields in bins, in standard deviations");
  if (found.time)
    figures.put("autocorrelation_time", *found.time * static_cast<double>(of.config.thin), "1",
                "in sweeps, the larger one of energy and magnetisation");
  figures.put("effective_samples", found.effective_samples, "1",
              "independent samples that the draws of all chains are worth");
  if (found.distance) {
    figures.put("total_variation", found.distance->value, "1",
                "total variation of the draws to the law");
    figures.put("total_variation_floor", found.distance->floor, "1",
                "total variation of as many effective samples of a perfect sampler");
  }
  figures.put("findings", static_cast<double>(found.findings.size()), "1",
              "reasons not to trust the draws; 0: certificate passed");
}

void add_verdict(const Sampling& of, const ebm::Certificate& found, results::Result& to) {
  results::LabelledGroup group{"certificate", {}, {}, ""};
  results::Axis lines{"line", {}, {}, "", "test that accuses the sampler"};
  results::Cube details{"finding", {"line"}, {}, {}, "", "figures, or the reason for no test"};
  group.report = found.findings.empty()
                     ? "Certificate PASSED: no test accuses the sampler.\n"
                     : fmt::format("Certificate NOT passed, {} findings:\n", found.findings.size());
  for (const ebm::Finding& finding : found.findings) {
    lines.labels.push_back(finding.line);
    details.texts.push_back(finding.detail);
    group.report += fmt::format("  {}: {}\n", finding.line, finding.detail);
  }
  if (found.findings.empty()) {
    lines.labels.push_back("none");
    details.texts.push_back("passed");
  }
  if (found.inv_temp)
    group.report += fmt::format("  Effective inverse temperature {:.5f} ± {:.5f}, claimed {:.5f}\n",
                                of.config.inv_temp * found.inv_temp->value,
                                of.config.inv_temp * found.inv_temp->error, of.config.inv_temp);
  group.report += fmt::format(
      "  Energy per site {:.5f}, exact {}; {:.4g} effective samples\n",
      of.law.per_site(found.energy, of.config),
      of.exact ? fmt::format("{:.5f} by {}", of.exact->per_site, of.exact->method) : "unknown",
      found.effective_samples);
  group.report += "\nTests of responses are local: a chain in one of several modes passes them.\n";
  group.axes.push_back(std::move(lines));
  group.cubes.push_back(std::move(details));
  to.groups.push_back(std::move(group));
}

}  // namespace

void report_sampling(const Sampling& of, double weight_error, results::Result& to) {
  const double lowest = add_series(of, to);
  std::optional<double> exact;
  if (of.exact)
    exact = of.exact->per_site * of.config.inv_temp * static_cast<double>(of.config.sites()) -
            of.law.all_off;
  const ebm::Certificate found =
      ebm::certify(of.law.pairs, of.draws, exact, static_cast<std::uint64_t>(of.config.seed));
  add_figures(of, found, to);
  to.quality.push_back(
      {"lowest_energy", lowest, "1", "least energy per site of all draws, in the unit of J"});
  if (const auto ground = of.law.ground(of.config))
    to.quality.push_back({"ground_energy", *ground, "1", "exact least energy per site"});
  to.quality.push_back({"weight_error", weight_error, "1",
                        "error of the weights in the cells, root mean square over that of the "
                        "weights"});
  add_verdict(of, found, to);
}

}  // namespace ohmlab::experiments
