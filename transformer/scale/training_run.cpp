#include "training_run.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ohmlab::scale {

std::string TrainingRun::problem() const {
  if (goodput.median <= 0 || goodput.median > 1)
    return "goodput: expected a median above 0 and at most 1";
  if (misfit.median <= 0) return "misfit: expected a median above 0: a run takes time";
  if (waiting.median > 1) return "waiting: expected a median of at most 1";
  if (pue.median < 1)
    return "pue: expected a median of at least 1, for a facility takes what its nodes take";
  return "";
}

double chip_watts(const cost::Accelerator& accelerator, double hfu, double ceiling,
                  double waiting) {
  const double load = waiting + (1 - waiting) * std::min(1.0, hfu / ceiling);
  return accelerator.idle.median + load * (accelerator.tdp.median - accelerator.idle.median);
}

RunCost run_cost(const TrainingStep& step, const TrainingPlan& plan,
                 const cost::Accelerator& accelerator, const Efficiency& efficiency,
                 const TrainingRun& run, const cost::DrawOptions& options) {
  cost::Outlook outlook(options);
  const cost::Draws misfit = outlook.factor("misfit", run.misfit);
  RunCost out;
  out.step_seconds = misfit * step.time.total();
  const cost::Draws goodput = cost::at_most(outlook.factor("goodput", run.goodput), 1);
  const double steps = run.tokens / step.tokens;
  const cost::Draws seconds = out.step_seconds * steps / goodput;
  out.days = seconds * (1 / 86400.0);
  const auto count = static_cast<double>(plan.accelerators());
  out.accelerator_hours = seconds * (count / 3600);

  // A slower step does less arithmetic in a second; chips wait in lost hours.
  const cost::Draws busy = cost::at_most(
      outlook.exact(std::min(1.0, step.hfu / efficiency.ceiling)) / misfit * goodput, 1);
  const cost::Draws waiting = cost::at_most(outlook.factor("waiting", run.waiting), 1);
  const cost::Draws load = waiting + (outlook.exact(1) - waiting) * busy;
  const cost::Draws idle = outlook.factor("accelerator idle", accelerator.idle);
  out.chip_watts = idle + load * (outlook.factor("accelerator tdp", accelerator.tdp) - idle);
  out.node_watts = out.chip_watts + outlook.factor("accelerator host", accelerator.host);
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
