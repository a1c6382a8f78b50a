#include "ohmlab/transformer/scale/operations.hpp"

#include <array>
#include <vector>

#include "ohmlab/transformer/scale/training_step.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"

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

TEST_CASE("relative positions add their scores to every pair, and one projection a micro-batch") {
  for (const std::int64_t micro_batch : {1, 4}) {
    ModelShape m = gpt(3, 512, 8, 64, 128);
    TrainingPlan plan = unfused;
    plan.micro_batch = micro_batch;
    const double before = counted(m, plan);
    m.relative_positions = true;
    const double L = 3, h = 512, a = 8, d = 64, s = 128;
    const double scores = 6 * L * a * s * s * d, projection = 6 * L * s * h * a * d;
    CHECK(counted(m, plan) - before ==
          Approx(scores + projection / static_cast<double>(micro_batch)));
    // the projection works on distances, not on tokens
    CHECK(m.training_flops_per_token() * s ==
          Approx(counted(m, plan) - projection / static_cast<double>(micro_batch)));
  }
  ModelShape m = gpt(1, 512, 8, 64, 128);
  m.relative_positions = true;
  const double scores = scale::flops(layer_forward(m, unfused, false).attention);
  CHECK(layer_forward(m, TrainingPlan{}, false).fused_flops == Approx(scores / 2));
  CHECK(layer_forward(m, unfused, false).core_bytes ==
        Approx(8 * 128 * 128 * (4 + 2 + 2 + 2)));  // softmax, and three numbers of two bytes
}

TEST_CASE("gated dense layers beside plain experts do a half more in dense layers alone") {
  ModelShape m = gpt(4, 256, 4, 64, 64);
  m.experts = 8;
  m.active_experts = 2;
  m.expert_every = 2;
  const double before = counted(m, unfused), parameters = m.parameters();
  m.dense_gated = true;
  CHECK(counted(m, unfused) - before == Approx(2 * 6 * 64 * 256 * 1024.0));
  CHECK(m.training_flops_per_token() * 64 == Approx(counted(m, unfused)));
  CHECK(m.parameters() - parameters == Approx(2 * 256 * 1024.0));
  const auto streamed = [&](bool with_experts) {
    return layer_forward(m, unfused, with_experts).streamed_bytes;
  };
  ModelShape plain = m;
  plain.dense_gated = false;
  CHECK(streamed(true) == layer_forward(plain, unfused, true).streamed_bytes);
  CHECK(streamed(false) - layer_forward(plain, unfused, false).streamed_bytes ==
        Approx(64 * 1024 * 2.0));  // one more number of two bytes read
  CHECK(scale::activation_bytes(m, unfused, false) -
            scale::activation_bytes(plain, unfused, false) ==
        Approx(64 * 1024 * 2.0));
}

TEST_CASE("parallel blocks read one norm, add three once, and multiply as before") {
  ModelShape m = gpt(2, 256, 4, 64, 64);
  const ModelShape before = m;
  m.parallel_blocks = true;
  CHECK(counted(m, unfused) == counted(before, unfused));
  const double numbers = 64 * 256, wide = 64 * 1024;
  const auto streamed = [](const ModelShape& of) {
    return layer_forward(of, unfused, false).streamed_bytes;
  };
  // each norm reads and writes 2 bytes; a sum of two moves three numbers, one of three moves four
  CHECK(streamed(before) == Approx(2 * numbers * (4 + 6) + 4 * wide));
  CHECK(streamed(m) == Approx(numbers * (4 + 8) + 4 * wide));
  CHECK(before.parameters() - m.parameters() == Approx(2 * 256));
}

