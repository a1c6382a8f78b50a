#include "fit.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../results/checkpoint.hpp"
#include "goodness.hpp"
#include "intervals.hpp"
#include "model_fit.hpp"
#include "outliers.hpp"
#include "preset.hpp"
#include "step_quantiles.hpp"

namespace ohmlab::fitting {
namespace {

/// A model with all that the report says of it.
struct Fitted {
  FittedModel model;
  FittedLaw law;
  std::string steps;
};

/// The work of one call of `fit`, step by step.
class Fitting {
 public:
  Fitting(const FitOptions& options, Measurement& measured, results::Progress& progress)
      : options_(options), measured_(measured), progress_(progress) {}

  FitReport run() {
    const std::vector<std::string> kinds = kinds_asked();
    progress_.begin("fitting", steps_of(kinds));
    collect();
    exclude_outliers();
    if (data_.ramps.empty()) throw core::UserError("no ramp is left to fit");
    for (const std::string& kind : kinds) fitted_.push_back(fit_kind(kind));
    progress_.end();
    return report();
  }

 private:
  [[nodiscard]] std::vector<std::string> kinds_asked() const {
    std::vector<std::string> out;
    for (const std::string& kind : options_.models) {
      if (kind == "all") {
        for (const std::string_view known : fitted_kinds()) out.emplace_back(known);
        continue;
      }
      require_fitted(kind);
      out.push_back(kind);
    }
    if (out.empty()) throw core::UserError({}, "models", "", "expected at least one model");
    std::vector<std::string> once;
    for (const std::string& kind : out)
      if (std::find(once.begin(), once.end(), kind) == once.end()) once.push_back(kind);
    return once;
  }
  [[nodiscard]] bool by_device() const {
    return options_.columns == ColumnMeaning::devices && devices_.size() > 1;
  }
  [[nodiscard]] std::int64_t steps_of(const std::vector<std::string>& kinds) const {
    return 1 + static_cast<std::int64_t>(kinds.size()) * (1 + options_.bootstrap);
  }
  void advance(const std::string& note) {
    progress_.advance(++done_, note);
    if (progress_.interrupted()) throw results::Interrupted();
  }

  /// Gathers the ramps to fit, and what they say without a model.
  void collect() {
    data_ = {};
    devices_.clear();
    for (const Ramp& ramp : measured_.ramps) {
      if (!ramp.fitted()) continue;
      data_.ramps.push_back(&ramp);
      devices_[ramp.group].push_back(&ramp);
    }
    data_.windows = windows_of(measured_);
    data_.noise = noise_of(measured_);
    data_.seen = seen_in(measured_, data_.windows, static_cast<int>(options_.nodes));
    data_.outlier = options_.outlier;
    check_windows();
  }
  void check_windows() const {
    for (const bool up : {true, false}) {
      const bool found = std::any_of(data_.windows.begin(), data_.windows.end(),
                                     [&](const Window& window) { return window.up == up; });
      if (!found) {
        throw core::UserError({}, "", "",
                              fmt::format("expected reads in a row after pulses {}, among the "
                                          "ramps that are not held back",
                                          up ? "up" : "down"));
      }
    }
  }
  /// Bounds that a model holds are where ramps stopped, or beyond: the likelier of both is taken.
  [[nodiscard]] FittedLaw fitted_law(const std::string& kind) const {
    auto law = make_law(kind, data_.seen);
    const bool held = law->holds_bounds();
    FittedLaw out = fit_law(std::move(law), data_);
    if (!held) return out;
    Seen wider = data_.seen;
    const double margin = 0.1 * (wider.high - wider.low);
    wider.high += margin;
    wider.low = std::max(wider.low - margin, wider.lowest.value_or(-1e9));
    FittedLaw other = fit_law(make_law(kind, wider), data_);
    return other.likelihood.log > out.likelihood.log ? std::move(other) : std::move(out);
  }
  void exclude_outliers() {
    pilot_ = fitted_law("piecewise_step");
    excluded_ = mark_outliers(measured_, pilot_);
    if (!excluded_.empty()) {
      collect();
      pilot_ = fitted_law("piecewise_step");
    }
    advance("steps by state");
  }

