#include "training_run.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ohmlab::scale {

std::string TrainingRun::problem() const {
  if (goodput.median <= 0 || goodput.median > 1)
    return "goodput: expected a median above 0 and at most 1";
  if (utilisation.median <= 0 || utilisation.median > 1)
    return "utilisation: expected a median above 0 and at most 1";
  if (misfit && misfit->median <= 0) return "misfit: expected a median above 0: a run takes time";
  if (node_share.median <= 0 || node_share.median > 1)
    return "node_share: expected a median above 0 and at most 1";
  if (pue.median < 1)
    return "pue: expected a median of at least 1, for a facility takes what its nodes take";
  return "";
}

double blended(double by_steps, double by_constant) noexcept {
  return std::pow(by_steps, step_model_weight) * std::pow(by_constant, 1 - step_model_weight);
}

const cost::Share& default_misfit(bool planned) {
  static const cost::Share known{
      0.99, 0.83, 1.19, cost::Evidence::derived,
      "hours of 8 published runs of known plans over blended ones, times goodput: "
      "docs/validation/training.md"};
  static const cost::Share fastest{
      1.07, 0.60, 1.91, cost::Evidence::derived,
      "hours of 16 published runs without a plan over blended ones of the fastest plan, times "
      "goodput: docs/validation/training.md"};
  return planned ? known : fastest;
}

double chip_watts(const cost::Accelerator& accelerator, double node_share, double goodput) {
  return goodput * node_share * accelerator.tdp.median + (1 - goodput) * accelerator.idle.median;
}

double node_watts(const cost::Accelerator& accelerator, double node_share, double goodput) {
  return chip_watts(accelerator, node_share, goodput) + node_share * accelerator.host.median;
}

RunCost run_cost(const TrainingStep& step, std::int64_t accelerators,
                 const cost::Accelerator& accelerator, const TrainingRun& run,
                 const cost::DrawOptions& options) {
  cost::Outlook outlook(options);
  RunCost out;
  cost::Draws seconds = cost::at_most(outlook.factor("utilisation", run.utilisation), 1);
  const auto of_utilisation = [&](double u) {
    return blended(step.time.total(), step.peak_seconds / u);
  };
  seconds.nominal = of_utilisation(seconds.nominal);
  for (double& value : seconds.values) value = of_utilisation(value);
  out.step_seconds =
      seconds * outlook.factor("misfit", run.misfit ? *run.misfit : default_misfit(true));
  const cost::Draws goodput = cost::at_most(outlook.factor("goodput", run.goodput), 1);
  const cost::Draws whole = out.step_seconds * (run.tokens / step.tokens) / goodput;
  out.days = whole * (1 / 86400.0);
  out.accelerator_hours = whole * (static_cast<double>(accelerators) / 3600);

  const cost::Draws share = cost::at_most(outlook.factor("node share", run.node_share), 1);
  const cost::Draws lost = outlook.exact(1) - goodput;
  out.chip_watts = goodput * share * outlook.factor("accelerator tdp", accelerator.tdp) +
                   lost * outlook.factor("accelerator idle", accelerator.idle);
  out.node_watts = out.chip_watts + share * outlook.factor("accelerator host", accelerator.host);
  out.chip_joules = out.chip_watts * out.accelerator_hours * 3600;
  out.node_joules = out.node_watts * out.accelerator_hours * 3600;
  cost::Draws pue = outlook.factor("pue", run.pue);
  for (double& value : pue.values) value = std::max(1.0, value);
  out.facility_joules = out.node_joules * pue;
  out.dollars = accelerator.rent
                    ? out.accelerator_hours * outlook.factor("accelerator rent", *accelerator.rent)
                    : outlook.exact(std::numeric_limits<double>::quiet_NaN());
  out.co2 = out.facility_joules * (1 / 3.6e6) * outlook.factor("carbon", run.carbon);
  return out;
}

}  // namespace ohmlab::scale
