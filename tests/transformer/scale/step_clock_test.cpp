#include "ohmlab/transformer/scale/step_clock.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "tests/catch.hpp"
#include "tests/transformer/scale/small_model.hpp"

using namespace ohmlab;
using namespace ohmlab::scale::test;
using scale::Efficiency;
using scale::ModelShape;
using scale::TrainingPlan;

TEST_CASE("parallel blocks sum once a layer instead of twice") {
  ModelShape m = small();
  cost::Accelerator a = plain();
  a.link.median = 1e9;
  TrainingPlan plan = unfused();
  plan.tensor = 4;
  const double before = scale::training_step(m, a, plan, scale::perfect()).time.tensor;
  // an all-reduce of b s h numbers of two bytes, twice forward and twice backward in each layer
  CHECK(before == Approx(8 * 8 * 4 * 2 * 0.75 * (2 * 128 * 512) / 1e9));
  m.parallel_blocks = true;
  CHECK(scale::training_step(m, a, plan, scale::perfect()).time.tensor == Approx(before / 2));
  plan.micro_batch = 4;  // without dropout masks: in and out of one norm, not of two
  m.dropout = false;
  const double kept = scale::activation_bytes(m, plan, false);
  m.parallel_blocks = false;
  CHECK(scale::activation_bytes(m, plan, false) - kept == Approx(4 * 128 * 512 * 4));
}

namespace {

/// Copies of a token, on accelerator 0 of node 0, that cross links within nodes and the network
/// between them, on average: every choice of nodes and of places in them is as likely as any other.
std::pair<double, double> enumerated(int nodes, int here, int experts, int most_nodes) {
  double within = 0, between = 0, choices = 0;
  if (most_nodes == 0) {  // every expert at any place of the group
    for (int node = 0; node < nodes; ++node) {
      for (int place = 0; place < here; ++place, ++choices) {
        within += node == 0 && place != 0 ? experts : 0;
        between += node != 0 ? experts : 0;
      }
    }
  } else {
    for (int set = 0; set < 1 << nodes; ++set) {
      if (std::popcount(static_cast<unsigned>(set)) != most_nodes) continue;
      for (int place = 0; place < here; ++place, ++choices) {
        // a copy to each other node, to the place of the same number; then on to its experts
        between += most_nodes - (set & 1);
        within += place != 0 ? experts : 0;
      }
    }
  }
  return {within / choices, between / choices};
}

}  // namespace

TEST_CASE("tokens cross links and network as often as an enumeration of their experts' places") {
  ModelShape m = small();
  m.experts = 64;
  m.active_experts = 4;
  TrainingPlan plan = unfused(32);
  plan.data = plan.expert = 16;
  cost::Accelerator a = plain();
  a.node = 4;
  Efficiency bare = scale::perfect();
  bare.overlap = 0;
  const double token_bytes = 2 * 512, tokens = 2 * 128, passes = 2 * 2 * 8;
  for (const int most_nodes : {0, 1, 2, 3}) {
    plan.expert_nodes = most_nodes;
    const auto [within, between] = enumerated(4, 4, 4, most_nodes);
    CAPTURE(most_nodes);
    a.link.median = 1e9;
    a.network.median = 1e30;
    const double by_link = scale::training_step(m, a, plan, bare).time.expert;
    CHECK(by_link == Approx(passes * tokens * token_bytes * within / 1e9));
    a.link.median = 1e30;
    a.network.median = 1e9;
    const double by_network = scale::training_step(m, a, plan, bare).time.expert;
    CHECK(by_network == Approx(passes * tokens * token_bytes * between / 1e9));
    plan.fp8_dispatch = true;
    CHECK(scale::training_step(m, a, plan, bare).time.expert == Approx(0.75 * by_network));
    plan.fp8_dispatch = false;
  }
  plan.expert_nodes = 4;  // as many as experts: no limit
  const double unlimited = scale::training_step(m, a, plan, bare).time.expert;
  plan.expert_nodes = 0;
  CHECK(scale::training_step(m, a, plan, bare).time.expert == unlimited);
}

TEST_CASE("hidden experts cost what their traffic exceeds all other work by, and no bubble") {
  ModelShape m = small();
  m.experts = 8;
  m.active_experts = 2;
  TrainingPlan plan = unfused(32);
  plan.data = plan.expert = 4;
  plan.pipeline = 2;
  cost::Accelerator a = plain();
  Efficiency bare = scale::perfect();
  bare.overlap = 0;
  const auto time = [&] { return scale::training_step(m, a, plan, bare).time; };
  const scale::StepTime free = time();
  const double work = free.products + free.attention + free.streamed;
  const double a_byte = 1;
  a.link.median = a_byte;
  const double at_one = time().expert;  // s for all traffic at a byte a second
  for (const double longer : {0.5, 3.0}) {
    a.link.median = at_one / (longer * work);
    plan.hidden_experts = false;
    CHECK(time().expert == Approx(longer * work));
    const double bubble = time().bubble;
    plan.hidden_experts = true;
    CHECK(time().expert == Approx(std::max(0.0, longer - 1) * work).margin(1e-12 * work));
    CHECK(time().bubble < bubble);
    CHECK(time().bubble == Approx(free.bubble));
    plan.hidden_experts = false;
  }
}
