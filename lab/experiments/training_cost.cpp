#include "training_cost.hpp"

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../../core/field_values.hpp"

namespace ohmlab::experiments {
namespace {

/// Adds a figure and its 5th and 95th percentile.
void put_band(results::Result& result, const std::string& name, const cost::Draws& draws,
              double scale, const std::string& unit, const std::string& meaning) {
  const cost::Band band = draws.band();
  result.quality.push_back({name, scale * band.nominal, unit, meaning});
  result.quality.push_back({name + "_p05", scale * band.p05, unit, meaning + ", 5th percentile"});
  result.quality.push_back({name + "_p95", scale * band.p95, unit, meaning + ", 95th percentile"});
}

template <class Q>
void put_assumption(results::Result& result, const std::string& name, const Q& quoted,
                    const std::string& unit) {
  const auto evidence = enum_names(quoted.evidence)[static_cast<std::size_t>(quoted.evidence)];
  const std::string band =
      quoted.p05 ? fmt::format(" [{:.4g} to {:.4g}]", *quoted.p05, *quoted.p95) : std::string();
  result.quality.push_back({"assumed_" + name, quoted.median, unit,
                            fmt::format("{}{}: {}", evidence, band, quoted.source)});
}

}  // namespace

TrainingCost TrainingCost::example() {
  TrainingCost out;
  out.model.layers = 12;
  out.model.width = 768;
  out.model.heads = 12;
  out.accelerator = cost::accelerator_preset("a100_80");
  return out;
}

scale::TrainingPlan TrainingCost::chosen() const {
  return fastest
             ? scale::fastest_plan(model, accelerator, accelerators, plan.batch, plan, efficiency)
             : plan;
}

std::string TrainingCost::problem() const {
  if (!fastest && plan.accelerators() != accelerators) {
    return fmt::format(
        "plan: tensor x pipeline x data = {} x {} x {} = {}, expected accelerators = {}",
        plan.tensor, plan.pipeline, plan.data, plan.accelerators(), accelerators);
  }
  scale::TrainingPlan like;  // settings that the fastest plan keeps
  like.batch = plan.batch;
  like.format = plan.format;
  like.fused_attention = plan.fused_attention;
  like.sequence_parallel = plan.sequence_parallel;
  if (fastest &&
      core::canonical_text(core::to_node(plan)) != core::canonical_text(core::to_node(like)))
    return "plan: fastest = true chooses all of it but batch, format, fused_attention and "
           "sequence_parallel: expected no other key";
  try {
    static_cast<void>(scale::training_step(model, accelerator, chosen(), efficiency));
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "";
}

results::Result TrainingCost::run(const io::Dataset&, results::Progress&,
                                  const results::Checkpoint&) const {
  const scale::TrainingPlan with = chosen();
  const scale::TrainingStep step = scale::training_step(model, accelerator, with, efficiency);
  scale::TrainingRun of = run_of;
  if (!of.misfit) of.misfit = scale::default_misfit(!fastest);
  const scale::RunCost cost =
      scale::run_cost(step, with.accelerators(), accelerator, of,
                      {.draws = draws, .seed = static_cast<std::uint64_t>(seed)});
  results::Result result;
  const auto put = [&](const std::string& what, double value, const std::string& unit,
                       const std::string& meaning) {
    result.quality.push_back({what, value, unit, meaning});
  };
  put("parameters", model.parameters(), "1", "of the model");
  put("active_parameters", model.active_parameters(), "1", "that work on one token");
  put("training_flops", model.training_flops_per_token() * run_of.tokens, "FLOP",
      "of the run, no recomputation, scores in full");
  put("law_flops", 6 * model.active_parameters() * run_of.tokens, "FLOP", "of the law 6 N D");
  put("steps", run_of.tokens / step.tokens, "1", "of the run");

  put("plan_tensor", static_cast<double>(with.tensor), "1", "accelerators that share a layer");
  put("plan_pipeline", static_cast<double>(with.pipeline), "1", "stages");
  put("plan_data", static_cast<double>(with.data), "1", "copies");
  put("plan_expert", static_cast<double>(with.expert), "1", "copies that share one set of experts");
  put("plan_interleave", static_cast<double>(with.interleave), "1",
      "pieces of the model on one stage");
  put("plan_micro_batch", static_cast<double>(with.micro_batch), "1",
      "sequences that pass a stage at once");
  put("plan_recompute", static_cast<double>(with.recompute), "1", "0 none, 1 selective, 2 full");
  put("plan_sharding", static_cast<double>(with.sharding), "1", "ZeRO stage");

  const scale::StepTime& time = step.time;
  put("step_seconds", time.total(), "s", "one step by the step model alone");
  put("blended_step_seconds",
      scale::blended(time.total(), step.peak_seconds / of.utilisation.median), "s",
      "one step, a constant utilisation weighed in, before misfit");
  put("step_products", time.products, "s", "of it: products with weights");
  put("step_attention", time.attention, "s", "of it: the attention's core");
  put("step_streamed", time.streamed, "s", "of it: norms, sums, nonlinearities, gradient sums");
  put("step_recompute", time.recompute, "s", "of it: work done again backward");
  put("step_tensor", time.tensor, "s", "of it: traffic of tensor groups");
  put("step_pipeline", time.pipeline, "s", "of it: traffic between stages");
  put("step_expert", time.expert, "s", "of it: tokens to their experts, not hidden");
  put("step_data", time.data, "s", "of it: gradients and weights between copies, not hidden");
  put("step_bubble", time.bubble, "s", "of it: the pipeline fills and drains");
  put("step_optimizer", time.optimizer, "s", "of it: optimizer");
  put("mfu", step.mfu, "1", "operations of the model over peak and time of a step");
  put("hfu", step.hfu, "1", "the same with recomputed operations");
  put("memory", step.memory.total(), "B", "on the fullest accelerator");
  put("memory_weights", step.memory.weights, "B", "of it: weights");
  put("memory_gradients", step.memory.gradients, "B", "of it: gradients");
  put("memory_optimizer", step.memory.optimizer, "B", "of it: optimizer");
  put("memory_activations", step.memory.activations, "B", "of it: activations");

  constexpr double per_mwh = 1 / 3.6e9;
  put_band(result, "days", cost.days, 1, "d", "of the run");
  put_band(result, "accelerator_hours", cost.accelerator_hours, 1, "h", "of the run");
  put_band(result, "accelerator_watts", cost.chip_watts, 1, "W", "of one chip, mean over the run");
  put_band(result, "node_watts", cost.node_watts, 1, "W",
           "of one accelerator with its share of the node");
  put_band(result, "accelerator_energy", cost.chip_joules, per_mwh, "MWh", "of the chips");
  put_band(result, "node_energy", cost.node_joules, per_mwh, "MWh", "of the nodes");
  put_band(result, "facility_energy", cost.facility_joules, per_mwh, "MWh", "of the facility");
  if (accelerator.rent) put_band(result, "money", cost.dollars, 1, "USD", "hours at their rent");
  put_band(result, "co2", cost.co2, 1e-3, "t", "of the facility's electricity");

  put_assumption(result, "goodput", run_of.goodput, "1");
  put_assumption(result, "utilisation", of.utilisation, "1");
  put_assumption(result, "misfit", *of.misfit, "1");
  put_assumption(result, "node_share", of.node_share, "1");
  put_assumption(result, "pue", run_of.pue, "1");
  put_assumption(result, "carbon", run_of.carbon, "kg/kWh");
  put_assumption(result, "peak", accelerator.peak.at(with.format), "FLOP/s");
  put_assumption(result, "memory", accelerator.memory, "B");
  put_assumption(result, "bandwidth", accelerator.bandwidth, "B/s");
  put_assumption(result, "link", accelerator.link, "B/s");
  put_assumption(result, "network", accelerator.network, "B/s");
  put_assumption(result, "tdp", accelerator.tdp, "W");
  put_assumption(result, "idle", accelerator.idle, "W");
  put_assumption(result, "host", accelerator.host, "W");
  if (accelerator.rent) put_assumption(result, "rent", *accelerator.rent, "USD/h");
  put("assumed_ceiling", efficiency.ceiling, "1", "share of the peak that endless products reach");
  put("assumed_call", efficiency.call, "s", "of a product, kernel or collective beside its work");
  put("assumed_streamed", efficiency.streamed, "1", "share of the memory's bandwidth");
  put("assumed_fused_attention", efficiency.fused_attention, "1",
      "share of the peak of fused attention");
  put("assumed_link_share", efficiency.link, "1", "share of a link's bandwidth");
  put("assumed_overlap", efficiency.overlap, "1", "share of traffic that hides behind work");
  return result;
}

}  // namespace ohmlab::experiments
