#include "ohmlab/transformer/scale/training_step.hpp"

#include <string>

#include "ohmlab/core/errors.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"
#include "tests/transformer/scale/small_model.hpp"

using namespace ohmlab;
using namespace ohmlab::scale::test;
using scale::Efficiency;
using scale::ModelShape;
using scale::Recompute;
using scale::TrainingPlan;

TEST_CASE("a perfect accelerator takes operations over peak") {
  const ModelShape m = small();
  const auto step = scale::training_step(m, plain(), unfused(), scale::perfect());
  const double flops = 8 * 128 * m.training_flops_per_token();
  CHECK(step.flops == Approx(flops));
  CHECK(step.time.total() == Approx(flops / 1e15));
  CHECK(step.mfu == Approx(1));
  CHECK(step.hfu == Approx(1));
}

TEST_CASE("perfect accelerators without links to wait for share a step evenly") {
  const ModelShape m = small();
  const double alone = seconds(m, plain(), unfused(), scale::perfect());
  TrainingPlan tensor = unfused(), data = unfused();
  tensor.tensor = 8;
  data.data = 8;
  CHECK(seconds(m, plain(), tensor, scale::perfect()) == Approx(alone / 8));
  CHECK(seconds(m, plain(), data, scale::perfect()) == Approx(alone / 8));
}

TEST_CASE("a pipeline's bubble is (p-1)/m of its work, and a v-th of that when interleaved") {
  ModelShape m = small();
  m.vocabulary = 1;  // no output layer to speak of
  TrainingPlan plan = unfused(16);
  plan.pipeline = 4;
  const auto plainly = scale::training_step(m, plain(), plan, scale::perfect()).time;
  CHECK(plainly.bubble / (plainly.total() - plainly.bubble) == Approx(3.0 / 16).epsilon(1e-3));
  plan.interleave = 2;
  const auto pieces = scale::training_step(m, plain(), plan, scale::perfect()).time;
  CHECK(pieces.bubble / (pieces.total() - pieces.bubble) == Approx(3.0 / 16 / 2).epsilon(1e-3));
}

TEST_CASE(
    "a stage of pieces of one layer waits a v-th as long; embedding and output are two more") {
  ModelShape m = small();
  m.layers = 6;
  m.vocabulary = 1;
  TrainingPlan plan = unfused(16);
  plan.pipeline = 2;
  plan.uneven = true;
  plan.interleave = 4;  // 8 pieces: 6 layers, embedding, output
  const auto time = scale::training_step(m, plain(), plan, scale::perfect()).time;
  CHECK(time.bubble / (time.total() - time.bubble) == Approx(1.0 / 16 / 4).epsilon(1e-3));
  plan.interleave = 5;
  CHECK_THAT(plan.problem_with(m), ContainsSubstring("at most layers + 2 = 8, found 10"));
  plan.interleave = 4;
  plan.uneven = false;
  CHECK_THAT(plan.problem_with(m),
             ContainsSubstring("divisor of layers = 6, found 8; or uneven = true"));
}

TEST_CASE("one accelerator communicates nothing") {
  const auto time =
      scale::training_step(small(), cost::accelerator_preset("h100"), unfused(), {}).time;
  CHECK(time.tensor + time.pipeline + time.data + time.expert + time.bubble == 0);
  CHECK(time.products > 0);
}

TEST_CASE("activations are the closed forms of Korthikanti et al.") {
  const ModelShape m = small();
  const double sbh = 128.0 * 3 * 512, scores = 5 * 8 * 128 / 512.0;
  TrainingPlan plan = unfused(3);
  plan.micro_batch = 3;
  CHECK(scale::activation_bytes(m, plan, false) == Approx(sbh * (34 + scores)));
  plan.tensor = 4;
  CHECK(scale::activation_bytes(m, plan, false) == Approx(sbh * (10 + 24 / 4.0 + scores / 4)));
  plan.sequence_parallel = true;
  CHECK(scale::activation_bytes(m, plan, false) == Approx(sbh / 4 * (34 + scores)));
  plan.recompute = Recompute::selective;
  CHECK(scale::activation_bytes(m, plan, false) == Approx(sbh / 4 * 34));
  plan.recompute = Recompute::full;
  plan.sequence_parallel = false;
  CHECK(scale::activation_bytes(m, plan, false) == Approx(sbh * 2));
}

