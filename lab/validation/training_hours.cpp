#include "training_hours.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

#include "../../core/rng.hpp"
#include "../../transformer/scale/training_run.hpp"
#include "scores.hpp"
#include "text.hpp"

namespace ohmlab::validation {
namespace {

constexpr std::int64_t resamples = 10000;

double by_model(const ScoredRun& run) { return run.model_hours; }
double by_peak(const ScoredRun& run) { return run.peak_hours; }
double by_blend(const ScoredRun& run) { return run.blended_hours(); }

/// Relative errors of one method, in the order of the runs.
using Errors = std::vector<double>;

Errors errors_of(const std::vector<ScoredRun>& runs, const Hours& predicted, Pool pool) {
  const std::vector<double> factors = left_out_factors(runs, predicted, pool);
  Errors out;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    out.push_back(predicted(runs[i]) * std::exp(factors[i]) / runs[i].hours - 1);
  }
  return out;
}

/// The same with the run itself and its family among those that set the factor.
Errors errors_in_sample(const std::vector<ScoredRun>& runs, const Hours& predicted) {
  Errors out;
  for (const ScoredRun& run : runs) {
    std::vector<double> factors;
    for (const ScoredRun& other : runs) {
      if (other.planned == run.planned) factors.push_back(std::log(other.hours / predicted(other)));
    }
    out.push_back(predicted(run) * std::exp(median(std::move(factors))) / run.hours - 1);
  }
  return out;
}

/// Factors on the step model alone, then the blend with the constant.
Errors errors_with_inner_factors(const std::vector<ScoredRun>& runs) {
  const std::vector<double> steps = left_out_factors(runs, by_model, Pool::same_plan),
                            constant = left_out_factors(runs, by_peak, Pool::all);
  Errors out;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const double hours = scale::blended(runs[i].model_hours * std::exp(steps[i]),
                                        runs[i].peak_hours * std::exp(constant[i]));
    out.push_back(hours / runs[i].hours - 1);
  }
  return out;
}

/// Some of the runs, and samples of them: families drawn with replacement.
struct Part {
  std::vector<std::size_t> members;
  std::vector<std::vector<std::size_t>> samples;
};

Part part_of(const std::vector<ScoredRun>& runs, const std::function<bool(const ScoredRun&)>& in) {
  Part out;
  std::vector<std::string> families;
  std::map<std::string, std::vector<std::size_t>> members;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (!in(runs[i])) continue;
    out.members.push_back(i);
    if (!members.contains(runs[i].family)) families.push_back(runs[i].family);
    members[runs[i].family].push_back(i);
  }
  const core::Stream stream = core::stream(1, core::StreamId::data);
  for (std::int64_t draw = 0; draw < resamples; ++draw) {
    std::vector<std::size_t> sample;
    for (std::uint32_t k = 0; k < families.size(); ++k) {
      const auto word =
          core::random_block(stream, k, static_cast<std::uint64_t>(draw), std::uint32_t{0})[0];
      const auto& picked =
          members[families[static_cast<std::size_t>(word) * families.size() >> 32]];
      sample.insert(sample.end(), picked.begin(), picked.end());
    }
    out.samples.push_back(std::move(sample));
  }
  return out;
}

std::vector<double> picked(const Errors& errors, const std::vector<std::size_t>& members) {
  std::vector<double> out;
  for (const std::size_t i : members) out.push_back(std::abs(errors[i]));
  return out;
}

std::string median_and_mean(const Errors& errors, const Part& part) {
  const auto range = [&](const std::function<double(const std::vector<double>&)>& figure) {
    std::vector<double> seen;
    for (const auto& sample : part.samples) seen.push_back(figure(picked(errors, sample)));
    std::sort(seen.begin(), seen.end());
    return fmt::format("{} [{} to {}]", percent(figure(picked(errors, part.members))),
                       percent(quantile(seen, 0.05)), percent(quantile(seen, 0.95)));
  };
  return fmt::format("median {}, mean {}", range(median), range(mean));
}

/// The least median and the least mean error that any one utilisation gives these runs.
std::pair<double, double> floor_of_constant(const std::vector<ScoredRun>& runs, const Part& part) {
  const auto error = [&](double log_factor, double (*figure)(const std::vector<double>&)) {
    std::vector<double> errors;
    for (const std::size_t i : part.members) {
      errors.push_back(std::abs(runs[i].peak_hours * std::exp(log_factor) / runs[i].hours - 1));
    }
    return figure(errors);
  };
  const auto middle = [](const std::vector<double>& x) { return median(x); };
  double least_median = 1e9, least_mean = 1e9;
  for (double f = 0; f < 3; f += 0.0005) {  // utilisations of 100 to 5 %
    least_median = std::min(least_median, error(f, middle));
    least_mean = std::min(least_mean, error(f, mean));
  }
  return {least_median, least_mean};
}

