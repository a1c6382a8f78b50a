#include "training_power.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "../../cost/accelerator.hpp"
#include "../../transformer/scale/training_run.hpp"
#include "scores.hpp"
#include "text.hpp"

namespace ohmlab::validation {
namespace {

using scale::Efficiency;
using scale::TrainingPlan;

constexpr double power_goal = 0.12;

/// Predicted reading of a record's meter at a waiting load; joules use the hours of the steps times
/// `slower`.
double metered(const EnergyRecord& record, const cost::Accelerator& accelerator,
               const scale::TrainingStep& step, double slower, double waiting) {
  const double ceiling = Efficiency{}.ceiling;
  double watts = scale::chip_watts(accelerator, step.hfu / std::max(1.0, slower), ceiling, waiting);
  if (record.boundary != Boundary::accelerator) watts += accelerator.host.median;
  if (record.boundary == Boundary::facility) watts *= scale::TrainingRun{}.pue.median;
  if (record.watts) return watts;
  return watts * static_cast<double>(record.accelerators) * step.time.total() * slower *
         *record.tokens / step.tokens;
}

}  // namespace

void add_power(const EnergyRecords& all, const std::vector<ScoredRun>& runs, Validation& out) {
  const std::vector<EnergyRecord> records = evidence(all);
  struct Case {
    cost::Accelerator accelerator;
    scale::TrainingStep step;
    double slower;
  };
  std::vector<Case> cases;
  for (const EnergyRecord& r : records) {
    const cost::Accelerator accelerator = cost::accelerator_preset(r.accelerator);
    const TrainingPlan plan = plan_of(r.model, accelerator, r.accelerators, r.batch, r.plan, {});
    std::vector<double> factors;  // factors of runs on other accelerators alone
    for (const ScoredRun& run : runs) {
      if (run.accelerator != r.accelerator) factors.push_back(run.hours / run.model_hours);
    }
    cases.push_back({accelerator, scale::training_step(r.model, accelerator, plan, {}, false),
                     median(std::move(factors))});
  }
  const auto measured = [&](std::size_t i) {
    return records[i].watts ? *records[i].watts : *records[i].joules;
  };
  const auto fitted = [&](const std::string& left_out) {
    const auto loss = [&](double waiting, double) {
      double sum = 0;
      for (std::size_t i = 0; i < records.size(); ++i) {
        if (records[i].accelerator == left_out || waiting > 1) continue;
        const Case& c = cases[i];
        sum += std::pow(
            std::log(metered(records[i], c.accelerator, c.step, c.slower, waiting) / measured(i)),
            2);
      }
      return waiting > 1 ? 1e9 : sum;
    };
    return least(loss, 0.5, 1).first;
  };

  ValidationTable table{"Power and energy, each accelerator predicted from the others",
                        {"record", "accelerator", "boundary", "measured", "predicted", "error",
                         "rated x time", "", "cause", "assumed", "source"},
                        {}};
  std::vector<double> errors, rated_errors;
  std::map<std::string, double> waiting;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const EnergyRecord& r = records[i];
    const Case& c = cases[i];
    if (!waiting.contains(r.accelerator)) waiting[r.accelerator] = fitted(r.accelerator);
    const double predicted = metered(r, c.accelerator, c.step, c.slower, waiting[r.accelerator]);
    const double rated = metered(r, c.accelerator, c.step, c.slower, 1);
    const double error = predicted / measured(i) - 1;
    errors.push_back(std::abs(error));
    rated_errors.push_back(std::abs(rated / measured(i) - 1));
    const auto text = [&](double x) {
      return r.watts ? fmt::format("{:.0f} W", x) : fmt::format("{:.1f} MWh", x / 3.6e9);
    };
    table.rows.push_back({r.name, r.accelerator,
                          std::string(enum_names(r.boundary)[static_cast<std::size_t>(r.boundary)]),
                          text(measured(i)), text(predicted), signed_percent(error),
                          signed_percent(rated / measured(i) - 1),
                          verdict(std::abs(error) <= power_goal),
                          std::abs(error) <= power_goal ? "" : r.cause, r.assumed, r.source});
    out.points.push_back({r.watts ? "power" : "energy", r.name, 0, measured(i), predicted,
                          predicted, predicted, r.watts ? "W" : "J"});
  }
  std::string loads;
  for (const auto& [name, load] : waiting) {
    loads += fmt::format("{}{:.2f} without {}", loads.empty() ? "" : ", ", load, name);
  }
  out.protocol.push_back(fmt::format(
      "Power: one constant, the load of a chip that waits, is fitted on the records of all other "
      "accelerators ({}; {:.2f} on all); hosts and ratings are the presets', no record set one. A "
      "chip's arithmetic load is that of its predicted step, slowed as runs on other accelerators "
      "were; energies also take their hours from it.",
      loads, fitted("")));
  const bool met = mean(errors) <= power_goal;
  out.gates.push_back(
      {"node power and energy, an accelerator left out, mean error", percent(mean(errors)),
       "at most 12 %", met,
       met ? ""
           : "the share of hosts, fans and network per accelerator is not published for most "
             "machines, and energies carry the error of their hours"});
  out.gates.push_back({"the same at rated chip power", percent(mean(rated_errors)), "", true, ""});
  out.tables.push_back(std::move(table));

  ValidationTable refused{
      "Records that are no evidence", {"record", "boundary", "why", "source"}, {}};
  for (const EnergyRecord& r : all.records) {
    if (r.evidence == Evidence::independent && !r.calibration) continue;
    refused.rows.push_back(
        {r.name, std::string(enum_names(r.boundary)[static_cast<std::size_t>(r.boundary)]),
         r.calibration ? "calibration"
                       : std::string(enum_names(r.evidence)[static_cast<std::size_t>(r.evidence)]),
         r.source});
  }
  out.tables.push_back(std::move(refused));
}

}  // namespace ohmlab::validation
