#include "training_power.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "../../cost/accelerator.hpp"
#include "../../transformer/scale/training_run.hpp"
#include "scores.hpp"
#include "text.hpp"
#include "training_hours.hpp"

namespace ohmlab::validation {
namespace {

constexpr double power_goal = 0.12;

/// Rated power within a record's boundary, of one accelerator.
double rated_watts(const EnergyRecord& record, const cost::Accelerator& accelerator) {
  const double host = record.boundary == Boundary::accelerator ? 0 : accelerator.host.median;
  const double pue = record.boundary == Boundary::facility ? scale::TrainingRun{}.pue.median : 1;
  return pue * (accelerator.tdp.median + host);
}

/// Hours of a record's run by the blend; utilisation and misfit are those of runs on other
/// accelerators.
double predicted_hours(const EnergyRecord& record, const cost::Accelerator& accelerator,
                       const std::vector<ScoredRun>& runs) {
  const scale::TrainingPlan plan =
      plan_of(record.model, accelerator, record.accelerators, record.batch, record.plan, {});
  const auto step = scale::training_step(record.model, accelerator, plan, {}, false);
  std::vector<ScoredRun> others;
  std::copy_if(runs.begin(), runs.end(), std::back_inserter(others),
               [&](const ScoredRun& run) { return run.accelerator != record.accelerator; });
  const double misfit = misfit_of(others, is_planned(record.plan, record.accelerators), 1).median;
  return misfit * scale::blended(step.time.total(), step.peak_seconds) * *record.tokens /
         step.tokens * static_cast<double>(record.accelerators) / 3600;
}

/// Energy of a run of `hours` within a record's boundary. Chips wait in lost hours.
double predicted_joules(const EnergyRecord& record, const cost::Accelerator& accelerator,
                        double share, double hours) {
  const double goodput = scale::TrainingRun{}.goodput.median;
  double watts = record.boundary == Boundary::accelerator
                     ? scale::chip_watts(accelerator, share, goodput)
                     : scale::node_watts(accelerator, share, goodput);
  if (record.boundary == Boundary::facility) watts *= scale::TrainingRun{}.pue.median;
  return watts * hours * 3600;
}

/// Rows of one kind of record, and errors of those that are scored.
struct Scores {
  ValidationTable table;
  std::vector<double> errors, rated_errors;

  void add(const EnergyRecord& record, double measured, double predicted, double rated,
           Validation& out) {
    const bool scored = !record.calibration;
    const double error = predicted / measured - 1, at_rating = rated / measured - 1;
    if (scored) {
      errors.push_back(std::abs(error));
      rated_errors.push_back(std::abs(at_rating));
    }
    const auto text = [&](double x) {
      return record.watts ? fmt::format("{:.0f} W", x) : fmt::format("{:.1f} MWh", x / 3.6e9);
    };
    const bool hit = std::abs(error) <= power_goal;
    table.rows.push_back(
        {record.name, record.accelerator,
         std::string(enum_names(record.boundary)[static_cast<std::size_t>(record.boundary)]),
         text(measured), text(predicted), signed_percent(error), signed_percent(at_rating),
         scored ? verdict(hit) : "not scored", hit && scored ? "" : record.cause, record.assumed,
         record.source});
    out.points.push_back({record.watts ? "power" : "energy", record.name, 0, measured, predicted,
                          predicted, predicted, record.watts ? "W" : "J"});
  }
};

Scores scores(const std::string& title, const std::string& rated) {
  return {{title,
           {"record", "accelerator", "boundary", "measured", "predicted", "error", rated, "",
            "cause", "assumed", "source"},
           {}},
          {},
          {}};
}

}  // namespace

double left_out_share(const std::vector<EnergyRecord>& records, const std::string& accelerator) {
  std::vector<double> shares;
  for (const EnergyRecord& r : records) {
    if (!r.watts || r.accelerator == accelerator) continue;
    shares.push_back(*r.watts / rated_watts(r, cost::accelerator_preset(r.accelerator)));
  }
  return median(std::move(shares));
}

void add_power(const EnergyRecords& all, const std::vector<ScoredRun>& runs, Validation& out) {
  const std::vector<EnergyRecord> sound = evidence(all);
  Scores power = scores("Power while training, each accelerator predicted from the others",
                        "rated power"),
         energy = scores("Energy of whole runs, each accelerator predicted from the others",
                         "rated power x predicted time");
  std::map<std::string, double> shares;
  for (const EnergyRecord& r : all.records) {
    if (r.evidence != Evidence::independent) continue;
    const cost::Accelerator accelerator = cost::accelerator_preset(r.accelerator);
    const double share = left_out_share(sound, r.accelerator);
    if (r.watts) {
      const double rated = rated_watts(r, accelerator);
      if (!r.calibration) shares[r.accelerator] = share;
      power.add(r, *r.watts, share * rated, rated, out);
    } else {
      const double hours = predicted_hours(r, accelerator, runs);
      energy.add(r, *r.joules, predicted_joules(r, accelerator, share, hours),
                 rated_watts(r, accelerator) * hours * 3600, out);
    }
  }
  std::string texts;
  for (const auto& [name, share] : shares) {
    texts += fmt::format("{}{:.2f} without {}", texts.empty() ? "" : ", ", share, name);
  }
  out.protocol.push_back(fmt::format(
      "Power: one constant, the share of its rating that a node draws while it trains, is the "
      "median of the records on other accelerators ({}; {:.2f} of all). TPU v4 has no published "
      "rating: its preset's host is set from the two records that are shown and not scored. "
      "Energies are of chips alone. They take the same share of the chip's rating, and hours that "
      "are predicted from runs on other accelerators; chips wait at idle in lost hours.",
      texts, left_out_share(sound, "")));
  const bool met = mean(power.errors) <= power_goal;
  out.gates.push_back(
      {"node power while training, an accelerator left out, mean error",
       percent(mean(power.errors)), "at most 12 %", met,
       met ? ""
           : "the share moves with the load of chips, fans and network, which is not published"});
  out.gates.push_back(
      {"node power at the rating, mean error", percent(mean(power.rated_errors)), "", true, ""});
  out.gates.push_back({"energy of whole runs, an accelerator left out, mean error",
                       percent(mean(energy.errors)), "", true, ""});
  out.gates.push_back({"energy of whole runs at rated chip power, mean error",
                       percent(mean(energy.rated_errors)), "", true, ""});
  out.tables.push_back(std::move(power.table));
  out.tables.push_back(std::move(energy.table));

  ValidationTable refused{
      "Records that are no evidence", {"record", "boundary", "why", "source"}, {}};
  for (const EnergyRecord& r : all.records) {
    if (r.evidence == Evidence::independent) continue;
    refused.rows.push_back(
        {r.name, std::string(enum_names(r.boundary)[static_cast<std::size_t>(r.boundary)]),
         std::string(enum_names(r.evidence)[static_cast<std::size_t>(r.evidence)]), r.source});
  }
  out.tables.push_back(std::move(refused));
}

}  // namespace ohmlab::validation
