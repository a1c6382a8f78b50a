#include "training_law.hpp"

#include <fmt/format.h>

#include "../core/errors.hpp"
#include "scaling.hpp"

namespace ohmlab::cost {

std::string TrainingLaw::problem() const {
  if (utilisation.median <= 0 || utilisation.median > 1)
    return "utilisation: expected a median above 0 and at most 1";
  return "";
}

double TrainingLaw::flops(double parameters) const noexcept {
  return mixture_flops(parameters, tokens(parameters), sparsity, 0, c0);
}

LawCost law_cost(const TrainingLaw& law, const Accelerator& accelerator, const Facility& facility,
                 double parameters, Outlook& outlook, std::span<const LeverEntry> pulled,
                 bool interactions) {
  const auto peak = accelerator.peak.find(law.format);
  if (peak == accelerator.peak.end()) {
    throw core::UserError({}, "law.format", law.format,
                          fmt::format("{} has no peak of this format", accelerator.title));
  }
  const Draws utilisation = at_most(outlook.factor("law utilisation", law.utilisation), 1);
  std::vector<LeverEntry> raising;
  for (const LeverEntry& lever : pulled) {
    if (lever.target == LeverTarget::utilisation) raising.push_back(lever);
  }
  const Draws raised = saving(raising, LeverOutcome::hours, interactions, outlook);
  const Draws beyond_peak =
      larger(raised * utilisation, outlook.exact(1));  // excess over full utilisation
  const auto saved = [&](LeverOutcome outcome) {
    const Draws all = saving(pulled, outcome, interactions, outlook);
    return outcome == LeverOutcome::flops ? all : all / beyond_peak;
  };
  LawCost out;
  out.tokens = law.tokens(parameters);
  Draws flops = outlook.exact(law.flops(parameters));
  if (law.sparsity > 1)
    flops = flops * (outlook.exact(1) + outlook.factor("law gating", law.gating));
  const Draws hours =
      flops * (1 / 3600.0) / (outlook.factor("law peak", peak->second) * utilisation);
  const Draws power = law.node_watts ? outlook.factor("law node watts", *law.node_watts)
                                     : outlook.factor("node share", rated_node_share()) *
                                           (outlook.factor("accelerator tdp", accelerator.tdp) +
                                            outlook.factor("accelerator host", accelerator.host));
  out.flops = flops / saved(LeverOutcome::flops);
  out.hours = hours / saved(LeverOutcome::hours);
  out.node_joules = hours * power * 3600 / saved(LeverOutcome::joules);
  out.facility_joules = out.node_joules * drawn(facility.pue, "facility.pue", outlook);
  out.co2 = out.facility_joules * drawn(facility.carbon, "facility.carbon", outlook);
  const Draws cheaper = saved(LeverOutcome::dollars);
  if (accelerator.rent)
    out.dollars_rented = hours * outlook.factor("accelerator rent", *accelerator.rent) / cheaper;
  if (law.purchase) {
    const double paid_off = facility.lifetime * facility.occupancy / 3600;  // h
    out.dollars_owned =
        hours * outlook.factor("law purchase", *law.purchase) * (1 / paid_off) / cheaper;
    *out.dollars_owned +=
        out.facility_joules * drawn(facility.electricity, "facility.electricity", outlook);
  }
  return out;
}

}  // namespace ohmlab::cost