  Fitted fit_kind(const std::string& kind) {
    Fitted out;
    out.model.kind = kind;
    if (kind == "measured_table") {
      fit_table(out);
    } else {
      out.law = kind == "piecewise_step"
                    ? FittedLaw{pilot_.law->copy(), pilot_.values, pilot_.reads, pilot_.noise_law,
                                pilot_.likelihood}
                    : fitted_law(kind);
      describe(out);
      if (by_device()) fit_devices(out);
    }
    criteria(out);
    judge(out.model, *out.law.law, out.law.reads, measured_);
    advance(kind);
    return out;
  }
  void fit_table(Fitted& out) {
    MeasuredSteps steps = measured_steps(pilot_, data_);
    out.law = {std::move(steps.law), {}, pilot_.reads, 0, {}};
    out.law.likelihood = likelihood(*out.law.law, data_.ramps, out.law.reads);
    out.steps = steps.text;
    out.model.free = steps.numbers + 1;
    out.model.noise_law = "quantiles of what the means leave";
    out.model.read_noise = std::sqrt(pilot_.reads.variance);
    out.model.note = "means are those of piecewise_step";
  }
  void describe(Fitted& out) {
    FittedModel& model = out.model;
    const FittedLaw& law = out.law;
    model.free = static_cast<std::int64_t>(law.values.size()) + 2;
    model.noise_key = law.law->noise_key();
    model.noise_law = law.law->noise_law_name(law.noise_law);
    model.noise = law.law->noise();
    model.read_noise = std::sqrt(law.reads.variance);
    const Errors errors = errors_of(law, data_);
    for (std::size_t p = 0; p < law.values.size(); ++p) {
      const double error = errors.error[p], reach = errors.quantile * error;
      model.parameters.push_back({law.law->free()[p].name,
                                  law.values[p],
                                  error,
                                  std::max(law.values[p] - reach, law.law->free()[p].low),
                                  std::min(law.values[p] + reach, law.law->free()[p].high),
                                  {},
                                  0,
                                  0,
                                  errors.note[p]});
    }
    if (!law.law->equal_to().empty()) {
      model.note = fmt::format(
          "its mean steps are those of {} for any reference; own bounds are taken as +-w_max",
          law.law->equal_to());
    }
    if (options_.bootstrap > 0) add_bootstrap(out);
  }
  void add_bootstrap(Fitted& out) {
    const auto ranges = bootstrap(out.law, data_, options_.bootstrap, options_.seed, [&] {
      advance(out.model.kind + ", ramps drawn anew");
      return true;
    });
    for (std::size_t p = 0; p < ranges.size(); ++p) out.model.parameters[p].bootstrap = ranges[p];
  }
  /// Fits each device by itself; the preset has their mean and spread.
  void fit_devices(Fitted& out) {
    std::vector<std::vector<double>> values(out.law.values.size()), errors(values.size());
    std::vector<double> noises, reads;
    out.law.likelihood = {};
    for (const auto& [number, ramps] : devices_) {
      FitData own = data_;
      own.ramps = ramps;
      FittedLaw one{out.law.law->copy(), out.law.values, out.law.reads, out.law.noise_law, {}};
      for (int turn = 0; turn < 2; ++turn) {
        const RampProblem task(one, ramps);
        one.values = least_squares(task.problem, one.values).values;
        one.law->set(one.values);
        fit_noise(one, own);
      }
      const Errors found = errors_of(one, own);
      for (std::size_t p = 0; p < values.size(); ++p) {
        if (found.error[p] <= 0) continue;
        values[p].push_back(one.values[p]);
        errors[p].push_back(found.error[p]);
      }
      noises.push_back(one.law->noise());
      reads.push_back(one.reads.variance);
      out.law.likelihood.log += one.likelihood.log;
      out.law.likelihood.reads += one.likelihood.reads;
    }
    out.model.free *= static_cast<std::int64_t>(devices_.size());
    for (std::size_t p = 0; p < values.size(); ++p) take_population(out, p, values[p], errors[p]);
    out.law.law->set(out.law.values);
    const auto middle = [](std::vector<double> x) {
      std::nth_element(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2), x.end());
      return x[x.size() / 2];
    };
    out.law.law->set_noise(out.model.noise = middle(noises));
    out.law.reads.variance = middle(reads);
    out.model.read_noise = std::sqrt(out.law.reads.variance);
  }
  void take_population(Fitted& out, std::size_t p, const std::vector<double>& values,
                       const std::vector<double>& errors) const {
    if (values.size() < 3 || 2 * values.size() < devices_.size()) return;
    FittedParameter& parameter = out.model.parameters[p];
    const Population found = population_of(values, errors);
    const double reach = student(static_cast<double>(values.size()) - 1) * found.mean_error;
    out.law.values[p] = parameter.value = found.mean;
    parameter.error = found.mean_error;
    parameter.low = found.mean - reach;
    parameter.high = found.mean + reach;
    parameter.spread = found.spread;
    parameter.spread_error = found.spread_error;
    parameter.note.clear();
  }
  static void criteria(Fitted& out) {
    const auto free = static_cast<double>(out.model.free);
    out.model.log_likelihood = out.law.likelihood.log;
    out.model.aic = 2 * free - 2 * out.model.log_likelihood;
    out.model.bic = free * std::log(static_cast<double>(out.law.likelihood.reads)) -
                    2 * out.model.log_likelihood;
  }