TEST_CASE("state is 18 bytes a parameter, and sharding takes its share off each part") {
  const ModelShape m = small();
  const double n = m.parameters();
  TrainingPlan plan = unfused();
  plan.data = 4;
  plan.sharding = 0;
  const auto state = [&](std::int64_t stage) {
    plan.sharding = stage;
    const auto memory = scale::step_memory(m, plan);
    return memory.total() - memory.activations;
  };
  CHECK(state(0) == Approx(18 * n).epsilon(1e-3));
  CHECK(state(1) == Approx((6 + 12 / 4.0) * n).epsilon(1e-3));
  CHECK(state(2) == Approx((2 + 16 / 4.0) * n).epsilon(1e-3));
  CHECK(state(3) < 0.9 * state(2));
}

TEST_CASE("recomputation costs time, saves memory, and is in hardware utilisation only") {
  const cost::Accelerator a = cost::accelerator_preset("a100_80");
  TrainingPlan plan = unfused();
  const auto none = scale::training_step(small(), a, plan, {});
  plan.recompute = Recompute::selective;
  const auto selective = scale::training_step(small(), a, plan, {});
  plan.recompute = Recompute::full;
  const auto full = scale::training_step(small(), a, plan, {});
  CHECK(none.time.total() < selective.time.total());
  CHECK(selective.time.total() < full.time.total());
  CHECK(none.memory.activations > selective.memory.activations);
  CHECK(selective.memory.activations > full.memory.activations);
  CHECK(none.flops == full.flops);
  CHECK(none.hfu == none.mfu);
  const double head = 6 * 512 * 1000.0 * 8 * 128;
  CHECK(full.hardware_flops == Approx(full.flops + (full.flops - head) / 3));
}

TEST_CASE("a step is never faster for less of anything") {
  const ModelShape m = small();
  const cost::Accelerator a = cost::accelerator_preset("a100_80");
  TrainingPlan plan = unfused(16);
  plan.tensor = 2;
  plan.pipeline = 2;
  plan.data = 4;
  plan.interleave = 2;
  const double before = seconds(m, a, plan);
  const auto slower = [&](auto change) {
    cost::Accelerator less = a;
    Efficiency e;
    change(less, e);
    return seconds(m, less, plan, e);
  };
  CHECK(slower([](auto& x, auto&) { x.peak.at("bf16").median /= 2; }) > before);
  CHECK(slower([](auto& x, auto&) { x.bandwidth.median /= 2; }) > before);
  CHECK(slower([](auto& x, auto&) { x.link.median /= 2; }) > before);
  CHECK(slower([](auto& x, auto&) { x.network.median /= 100; }) > before);
  CHECK(slower([](auto&, auto& e) { e.ceiling /= 2; }) > before);
  CHECK(slower([](auto&, auto& e) { e.call *= 2; }) > before);
  CHECK(slower([](auto&, auto& e) { e.overlap = 0; }) > before);
  ModelShape longer = m;
  longer.sequence *= 2;
  CHECK(seconds(longer, a, plan) > before);
}

TEST_CASE("small products reach less of the peak than large ones") {
  const cost::Accelerator a = cost::accelerator_preset("a100_80");
  double before = 0;
  for (const std::int64_t width : {256, 1024, 4096, 16384}) {
    ModelShape m = small();
    m.width = width;
    m.sequence = 2048;
    const double mfu = scale::training_step(m, a, unfused(1), {}, false).mfu;
    CHECK(mfu > before);
    before = mfu;
  }
  CHECK(before < Efficiency{}.ceiling);
}

