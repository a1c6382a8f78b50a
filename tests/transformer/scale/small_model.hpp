#pragma once

#include "ohmlab/transformer/scale/training_step.hpp"

/// A small model, a plan of it and an accelerator of round numbers, for closed forms.
namespace ohmlab::scale::test {

/// An accelerator of round numbers, with endless memory and links.
inline cost::Accelerator plain() {
  cost::Accelerator a;
  a.title = "a test's accelerator";
  a.peak = {{"bf16", {1e15, {}, {}, cost::Evidence::assumed, "a test"}}};
  a.memory.median = 1e15;
  a.bandwidth.median = 1e30;
  a.link.median = a.network.median = 1e30;
  a.node = 8;
  a.tdp.median = 1000;
  a.idle.median = 100;
  a.host.median = 200;
  return a;
}

inline ModelShape small() {
  ModelShape m;
  m.layers = 8;
  m.width = 512;
  m.heads = 8;
  m.vocabulary = 1000;
  m.sequence = 128;
  m.dropout = true;
  return m;
}

inline TrainingPlan unfused(std::int64_t batch = 8) {
  TrainingPlan plan;
  plan.batch = batch;
  plan.fused_attention = false;
  return plan;
}

inline double seconds(const ModelShape& m, const cost::Accelerator& a, const TrainingPlan& p,
                      const Efficiency& e = {}) {
  return scale::training_step(m, a, p, e, false).time.total();
}

}  // namespace ohmlab::scale::test