  /// A model whose mean steps are those of another has its criterion, so that rounding does not
  /// choose between them.
  void sort_models() {
    for (Fitted& one : fitted_) {
      for (const Fitted& other : fitted_) {
        if (one.law.law->equal_to() != other.model.kind) continue;
        one.model.log_likelihood = other.model.log_likelihood;
        one.model.aic = other.model.aic;
        one.model.bic = other.model.bic;
      }
    }
    std::stable_sort(fitted_.begin(), fitted_.end(), [](const Fitted& a, const Fitted& b) {
      if (a.model.aic != b.model.aic) return a.model.aic < b.model.aic;
      return a.law.law->equal_to().empty() && !b.law.law->equal_to().empty();
    });
    for (Fitted& one : fitted_) one.model.above_best = one.model.aic - fitted_.front().model.aic;
  }
  FitReport report() {
    sort_models();
    const Fitted& best = fitted_.front();
    FitReport out;
    out.low = measured_.low;
    out.high = measured_.high;
    out.siemens = measured_.siemens;
    out.ramps = static_cast<std::int64_t>(measured_.ramps.size());
    out.held_back = std::count_if(measured_.ramps.begin(), measured_.ramps.end(),
                                  [](const Ramp& ramp) { return ramp.held_back; });
    out.reads = likelihood(*pilot_.law, data_.ramps, pilot_.reads).reads;
    out.devices = options_.columns == ColumnMeaning::devices
                      ? static_cast<std::int64_t>(measured_.groups.size())
                      : 1;
    out.best = best.model.kind;
    for (const Fitted& one : fitted_) out.models.push_back(one.model);
    out.noise_floor = noise_floor(measured_);
    out.ramp_floor = ramp_scatter(measured_);
    out.step_noise = std::sqrt(data_.noise.step_variance);
    out.read_noise = std::sqrt(data_.noise.read_variance);
    const Population factors = ramp_factors(data_.ramps, best.law);
    out.ramp_spread = factors.spread;
    out.ramp_spread_error = factors.spread_error;
    out.excluded = excluded_;
    out.notes = measured_.notes;
    out.curves = curves_of(measured_, *best.law.law);
    out.steps = best.steps;
    return out;
  }

 public:
  /// Adds the preset, once the report names the files.
  void add_preset(FitReport& report) const {
    report.preset = preset_text(report, fitted_.front().model, *fitted_.front().law.law, options_);
  }

 private:
  const FitOptions& options_;
  Measurement& measured_;
  results::Progress& progress_;
  std::int64_t done_ = 0;
  FitData data_;
  std::map<int, std::vector<const Ramp*>> devices_;
  FittedLaw pilot_;
  std::vector<std::string> excluded_;
  std::vector<Fitted> fitted_;
};

}  // namespace

FitReport fit(std::span<const std::filesystem::path> files, const FitOptions& options,
              results::Progress& progress) {
  if (files.empty()) throw core::UserError({}, "data", "", "expected at least one file");
  for (const std::string& kind : options.models)
    if (kind != "all") require_fitted(kind);
  Measurement measured = measure(files, options);
  Fitting work(options, measured, progress);
  FitReport out = work.run();
  for (const auto& file : files) out.data.push_back(file.string());
  work.add_preset(out);
  return out;
}

}  // namespace ohmlab::fitting
