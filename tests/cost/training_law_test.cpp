#include "ohmlab/cost/training_law.hpp"

#include "ohmlab/core/config.hpp"
#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/field_values.hpp"
#include "ohmlab/cost/scaling.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"

using namespace ohmlab;

namespace {

cost::TrainingLaw law_of(const std::string& text) {
  return core::read<cost::TrainingLaw>(core::parse_config(text, "law.toml"));
}

cost::LawCost cost_of(const cost::TrainingLaw& law, double parameters) {
  static const cost::Prices prices = cost::default_prices();
  cost::Outlook outlook({.draws = 200});
  return cost::law_cost(law, cost::accelerator_preset("h100"), *prices.facility, parameters,
                        outlook);
}

}  // namespace

TEST_CASE("120 P^2 is the preset: 7 B to 10 T parameters as the facts compute them") {
  const cost::TrainingLaw law;
  CHECK(law.flops(7e9) == Approx(120 * 7e9 * 7e9));
  CHECK(law.flops(7e9) == Approx(5.88e21));
  CHECK(law.flops(10e12) == Approx(1.2e28));
  CHECK(law.tokens(175e9) == Approx(3.5e12));
  cost::TrainingLaw experts;
  experts.sparsity = 8;
  CHECK(experts.flops(1e12) == Approx(1.5e25));
  CHECK(cost::mixture_flops(1e12, 2e13, 8, 0.5) == Approx(1.5 * 1.5e25));
}

TEST_CASE("at 40 % of an H100's peak and 969 W, hours and energy are those of the facts' table") {
  const cost::TrainingLaw law = law_of(R"(
utilisation = {median = 0.4, evidence = "assumed", source = "test"}
node_watts = {median = 969, evidence = "assumed", source = "test"}
)");
  const cost::LawCost cost = cost_of(law, 70e9);
  CHECK(cost.hours.nominal == Approx(5.88e23 / (989.5e12 * 0.4) / 3600));
  CHECK(cost.hours.nominal == Approx(4.1e5).epsilon(0.01));
  // PUE of 1.2 as in the default list
  CHECK(cost.facility_joules.nominal / 3.6e9 == Approx(480).epsilon(0.01));
  CHECK(cost.co2.nominal == Approx(cost.facility_joules.nominal * 1e-7));
}

TEST_CASE("tokens, constant and experts are free, and gating costs its share") {
  const cost::LawCost base = cost_of(law_of(""), 7e9);
  CHECK(cost_of(law_of("tokens_per_param = 40"), 7e9).hours.nominal ==
        Approx(2 * base.hours.nominal));
  CHECK(cost_of(law_of("c0 = 3"), 7e9).hours.nominal == Approx(base.hours.nominal / 2));
  const std::string gating = R"(gating = {median = 0.5, evidence = "assumed", source = "test"})";
  CHECK(cost_of(law_of("sparsity = 4\n" + gating), 7e9).flops.nominal ==
        Approx(base.flops.nominal / 4 * 1.5));
  CHECK(cost_of(law_of(gating), 7e9).flops.nominal ==
        Approx(base.flops.nominal));  // dense: nothing is gated
}

TEST_CASE("levers of utilisation reach the peak and no further, those of the peak go on") {
  const cost::TrainingLaw law =
      law_of(R"(utilisation = {median = 0.4, evidence = "assumed", source = "test"})");
  const cost::Prices prices = cost::default_prices();
  cost::Outlook outlook({.draws = 500});
  cost::Levers levers;
  const auto set = [](cost::Lever& lever, double factor) {
    lever.factor = lever.p05 = lever.p95 = factor;
    lever.contains.clear();
  };
  set(levers.supercomputing, 2);
  set(levers.model_partitioning, 1.6);
  set(levers.data_formats, 1.5);
  const std::vector<cost::LeverEntry> all = levers.entries();
  const auto hours = [&](const std::vector<std::string_view>& names) {
    std::vector<cost::LeverEntry> pulled;
    for (const cost::LeverEntry& lever : all) {
      if (std::find(names.begin(), names.end(), lever.name) != names.end()) pulled.push_back(lever);
    }
    return cost::law_cost(law, cost::accelerator_preset("h100"), *prices.facility, 7e9, outlook,
                          pulled);
  };
  const cost::LawCost none = hours({}), one = hours({"supercomputing"}),
                      both = hours({"supercomputing", "model_partitioning"}),
                      three = hours({"supercomputing", "model_partitioning", "data_formats"});
  CHECK(one.hours.nominal == Approx(none.hours.nominal / 2));
  CHECK(both.hours.nominal ==
        Approx(none.hours.nominal / 2.5));  // 0.4 of the peak becomes 1, not 1.28
  CHECK(three.hours.nominal == Approx(none.hours.nominal / 2.5 / 1.5));
  CHECK(both.node_joules.nominal == Approx(none.node_joules.nominal / 2.5));
  CHECK(both.dollars_rented->nominal == Approx(none.dollars_rented->nominal / 2.5));
  CHECK(both.flops.nominal == none.flops.nominal);

  cost::TrainingLaw
      shipped;  // utilisation to 0.49, levers to 2.2 and 1.55: some draws would pass the peak
  const cost::Accelerator h100 = cost::accelerator_preset("h100");
  const cost::Levers own;
  const std::vector<cost::LeverEntry> of_own = own.entries();
  const std::vector<cost::LeverEntry> two{of_own[0], of_own[2]};
  const cost::LawCost cost =
      cost::law_cost(shipped, h100, *prices.facility, 7e9, outlook, two, false);
  const double least =
      5.88e21 / (1.1 * h100.peak.at("bf16").median) / 3600;  // the peak has a band of its own
  bool at_peak = false;
  for (const double h : cost.hours.values) {
    if (h < least) FAIL(h);
    at_peak = at_peak || h < 5.88e21 / (0.97 * h100.peak.at("bf16").median) / 3600;
  }
  CHECK(at_peak);
}

TEST_CASE("owned hardware is paid off over its time of work, and electricity is bought beside it") {
  const cost::LawCost without = cost_of(law_of(""), 7e9);
  CHECK_FALSE(without.dollars_owned);
  CHECK(without.dollars_rented->nominal == Approx(2.2 * without.hours.nominal));
  const cost::LawCost cost =
      cost_of(law_of(R"(purchase = {median = 46000, evidence = "assumed", source = "test"})"), 7e9);
  const double paid_off = 4 * 365 * 24 * 0.8;  // h
  CHECK(cost.dollars_owned->nominal ==
        Approx(cost.hours.nominal * 46000 / paid_off + cost.facility_joules.nominal * 2.2e-8));
}

TEST_CASE("a law with bad numbers is refused where it stands") {
  CHECK_THROWS_WITH(law_of("\nsparsity = 0.5"), ContainsSubstring("law.toml:2: sparsity"));
  CHECK_THROWS_WITH(law_of("c0 = -6"), ContainsSubstring("law.toml:1: c0 = -6"));
  CHECK_THROWS_WITH(law_of("tokens_per_param = 0"),
                    ContainsSubstring("law.toml:1: tokens_per_param = 0"));
  CHECK_THROWS_WITH(law_of("tokens_per_param = 1e300"), ContainsSubstring("tokens_per_param"));
  CHECK_THROWS_WITH(law_of(R"(utilisation = {median = 2, evidence = "assumed", source = "x"})"),
                    ContainsSubstring("utilisation"));
  CHECK_THROWS_WITH(cost_of(law_of("format = \"fp3\""), 1e9),
                    ContainsSubstring("has no peak of this format"));
}
