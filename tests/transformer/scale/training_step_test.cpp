#include "ohmlab/transformer/scale/training_step.hpp"

#include <string>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/transformer/scale/training_run.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"

using namespace ohmlab;
using scale::Efficiency;
using scale::ModelShape;
using scale::Recompute;
using scale::TrainingPlan;

namespace {

/// An accelerator of round numbers, with endless memory and links.
cost::Accelerator plain() {
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

ModelShape small() {
  ModelShape m;
  m.layers = 8;
  m.width = 512;
  m.heads = 8;
  m.vocabulary = 1000;
  m.sequence = 128;
  m.dropout = true;
  return m;
}

TrainingPlan unfused(std::int64_t batch = 8) {
  TrainingPlan plan;
  plan.batch = batch;
  plan.fused_attention = false;
  return plan;
}

double seconds(const ModelShape& m, const cost::Accelerator& a, const TrainingPlan& p,
               const Efficiency& e = {}) {
  return scale::training_step(m, a, p, e, false).time.total();
}

}  // namespace

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

TEST_CASE("a run's hours, joules at three boundaries, money and CO2 follow from its medians") {
  const ModelShape m = small();
  cost::Accelerator a = plain();
  a.rent = cost::Rent{2, {}, {}, cost::Evidence::assumed, "a test"};
  const TrainingPlan plan = unfused();
  const auto step = scale::training_step(m, a, plan, scale::perfect());
  scale::TrainingRun run;
  run.tokens = 1e12;
  const auto exact = [](double x) {
    return cost::Share{x, {}, {}, cost::Evidence::assumed, "a test"};
  };
  run.goodput = exact(0.5);
  run.misfit = exact(2);
  run.waiting = exact(0.4);
  run.pue = exact(1.25);
  run.carbon = {0.5, {}, {}, cost::Evidence::assumed, "a test"};
  const auto cost = scale::run_cost(step, plan, a, scale::perfect(), run, {.draws = 50});
  const double hours = step.time.total() * 2 / 0.5 * 1e12 / (8 * 128) / 3600;
  CHECK(cost.accelerator_hours.nominal == Approx(hours));
  CHECK(cost.days.nominal == Approx(hours / 24));
  // half of the steps' speed in half of the hours: a quarter of the chip's arithmetic, the rest
  // waits at 0.4
  const double chip = 100 + (0.4 + 0.6 * 0.25) * 900;
  CHECK(cost.chip_watts.nominal == Approx(chip));
  CHECK(cost.node_joules.nominal == Approx((chip + 200) * hours * 3600));
  CHECK(cost.facility_joules.nominal == Approx(1.25 * cost.node_joules.nominal));
  CHECK(cost.dollars.nominal == Approx(2 * hours));
  CHECK(cost.co2.nominal == Approx(cost.facility_joules.nominal / 3.6e6 * 0.5));
  CHECK(cost.accelerator_hours.band().p05 == Approx(hours));
  run.misfit = {2, 1.0, 4.0, cost::Evidence::assumed, "a test"};
  const auto banded = scale::run_cost(step, plan, a, scale::perfect(), run, {.draws = 2000});
  CHECK(banded.accelerator_hours.band().p05 < hours * 0.6);
  CHECK(banded.accelerator_hours.band().p95 > hours * 1.7);
  const auto again = scale::run_cost(step, plan, a, scale::perfect(), run, {.draws = 2000});
  CHECK(again.co2.values == banded.co2.values);
}

TEST_CASE("a chip draws less than rated unless all of it is busy, and hosts come on top") {
  const cost::Accelerator a = plain();
  CHECK(scale::chip_watts(a, 0, 0.8, 0) == 100);
  CHECK(scale::chip_watts(a, 0.8, 0.8, 0.5) == 1000);
  CHECK(scale::chip_watts(a, 0.4, 0.8, 0) == Approx(550));
}
