#include "ohmlab/cost/claim.hpp"

#include <string>
#include <vector>

#include "ohmlab/core/errors.hpp"

#include "tests/catch.hpp"

namespace ohmlab::cost {
namespace {

/// Figures of update-and-read chips as arXiv 2608.01615 prints them, and work counted by hand.
Claim chip() {
  Claim claim;
  claim.machine.update = Joules{.median = 7.09e-15};
  claim.machine.read = Joules{.median = 1.692e-12};
  claim.machine.write = Joules{.median = 153.6e-12};
  claim.machine.clamp = Joules{.median = 153.6e-12};
  claim.machine.sweep = Seconds{.median = 20e-9};
  claim.machine.frame = Seconds{.median = 25e-6};
  claim.machine.flash = Seconds{.median = 1};
  claim.work = {.nodes = 4900, .sweeps = 2000};
  return claim;
}

double joules(const ClaimBill& bill, std::size_t part) { return bill.parts[part].joules->nominal; }

TEST_CASE("the parts of a sample are those of a calculation by hand") {
  Claim claim = chip();
  claim.work.reads = 834;
  claim.work.clamps = 7 * 834;
  claim.work.writes = 8 * 4900;
  const ClaimBill bill = bill_claim(claim);
  CHECK(joules(bill, 0) == Approx(69.5e-9).epsilon(1e-3));
  CHECK(joules(bill, 1) == Approx(1.41e-9).epsilon(1e-2));
  CHECK(joules(bill, 2) == Approx(0.897e-6).epsilon(1e-3));
  CHECK(joules(bill, 3) == Approx(6.02e-6).epsilon(1e-3));
  CHECK(bill.totals[0].stated.nominal == joules(bill, 0));
  CHECK(bill.totals[1].stated.nominal ==
        Approx(joules(bill, 0) + joules(bill, 1) + joules(bill, 2) + joules(bill, 3)));
}

TEST_CASE("a price that nobody states has no joules and leaves a bound from below") {
  Claim claim = chip();
  claim.work.reads = 10;
  claim.machine.read.reset();
  const ClaimBill bill = bill_claim(claim);
  CHECK(!bill.parts[1].joules);
  CHECK(bill.totals[0].unstated.empty());
  CHECK(bill.totals[1].unstated == std::vector<std::string>{"reads", "standby"});
  CHECK(bill.totals[2].unstated == std::vector<std::string>{"reads", "standby", "around"});
  claim.work.reads = 0;  // nothing to be paid
  CHECK(bill_claim(claim).totals[1].unstated == std::vector<std::string>{"standby"});
}

TEST_CASE("powers are paid for the time of sweeps, readouts and rewrites") {
  Claim claim = chip();
  claim.work.frames = 3;
  claim.work.flashes = 2;
  claim.machine.standby = Watts{.median = 0.5};
  claim.machine.around = Watts{.median = 10, .p05 = 5, .p95 = 20};
  const ClaimBill bill = bill_claim(claim);
  const double seconds = 2000 * 20e-9 + 3 * 25e-6 + 2;
  CHECK(bill.seconds->nominal == Approx(seconds));
  CHECK(joules(bill, 4) == Approx(0.5 * seconds));
  CHECK(joules(bill, 5) == Approx(10 * seconds));
  CHECK(bill.parts[5].joules->p05 == Approx(5 * seconds).epsilon(0.1));
  CHECK(bill.parts[5].joules->p95 == Approx(20 * seconds).epsilon(0.1));
  claim.machine.flash.reset();  // no time, no joules of powers
  CHECK(!bill_claim(claim).seconds);
  CHECK(bill_claim(claim).totals[2].unstated == std::vector<std::string>{"standby", "around"});
}

TEST_CASE("an advantage shrinks as the joules that the claim left out are paid") {
  Claim claim = chip();
  claim.claimed = Joules{.median = 4900 * 2000 * 7.09e-15};
  claim.advantage = Share{.median = 1e4};
  claim.work.writes = 392;
  const ClaimBill bill = bill_claim(claim);
  CHECK(bill.totals[0].over_claimed->nominal == Approx(1));
  CHECK(bill.totals[0].advantage_left->nominal == Approx(1e4));
  const double more = bill.totals[1].over_claimed->nominal;
  CHECK(more == Approx(1 + 392 * 153.6e-12 / claim.claimed->median));
  CHECK(bill.totals[1].advantage_left->nominal == Approx(1e4 / more));
}

TEST_CASE("work that does not fit the chip is named") {
  Claim claim = chip();
  claim.machine.nodes = Share{.median = 1000};
  claim.machine.degree = Share{.median = 16};
  claim.work.degree = 16;
  CHECK(bill_claim(claim).unfit == std::vector<std::string>{"nodes: 4900 wanted, 1000 there"});
}

TEST_CASE("every shipped claim is billed, its own arithmetic first") {
  REQUIRE(claim_names().size() >= 4);
  for (const std::string& name : claim_names()) {
    CAPTURE(name);
    const Claim claim = find_claim(name);
    const ClaimBill bill = bill_claim(claim);
    CHECK(bill.unfit.empty());
    if (claim.machine.update->median > 0 && claim.claimed)
      CHECK(bill.totals[0].over_claimed->nominal == Approx(1).epsilon(2e-3));
    for (std::size_t i = 1; i < bill.totals.size(); ++i)
      CHECK(bill.totals[i].stated.nominal >= bill.totals[i - 1].stated.nominal);
  }
  try {
    static_cast<void>(find_claim("z1_sampel"));
    FAIL("no error");
  } catch (const core::UserError& error) {
    CAPTURE(error.what());
    CHECK(std::string(error.what()).find("did you mean \"z1_sample\"?") != std::string::npos);
  }
}

}  // namespace
}  // namespace ohmlab::cost