TEST_CASE("plans that do not divide the model are refused by what they should divide") {
  const ModelShape m = small();
  const auto refused = [&](auto change) {
    TrainingPlan plan = unfused();
    change(plan);
    try {
      static_cast<void>(scale::training_step(m, plain(), plan, {}));
    } catch (const core::UserError& error) {
      return std::string(error.what());
    }
    return std::string("nothing");
  };
  CHECK_THAT(refused([](auto& p) { p.tensor = 3; }),
             ContainsSubstring("divisor of heads = 8, found 3"));
  CHECK_THAT(refused([](auto& p) { p.pipeline = 3; }),
             ContainsSubstring("divisor of layers = 8, found 3"));
  CHECK_THAT(refused([](auto& p) { p.data = 3; }),
             ContainsSubstring("multiple of data x micro_batch = 3"));
  CHECK_THAT(refused([](auto& p) { p.interleave = 2; }),
             ContainsSubstring("interleave: expected 1 without a pipeline"));
  CHECK_THAT(refused([](auto& p) {
    p.data = 2;
    p.expert = 2;
  }),
             ContainsSubstring("divisor of experts = 1"));
  CHECK_THAT(refused([](auto& p) { p.expert_nodes = 4; }),
             ContainsSubstring("expert_nodes: expected expert > 1"));
  CHECK_THAT(refused([](auto& p) { p.fp8_dispatch = true; }),
             ContainsSubstring("fp8_dispatch: expected expert > 1"));
  CHECK_THAT(refused([](auto& p) { p.hidden_experts = true; }),
             ContainsSubstring("hidden_experts: expected expert > 1"));
  CHECK_THAT(refused([](auto& p) { p.format = "bf61"; }),
             ContainsSubstring("did you mean \"bf16\"?"));
}

TEST_CASE("uneven stages wait for the fullest") {
  ModelShape m = small();
  m.vocabulary = 1;
  TrainingPlan plan = unfused(64);
  plan.pipeline = 3;
  plan.uneven = true;
  plan.batch = 60;
  const auto uneven = scale::training_step(m, plain(), plan, scale::perfect()).time;
  TrainingPlan alone = unfused(60);
  const double whole = seconds(m, plain(), alone, scale::perfect());
  CHECK(uneven.products + uneven.attention == Approx(whole * 3 / 8).epsilon(1e-3));
}

TEST_CASE("a model that does not fit is refused with how much it lacks") {
  ModelShape m;  // GPT-3
  CHECK_THROWS_WITH(scale::training_step(m, cost::accelerator_preset("a100_80"), unfused(), {}),
                    ContainsSubstring("does not fit") &&
                        ContainsSubstring("GB more than the 80 GB of NVIDIA A100"));
  CHECK_NOTHROW(scale::training_step(m, cost::accelerator_preset("a100_80"), unfused(), {}, false));
}

TEST_CASE("the fastest plan fits, uses all accelerators, and no neighbour of it is faster") {
  const ModelShape m = small();
  const cost::Accelerator a = cost::accelerator_preset("a100_80");
  const TrainingPlan best = scale::fastest_plan(m, a, 16, 64, unfused(), {});
  CHECK(best.accelerators() == 16);
  CHECK(scale::step_memory(m, best).total() <= a.memory.median);
  for (const std::int64_t tensor : {1, 2, 4, 8}) {
    for (const std::int64_t micro : {1, 2, 4}) {
      TrainingPlan other = best;
      other.tensor = tensor;
      other.pipeline = other.interleave = 1;
      other.data = 16 / tensor;
      other.micro_batch = micro;
      if (!other.problem().empty()) continue;
      CHECK(seconds(m, a, best) <= seconds(m, a, other));
    }
  }
  CHECK_THROWS_WITH(scale::fastest_plan(ModelShape{}, a, 1, 1, unfused(), {}),
                    ContainsSubstring("no plan fits"));
}