TEST_CASE("parameters are those of every matrix, listed one by one") {
  const auto listed = [](const ModelShape& m) {
    double sum = m.h() + (m.tied ? 1 : 2) * m.h() * static_cast<double>(m.vocabulary);
    std::int64_t with_experts = 0;
    for (std::int64_t l = 0; l < m.layers; ++l) {
      const double q = m.a() * m.d(), kv = m.g() * m.d();
      for (const auto& [rows, columns] :
           std::vector<std::array<double, 2>>{{m.h(), q}, {m.h(), kv}, {m.h(), kv}, {q, m.h()}}) {
        sum += rows * columns;
      }
      if (m.relative_positions) sum += m.h() * q;
      for (int n = 0; n < (m.parallel_blocks ? 1 : 2); ++n) sum += m.h();
      const bool sparse = m.experts > 1 && l >= m.dense_layers &&
                          (l - m.dense_layers) % m.expert_every == m.expert_every - 1;
      with_experts += sparse;
      const int matrices = m.gated || (!sparse && m.dense_gated) ? 3 : 2;
      for (std::int64_t e = 0; e < (sparse ? m.experts + m.shared_experts : 1); ++e) {
        for (int k = 0; k < matrices; ++k) sum += m.h() * (sparse ? m.expert_f() : m.f());
      }
      if (sparse) sum += m.h() * static_cast<double>(m.experts);
    }
    CHECK(with_experts == m.expert_layers());
    return sum;
  };
  for (const bool flag : {false, true}) {
    ModelShape m = gpt(6, 96, 4, 50, 16);
    m.relative_positions = flag;
    m.parallel_blocks = !flag;
    CHECK(m.parameters() == listed(m));
    m.kv_heads = 2;
    m.gated = flag;
    m.tied = flag;
    CHECK(m.parameters() == listed(m));
    m.experts = 4;
    m.active_experts = 2;
    m.shared_experts = 1;
    m.expert_ffn = 40;
    m.expert_every = 2;
    m.dense_layers = 2;
    m.dense_gated = !flag;
    REQUIRE(m.problem().empty());
    CHECK(m.parameters() == listed(m));
  }
}

TEST_CASE("gated dense layers are refused where they say nothing new") {
  ModelShape m = gpt(2, 256, 4, 64, 64);
  m.dense_gated = true;
  CHECK_THAT(m.problem(), ContainsSubstring("dense_gated: expected a model with experts"));
  m.experts = 2;
  CHECK(m.problem().empty());
  m.gated = true;
  CHECK_THAT(m.problem(), ContainsSubstring("dense_gated: expected false with gated = true"));
}

TEST_CASE("parameters of published models are those published, all and active ones") {
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
  ModelShape llama405 = gpt(126, 16384, 128, 128256, 8192);
  llama405.kv_heads = 8;
  llama405.ffn = 53248;
  llama405.gated = true;
  llama405.tied = false;
  near(llama405, 405.9e9);
  CHECK(llama405.active_parameters() == llama405.parameters());
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
  CHECK(deepseek.active_parameters() == Approx(37e9).epsilon(0.02));
  ModelShape palm = gpt(118, 18432, 48, 256000, 2048);
  palm.kv_heads = 1;
  palm.head_width = 256;
  palm.gated = true;
  palm.parallel_blocks = true;
  CHECK(palm.parameters() == Approx(540.35e9).epsilon(1e-4));
  ModelShape neox = gpt(44, 6144, 64, 50432, 2048);
  neox.tied = false;
  neox.parallel_blocks = true;
  CHECK(neox.parameters() == Approx(20.55e9).epsilon(2e-3));
  ModelShape gopher = gpt(80, 16384, 128, 32000, 2048);
  CHECK(gopher.parameters() == Approx(258e9).epsilon(2e-3));
  gopher.relative_positions = true;
  CHECK(gopher.parameters() == Approx(280e9).epsilon(2e-3));
  ModelShape glam = gpt(64, 8192, 128, 256000, 1024);
  glam.head_width = 128;
  glam.experts = 64;
  glam.active_experts = 2;
  glam.expert_every = 2;
  CHECK(glam.active_parameters() == Approx(88e9).epsilon(2e-3));
  glam.dense_gated = true;
  CHECK(glam.active_parameters() == Approx(96.6e9).epsilon(1e-3));
  CHECK(glam.parameters() == Approx(1.2e12).epsilon(0.04));  // published in two digits
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
