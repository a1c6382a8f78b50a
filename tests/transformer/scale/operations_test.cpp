#include "ohmlab/transformer/scale/operations.hpp"

#include <array>
#include <vector>

#include "tests/catch.hpp"

using namespace ohmlab;
using scale::ModelShape;
using scale::TrainingPlan;

namespace {

ModelShape gpt(std::int64_t layers, std::int64_t width, std::int64_t heads, std::int64_t vocabulary,
               std::int64_t sequence) {
  ModelShape m;
  m.layers = layers;
  m.width = width;
  m.heads = heads;
  m.vocabulary = vocabulary;
  m.sequence = sequence;
  return m;
}

double all(const scale::Operations& work) {
  return scale::flops(work.weights) + scale::flops(work.attention) + work.fused_flops;
}

/// Products of one sequence and all accelerators of a tensor group, forward and backward.
double counted(const ModelShape& m, const TrainingPlan& plan) {
  const auto experts = static_cast<double>(m.expert_layers());
  const double dense = static_cast<double>(m.layers) - experts;
  double sum = all(scale::head_forward(m, plan)) + all(scale::head_backward(m, plan));
  if (dense > 0)
    sum += dense * (all(layer_forward(m, plan, false)) + all(layer_backward(m, plan, false)));
  if (experts > 0)
    sum += experts * (all(layer_forward(m, plan, true)) + all(layer_backward(m, plan, true)));
  return sum * static_cast<double>(plan.tensor) / static_cast<double>(plan.micro_batch);
}

const TrainingPlan unfused = [] {
  TrainingPlan plan;
  plan.fused_attention = false;
  return plan;
}();

}  // namespace

TEST_CASE("the list of products adds up to Megatron's formula exactly") {
  for (const auto& [l, h, a, v, s] : std::vector<std::array<std::int64_t, 5>>{
           {48, 6144, 64, 51200, 2048}, {105, 20480, 128, 51200, 2048}, {2, 64, 4, 7, 33}}) {
    for (const std::int64_t f : {4 * h, 3 * h}) {
      for (const bool gated : {false, true}) {
        for (const std::int64_t g : {a, a / 4, std::int64_t{1}}) {
          ModelShape m = gpt(l, h, a, v, s);
          m.ffn = f;
          m.gated = gated;
          m.kv_heads = g;
          CAPTURE(l, h, g, f, gated);
          const auto L = static_cast<double>(l), H = static_cast<double>(h),
                     S = static_cast<double>(s), V = static_cast<double>(v);
          // Megatron-LM: 12 B s L h^2 [1 + (f/h)(3/2 if gated) + g/a + s/h + V/(2 L h)]
          const double formula =
              12 * S * L * H * H *
              (1 + static_cast<double>(f) / H * (gated ? 1.5 : 1) +
               static_cast<double>(g) / static_cast<double>(a) + S / H + V / (2 * L * H));
          CHECK(counted(m, unfused) == Approx(formula).epsilon(1e-12));
          CHECK(m.training_flops_per_token() * S == Approx(formula).epsilon(1e-12));
        }
      }
    }
  }
}

TEST_CASE("operations per token are PaLM's 6N + 12 L H Q T but for what no product uses") {
  const ModelShape m = gpt(96, 12288, 96, 51200, 2048);
  const double palm = 6 * m.parameters() + 12 * 96 * 96 * 128 * 2048.0;
  CHECK(m.training_flops_per_token() == Approx(palm).epsilon(1e-4));
}

TEST_CASE("a tensor group shares the products and adds none") {
  const ModelShape m = gpt(4, 1024, 16, 1024, 256);
  TrainingPlan eight = unfused;
  eight.tensor = 8;
  eight.micro_batch = 2;
  CHECK(counted(m, eight) == Approx(counted(m, unfused)).epsilon(1e-12));
}

TEST_CASE(
    "fused causal attention does half of the scores forward, and five quarters of all backward") {
  const ModelShape m = gpt(1, 512, 8, 64, 128);
  const TrainingPlan fused;
  const double scores = scale::flops(layer_forward(m, unfused, false).attention);
  CHECK(layer_forward(m, fused, false).fused_flops == Approx(scores / 2));
  CHECK(layer_backward(m, fused, false).fused_flops == Approx(scores * 1.25));
  ModelShape whole = m;
  whole.causal = false;
  CHECK(layer_forward(whole, fused, false).fused_flops == Approx(scores));
}

TEST_CASE("each product has one gradient for each of its factors, with its operations") {
  const ModelShape m = gpt(1, 512, 8, 64, 128);
  const auto forward = layer_forward(m, unfused, false),
             backward = layer_backward(m, unfused, false);
  CHECK(backward.weights.size() == 2 * forward.weights.size());
  CHECK(all(backward) == Approx(2 * all(forward)));
}

TEST_CASE("parameters of published models are those published") {
  const auto near = [](const ModelShape& m, double published) {
    CHECK(m.parameters() == Approx(published).epsilon(0.01));
  };
  near(gpt(12, 768, 12, 50257, 1024), 124e6);
  near(gpt(96, 12288, 96, 50257, 2048), 175e9);
  ModelShape llama = gpt(80, 8192, 64, 32000, 4096);
  llama.kv_heads = 8;
  llama.ffn = 28672;
  llama.gated = true;
  llama.tied = false;
  near(llama, 68.98e9);
  ModelShape deepseek = gpt(61, 7168, 128, 129280, 4096);
  deepseek.head_width = 128;
  deepseek.ffn = 18432;
  deepseek.gated = true;
  deepseek.tied = false;
  deepseek.experts = 256;
  deepseek.active_experts = 8;
  deepseek.shared_experts = 1;
  deepseek.expert_ffn = 2048;
  deepseek.dense_layers = 3;
  deepseek.q_rank = 1536;
  deepseek.kv_rank = 512;
  deepseek.rope_width = 64;
  near(deepseek, 671e9);
  CHECK(deepseek.active_parameters() == Approx(37e9).epsilon(0.03));
}

TEST_CASE("experts do as many operations as are active, wherever they are") {
  ModelShape m = gpt(4, 256, 4, 64, 64);
  m.experts = 8;
  m.active_experts = 2;
  TrainingPlan spread = unfused;
  spread.data = 4;
  spread.expert = 4;
  CHECK(counted(m, spread) == Approx(counted(m, unfused)));
  ModelShape dense = m;
  dense.experts = 1;
  dense.active_experts = 1;
  dense.ffn = 2048;  // of two active experts, 4 times the width of 256 each
  const double router = 3 * 2 * 4 * 64 * 256 * 8.0;
  CHECK(counted(m, unfused) - router == Approx(counted(dense, unfused)));
}