void add_gates(const std::vector<ScoredRun>& runs, const std::string& title, const Part& part,
               Validation& out) {
  const Errors mine = errors_of(runs, by_blend, Pool::same_plan),
               constant = errors_of(runs, by_peak, Pool::all);
  const auto better = [&](const std::vector<std::size_t>& members) {
    const auto a = picked(mine, members), b = picked(constant, members);
    return median(a) < median(b) && mean(a) < mean(b);
  };
  const bool met = better(part.members);
  const double often =
      static_cast<double>(std::count_if(part.samples.begin(), part.samples.end(), better)) /
      static_cast<double>(part.samples.size());
  out.gates.push_back({title + ": this model",
                       fmt::format("{}; both below the constant's in {:.0f} % of draws",
                                   median_and_mean(mine, part), 100 * often),
                       "median and mean below the constant's", met,
                       met ? ""
                           : "software, restarts and plans that are not published move utilisation "
                             "more than shapes and links"});
  out.gates.push_back(
      {title + ": best constant utilisation", median_and_mean(constant, part), "", true, ""});
  const auto [floor_median, floor_mean] = floor_of_constant(runs, part);
  out.gates.push_back(
      {title + ": floor of any constant, all hours known",
       fmt::format("median {}, mean {}", percent(floor_median), percent(floor_mean)), "", true,
       ""});
  const Errors known = errors_in_sample(runs, by_blend);
  out.gates.push_back(
      {title + ": this model, all hours known",
       fmt::format("median {}, mean {}", percent(median(picked(known, part.members))),
                   percent(mean(picked(known, part.members)))),
       "", true, ""});
}

/// Slope and correlation of ln(utilisation) of published runs over that of their steps.
std::pair<double, double> slope_and_correlation(const std::vector<ScoredRun>& runs) {
  std::vector<double> xs, ys;
  for (const ScoredRun& run : runs) {
    xs.push_back(std::log(run.peak_hours / run.model_hours));
    ys.push_back(std::log(run.peak_hours / run.hours));
  }
  const double mx = mean(xs), my = mean(ys);
  double xx = 0, xy = 0, yy = 0;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    xx += (xs[i] - mx) * (xs[i] - mx);
    xy += (xs[i] - mx) * (ys[i] - my);
    yy += (ys[i] - my) * (ys[i] - my);
  }
  return {xy / xx, xy / std::sqrt(xx * yy)};
}

void add_table(const PublishedRuns& published, const std::vector<ScoredRun>& runs,
               Validation& out) {
  ValidationTable table{
      "Accelerator-hours of published runs, each family predicted from the others",
      {"run", "family", "plan", "hours of", "published", "predicted", "error",
       "best constant utilisation", "error", "step MFU", "", "cause", "assumed", "source"},
      {}};
  const std::vector<double> misfit = left_out_factors(runs, by_blend, Pool::same_plan),
                            constant = left_out_factors(runs, by_peak, Pool::all);
  std::size_t closer = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const ScoredRun& run = runs[i];
    const double mine = run.blended_hours() * std::exp(misfit[i]);
    const double theirs = run.peak_hours * std::exp(constant[i]);
    const double error = mine / run.hours - 1, other = theirs / run.hours - 1;
    const bool hit = std::abs(error) < std::abs(other);
    closer += hit;
    const auto about = std::find_if(published.runs.begin(), published.runs.end(),
                                    [&](const PublishedRun& p) { return p.name == run.name; });
    table.rows.push_back({run.name, run.family, run.planned ? "published" : "fastest",
                          run.step ? "a step" : "the run", fmt::format("{:.4g}", run.hours),
                          fmt::format("{:.4g}", mine), signed_percent(error),
                          percent(std::exp(-constant[i])), signed_percent(other), percent(run.mfu),
                          verdict(hit), hit ? "" : about->cause, about->assumed, about->source});
    std::vector<ScoredRun> others;
    std::copy_if(runs.begin(), runs.end(), std::back_inserter(others),
                 [&](const ScoredRun& o) { return o.family != run.family; });
    const Prediction band = misfit_of(others, run.planned, 1);
    out.points.push_back({"accelerator-hours", run.name, 0, run.hours, mine,
                          mine * band.p05 / band.median, mine * band.p95 / band.median, "h"});
    out.points.push_back(
        {"best constant utilisation", run.name, 0, run.hours, theirs, theirs, theirs, "h"});
  }
  out.gates.push_back({"accelerator-hours, runs and steps that this model is closer on",
                       fmt::format("{} of {}", closer, runs.size()), "", true, ""});
  out.tables.push_back(std::move(table));

  ValidationTable excluded{"Runs that are not scored", {"run", "why", "source"}, {}};
  for (const PublishedRun& run : published.runs) {
    if (!run.excluded.empty()) excluded.rows.push_back({run.name, run.excluded, run.source});
  }
  out.tables.push_back(std::move(excluded));
}

