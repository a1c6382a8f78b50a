#include "training_step.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "operations.hpp"
#include "step_clock.hpp"

namespace ohmlab::scale {
namespace {

/// Parameters that one accelerator of a plan works with.
struct Held {
  double common = 0;   ///< parameters copied to every data-parallel place
  double experts = 0;  ///< parameters copied to data / expert of these places
};

Held held(const ModelShape& model, const TrainingPlan& plan) {
  const auto t = static_cast<double>(plan.tensor), p = static_cast<double>(plan.pipeline);
  const auto l = static_cast<double>(model.layers), e = static_cast<double>(model.expert_layers());
  const double layers =
      l * (model.attention_parameters() + model.position_parameters() + model.norms() * model.h()) +
      (l - e) * model.dense_parameters() + e * model.common_expert_parameters();
  const double ends = plan.pipeline == 1 ? model.embedding_parameters()
                                         : model.h() * static_cast<double>(model.vocabulary);
  return {layers / t / p + ends / t,
          e * model.routed_parameters() / t / p / static_cast<double>(plan.expert)};
}

/// Mean number of layers of each kind on one stage.
struct StageLayers {
  double dense = 0, experts = 0;
};
StageLayers stage_layers(const ModelShape& model, const TrainingPlan& plan) {
  const auto p = static_cast<double>(plan.pipeline), e = static_cast<double>(model.expert_layers());
  return {(static_cast<double>(model.layers) - e) / p, e / p};
}

/// The stage that all others wait for. Uneven stages spare the last one a layer. It is the slowest
/// only if the output layer takes longer than one layer.
struct Slowest {
  double layers = 1;  ///< layers of this stage over those of the average stage
  bool head = true;   ///< true if the output layer is on this stage
};
Slowest slowest_stage(const ModelShape& model, const TrainingPlan& plan, double layer_seconds,
                      double head_seconds) {
  const auto average = static_cast<double>(model.layers) / static_cast<double>(plan.pipeline);
  if (model.layers % plan.pipeline == 0) return {};
  const double most = std::ceil(average), fewest = std::floor(average);
  if (fewest * layer_seconds + head_seconds > most * layer_seconds) return {fewest / average, true};
  return {most / average, false};
}

double recomputed_flops(const ModelShape& model, const TrainingPlan& plan) {
  const double tokens = static_cast<double>(plan.batch) * model.s();
  const double score =
      2 * static_cast<double>(model.layers) * model.a() * model.score_width() * model.s();
  const double head = 2 * model.h() * static_cast<double>(model.vocabulary);
  switch (plan.recompute) {
    case Recompute::none:
      return plan.fused_attention ? score * tokens : 0;
    case Recompute::selective:
      return score * tokens;
    case Recompute::full:
      return (model.training_flops_per_token() / 3 - head) * tokens;
  }
  return 0;
}

}  // namespace

double activation_bytes(const ModelShape& model, const TrainingPlan& plan, bool with_experts) {
  const double tokens = static_cast<double>(plan.micro_batch) * model.s(), h = model.h();
  const auto t = static_cast<double>(plan.tensor);
  const double outside = plan.sequence_parallel ? t : 1;
  if (plan.recompute == Recompute::full) return 2 * tokens * h / outside;
  // input and output of each norm, and the masks
  const double common = h * (4 * model.norms() + (model.dropout ? 2 : 0)) / outside;
  const double attention = 2 * (2 * model.a() * model.d() + 2 * model.g() * model.d()) / t;
  const double width =
      with_experts
          ? static_cast<double>(model.active_experts + model.shared_experts) * model.expert_f()
          : model.f();
  const double forward = width * ((with_experts ? model.gated : model.gates_dense()) ? 6 : 4) / t;
  const bool keeps_scores = !plan.fused_attention && plan.recompute == Recompute::none;
  const double scores = keeps_scores ? (model.dropout ? 5 : 2) * model.a() * model.s() / t : 0;
  return tokens * (common + attention + forward + scores);
}

StepMemory step_memory(const ModelShape& model, const TrainingPlan& plan) {
  const Held own = held(model, plan);
  const auto d = static_cast<double>(plan.data), e = static_cast<double>(plan.expert);
  const auto sharded = [&](int from, double bytes) {
    return plan.sharding >= from ? bytes * (own.common / d + own.experts * e / d)
                                 : bytes * (own.common + own.experts);
  };
  StepMemory out;
  out.weights = sharded(3, 2);
  if (plan.sharding == 3) {  // two layers are whole at a time
    out.weights +=
        4 * (own.common + own.experts) /
        std::max(1.0, static_cast<double>(model.layers) / static_cast<double>(plan.pipeline));
  }
  out.gradients = sharded(2, 4);
  out.optimizer = sharded(1, 12);
  const StageLayers layers = stage_layers(model, plan);
  const double whole_layers =
      std::ceil(layers.dense + layers.experts) / (layers.dense + layers.experts);
  const double each = whole_layers * (layers.dense * activation_bytes(model, plan, false) +
                                      layers.experts * activation_bytes(model, plan, true));
  const auto p = static_cast<double>(plan.pipeline), v = static_cast<double>(plan.interleave);
  const double in_flight = v > 1 ? p * (1 + (p - 1) / (p * v)) : p;
  out.activations = each * std::min(in_flight, static_cast<double>(plan.micro_batches()));
  if (plan.recompute == Recompute::full) {  // the layer at work keeps everything
    TrainingPlan whole = plan;
    whole.recompute = Recompute::none;
    out.activations += activation_bytes(model, whole, layers.experts > 0);
  }
  return out;
}

TrainingStep training_step(const ModelShape& model, const cost::Accelerator& accelerator,
                           const TrainingPlan& plan, const Efficiency& efficiency, bool must_fit) {
  for (const std::string& problem : {model.problem(), plan.problem(), plan.problem_with(model)}) {
    if (!problem.empty()) throw core::UserError({}, "plan", "", problem);
  }
  TrainingStep step;
  step.memory = step_memory(model, plan);
  if (must_fit && step.memory.total() > accelerator.memory.median) {
    throw core::UserError(
        {}, "plan", "",
        fmt::format(
            "does not fit: {:.1f} GB an accelerator ({:.1f} of weights, {:.1f} of gradients, "
            "{:.1f} of optimizer, {:.1f} of activations), {:.1f} GB more than the {:.0f} GB of {}",
            step.memory.total() / 1e9, step.memory.weights / 1e9, step.memory.gradients / 1e9,
            step.memory.optimizer / 1e9, step.memory.activations / 1e9,
            (step.memory.total() - accelerator.memory.median) / 1e9,
            accelerator.memory.median / 1e9, accelerator.title));
  }

  const StepClock clock(model, accelerator, plan, efficiency);
  const StageLayers layers = stage_layers(model, plan);
  Pass once, again;  // one micro-batch through one stage, and its recomputation
  double backward = 0;
  const auto run_layers = [&](double count, bool with_experts) {
    if (count <= 0) return;
    Pass f = clock.pass(layer_forward(model, plan, with_experts));
    Pass b = clock.pass(layer_backward(model, plan, with_experts));
    f.tensor = clock.tensor_traffic();
    b.tensor = f.tensor + clock.gathered_again();
    if (with_experts) f.expert = b.expert = clock.expert_traffic();
    once.add(f, count).add(b, count);
    backward += count * b.total();
    if (plan.recompute == Recompute::full) again.add(f, count);
    if (plan.recompute == Recompute::selective && !plan.fused_attention) {
      again.add({.attention = f.attention, .core = f.core}, count);
    }
  };
  run_layers(layers.dense, false);
  run_layers(layers.experts, true);
  const Held own = held(model, plan);
  once.streamed += clock.accumulation(own.common + own.experts);
  Pass head = clock.pass(head_forward(model, plan));
  head.add(clock.pass(head_backward(model, plan)), 1);

  const auto m = static_cast<double>(plan.micro_batches()), p = static_cast<double>(plan.pipeline),
             v = static_cast<double>(plan.interleave);
  const double average =
      once.total() - (plan.hidden_experts ? once.expert : 0) + again.total() + head.total() / p;
  const Slowest slowest = slowest_stage(
      model, plan, (once.total() + again.total()) / (layers.dense + layers.experts), head.total());
  once = Pass{}.add(once, slowest.layers).add(head, slowest.head ? 1 : 0);
  again = Pass{}.add(again, slowest.layers);
  StepTime& time = step.time;
  time.products = m * once.products;
  time.attention = m * (once.attention + once.core);
  time.streamed = m * once.streamed;
  time.tensor = m * once.tensor;
  time.recompute = m * again.total();
  const double expert = m * once.expert;
  time.expert = plan.hidden_experts
                    ? std::max(0.0, expert - m * (once.work() + again.work()))
                    : std::max((1 - efficiency.overlap) * expert, expert - time.products);
  time.bubble = (p - 1) / v * average;
  if (plan.pipeline > 1) time.pipeline = m * 2 * v * clock.stage_traffic();
  const double traffic = clock.data_traffic(own.common, plan.data, m) +
                         clock.data_traffic(own.experts, plan.data / plan.expert, m);
  const double window = plan.sharding == 3 ? m * (once.total() + again.total()) : backward;
  time.data = std::max((1 - efficiency.overlap) * traffic, traffic - window);
  const auto d = static_cast<double>(plan.data), e = static_cast<double>(plan.expert);
  time.optimizer = clock.optimizer(plan.sharding > 0 ? own.common / d + own.experts * e / d
                                                     : own.common + own.experts);

  step.tokens = static_cast<double>(plan.batch) * model.s();
  step.flops = model.training_flops_per_token() * step.tokens;
  step.hardware_flops = step.flops + recomputed_flops(model, plan);
  const double peak = peak_of(accelerator, plan.format) * static_cast<double>(plan.accelerators());
  step.mfu = step.flops / peak / time.total();
  step.hfu = step.hardware_flops / peak / time.total();
  step.peak_seconds =
      6 * model.active_parameters() * step.tokens /
      (wide_peak(accelerator, plan.format) * static_cast<double>(plan.accelerators()));
  return step;
}

TrainingPlan fastest_plan(const ModelShape& model, const cost::Accelerator& accelerator,
                          std::int64_t accelerators, std::int64_t batch, const TrainingPlan& like,
                          const Efficiency& efficiency) {
  std::optional<TrainingPlan> best;
  double best_time = 0;
  const auto consider = [&](const TrainingPlan& plan) {
    if (!plan.problem().empty() || !plan.problem_with(model).empty()) return;
    if (step_memory(model, plan).total() > accelerator.memory.median) return;
    const double time = training_step(model, accelerator, plan, efficiency).time.total();
    if (best && time >= best_time) return;
    best = plan;
    best_time = time;
  };
  TrainingPlan plan = like;
  plan.batch = batch;
  for (plan.tensor = 1; plan.tensor <= std::min<std::int64_t>(16, accelerator.node);
       plan.tensor *= 2) {
    plan.sequence_parallel = like.sequence_parallel && plan.tensor > 1;
    for (plan.pipeline = 1; plan.pipeline <= model.layers; ++plan.pipeline) {
      if (accelerators % (plan.tensor * plan.pipeline) != 0 || model.layers % plan.pipeline != 0)
        continue;
      plan.data = accelerators / (plan.tensor * plan.pipeline);
      for (plan.expert = 1; plan.expert <= std::min(plan.data, model.experts); plan.expert *= 2) {
        for (plan.micro_batch = 1; plan.micro_batch <= 8; plan.micro_batch *= 2) {
          for (plan.interleave = 1; plan.interleave <= 4; ++plan.interleave) {
            for (const Recompute recompute :
                 {Recompute::none, Recompute::selective, Recompute::full}) {
              for (const std::int64_t sharding : {1, 3}) {
                plan.recompute = recompute;
                plan.sharding = sharding;
                consider(plan);
              }
            }
          }
        }
      }
    }
  }
  if (!best) {
    throw NoPlanFits(
        {}, "plan", "",
        fmt::format("no plan fits the model into {} of {} with a batch of {} sequences",
                    accelerators, accelerator.title, batch));
  }
  return *best;
}

}  // namespace ohmlab::scale
