#include "step_clock.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../../core/suggest.hpp"

namespace ohmlab::scale {
namespace {

/// Copies of one token that cross links within nodes, and the network between them.
struct Copies {
  double within = 0, between = 0;
};

/// Experts are spread evenly over `group` accelerators, of which `here` share a node.
Copies copies_of_token(const TrainingPlan& plan, double experts, double group, double here) {
  const auto nodes = static_cast<double>(plan.expert_nodes);
  if (group > here && nodes > 0 && nodes < experts) {
    return {experts * (here - 1) / here, nodes * (group - here) / group};
  }
  return {experts * (here - 1) / group, experts * (group - here) / group};
}

}  // namespace

double peak_of(const cost::Accelerator& accelerator, const std::string& format) {
  if (const auto found = accelerator.peak.find(format); found != accelerator.peak.end())
    return found->second.median;
  std::vector<std::string_view> known;
  for (const auto& [name, rate] : accelerator.peak) known.push_back(name);
  throw core::UserError(
      {}, "plan.format", format,
      fmt::format("{} has no peak of this format{}; it has: {}", accelerator.title,
                  core::did_you_mean(format, known), fmt::join(known, ", ")));
}

double wide_peak(const cost::Accelerator& accelerator, const std::string& format) {
  return peak_of(accelerator, format == "fp8" || format == "fp4" ? "bf16" : format);
}

Pass& Pass::add(const Pass& other, double times) noexcept {
  products += times * other.products;
  attention += times * other.attention;
  streamed += times * other.streamed;
  core += times * other.core;
  tensor += times * other.tensor;
  expert += times * other.expert;
  return *this;
}

StepClock::StepClock(const ModelShape& model, const cost::Accelerator& accelerator,
                     const TrainingPlan& plan, const Efficiency& efficiency)
    : model_(model),
      on_(accelerator),
      plan_(plan),
      e_(efficiency),
      peak_(peak_of(accelerator, plan.format) * e_.ceiling),
      attention_peak_(wide_peak(accelerator, plan.format)),
      bandwidth_(accelerator.bandwidth.median * e_.streamed) {}

Pass StepClock::pass(const Operations& work) const {
  Pass out;
  for (const Product& p : work.weights) out.products += time(p.flops() / peak_, p.bytes());
  for (const Product& p : work.attention) {
    out.attention += time(p.flops() / (attention_peak_ * e_.ceiling), p.bytes());
  }
  if (work.fused_flops > 0) {
    out.attention +=
        time(work.fused_flops / (attention_peak_ * e_.fused_attention), work.fused_bytes);
  }
  out.streamed = work.streamed_bytes / bandwidth_ + work.streamed_calls * e_.call;
  out.core = work.core_bytes / bandwidth_ + work.core_calls * e_.call;
  return out;
}

double StepClock::tensor_traffic() const {
  const auto t = static_cast<double>(plan_.tensor);
  if (plan_.tensor == 1) return 0;
  const double sums = model_.parallel_blocks ? 1 : 2;
  return sums * (2 * (t - 1) / t * activations() / wire(plan_.tensor, 1) + e_.call);
}

double StepClock::expert_traffic() const {
  if (plan_.expert == 1) return 0;
  const auto group = static_cast<double>(plan_.expert);
  const auto here = static_cast<double>(std::clamp<std::int64_t>(
      on_.node / plan_.tensor, 1, plan_.expert));  // whole groups in a node
  const Copies copies =
      copies_of_token(plan_, static_cast<double>(model_.active_experts), group, here);
  const double sent =
      activations() / (plan_.sequence_parallel ? static_cast<double>(plan_.tensor) : 1);
  const double seconds =
      sent * std::max(copies.within / on_.link.median, copies.between / on_.network.median) /
      e_.link;
  const double there = plan_.fp8_dispatch ? 0.5 : 1;  // bytes over those of 16 bits
  return (there + 1) * seconds + 2 * e_.call;
}

double StepClock::stage_traffic() const {
  return activations() / static_cast<double>(plan_.tensor) /
             wire(plan_.tensor * plan_.data + 1, 1) +
         e_.call;
}

double StepClock::data_traffic(double parameters, std::int64_t copies, double micro_batches) const {
  if (copies <= 1) return 0;
  const auto d = static_cast<double>(copies);
  const double passes = plan_.sharding == 3 ? 2 * micro_batches + 1 : 2;
  const auto here =
      static_cast<double>(std::clamp<std::int64_t>(on_.node / plan_.tensor, 1, copies));
  return passes * (d - 1) / d * 2 * parameters / wire(plan_.tensor * copies, here);
}

double StepClock::time(double work, double bytes) const {
  return std::max(work, bytes / bandwidth_) + e_.call;
}

double StepClock::wire(std::int64_t span, double here) const {
  const double link = on_.link.median;
  return e_.link * (span <= on_.node ? link : std::min(link, here * on_.network.median));
}

}  // namespace ohmlab::scale