void add_protocol(const std::vector<ScoredRun>& runs, Validation& out) {
  std::set<std::string> families;
  for (const ScoredRun& run : runs) families.insert(run.family);
  const double utilisation = middle_utilisation(runs);
  const auto text = [&](bool planned) {
    const Prediction band = misfit_of(runs, planned, utilisation);
    return fmt::format("{:.2f} [{:.2f} to {:.2f}]", band.median, band.p05, band.p95);
  };
  const auto [slope, correlation] = slope_and_correlation(runs);
  out.protocol.push_back(fmt::format(
      "Accelerator-hours: ln(hours) is {:.0f} % the step model's, with the constants frozen on "
      "step "
      "times, and the rest that of 6 N D over peak and one utilisation. The weights are fixed. Two "
      "factors, real over blended hours, are medians of the other families': one for runs whose "
      "plan is published, one for runs with the fastest plan that fits ({} runs, {} families). The "
      "rival is 6 N D over peak and one utilisation, the median of the other families'. No run's "
      "own utilisation is an input. Over all runs the utilisation is {:.3f} in the middle, the "
      "factors beside it {} with a published plan and {} without; their bands are Student's t of a "
      "new run.",
      100 * scale::step_model_weight, runs.size(), families.size(), utilisation, text(true),
      text(false)));
  out.protocol.push_back(fmt::format(
      "Utilisations of runs and of their predicted steps correlate by {:+.2f} in their logarithms, "
      "with a slope of {:.2f}: all runs in sample. The floor is the least error that any one "
      "utilisation gives, even when all hours are known. A hit is a run that this model is closer "
      "on. Square brackets beside errors: 5th to 95th percentile over {} draws of families. The "
      "author knew the published hours when choosing the model's form and the place of the "
      "factors: the rows after the scores give other choices.",
      correlation, slope, resamples));
}

}  // namespace

std::vector<double> left_out_factors(const std::vector<ScoredRun>& runs, const Hours& predicted,
                                     Pool pool) {
  std::vector<double> out;
  for (const ScoredRun& run : runs) {
    std::vector<double> others, alike;
    for (const ScoredRun& other : runs) {
      if (other.family == run.family) continue;
      others.push_back(std::log(other.hours / predicted(other)));
      if (other.planned == run.planned) alike.push_back(others.back());
    }
    out.push_back(
        median(pool == Pool::all || alike.empty() ? std::move(others) : std::move(alike)));
  }
  return out;
}

double middle_utilisation(const std::vector<ScoredRun>& runs) {
  std::vector<double> logs;
  for (const ScoredRun& run : runs) logs.push_back(std::log(run.peak_hours / run.hours));
  return std::exp(median(std::move(logs)));
}

Prediction misfit_of(const std::vector<ScoredRun>& runs, bool planned, double utilisation) {
  std::vector<double> logs;
  for (const ScoredRun& run : runs) {
    if (run.planned != planned) continue;
    logs.push_back(
        std::log(run.hours / scale::blended(run.model_hours, run.peak_hours / utilisation)));
  }
  const auto n = static_cast<double>(logs.size());
  if (logs.size() < 2) return {std::exp(logs.at(0)), 0, std::numeric_limits<double>::infinity()};
  const double middle = mean(logs);
  double squares = 0;
  for (const double x : logs) squares += (x - middle) * (x - middle);
  const double half = student_quantile(0.95, n - 1) * std::sqrt(squares / (n - 1) * (1 + 1 / n));
  const double at = median(std::move(logs));
  return {std::exp(at), std::exp(at - half), std::exp(at + half)};
}

void add_hours(const PublishedRuns& published, const std::vector<ScoredRun>& runs,
               Validation& out) {
  const Part whole = part_of(runs, [](const ScoredRun& r) { return !r.step; }),
             steps = part_of(runs, [](const ScoredRun& r) { return r.step; }),
             all = part_of(runs, [](const ScoredRun&) { return true; });
  add_protocol(runs, out);
  add_gates(runs, "accelerator-hours of whole runs, a family left out", whole, out);
  add_gates(runs, "accelerator-hours of single steps, a family left out", steps, out);
  add_gates(runs, "accelerator-hours of both, a family left out", all, out);
  const auto beside = [&](const std::string& what, const Errors& errors) {
    out.gates.push_back(
        {"accelerator-hours of both, " + what, median_and_mean(errors, all), "", true, ""});
    out.gates.push_back(
        {"accelerator-hours of whole runs, " + what, median_and_mean(errors, whole), "", true, ""});
  };
  beside("the step model alone with its two factors", errors_of(runs, by_model, Pool::same_plan));
  beside("two factors on the step model before it is blended", errors_with_inner_factors(runs));
  add_table(published, runs, out);
}

}  // namespace ohmlab::validation
