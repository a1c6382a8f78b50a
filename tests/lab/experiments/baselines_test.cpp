#include "ohmlab/lab/experiments/baselines.hpp"

#include <set>
#include <tuple>

#include "ohmlab/lab/experiments.hpp"
#include "ohmlab/lab/experiments/train.hpp"
#include "ohmlab/lab/results/priced.hpp"
#include "ohmlab/lab/run.hpp"
#include "ohmlab/transformer/decoder_cost.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;
using cost::Action;
using cost::Entry;
using cost::Holding;
using results::System;

namespace {

auto all(const Entry& e) {
  return std::tuple(e.stage, e.component, e.layer, e.action, e.parameter, e.count, e.serial,
                    e.joules, e.seconds);
}
auto all(const Holding& h) {
  return std::tuple(h.component, h.layer, h.part, h.parameter, h.count);
}

std::string text(const Entry& e) {
  return e.stage + " | " + e.component + " | " + std::string(cost::name(e.action)) + " | " +
         std::to_string(e.parameter) + " | " + std::to_string(e.count) + " | " +
         std::to_string(e.serial);
}

void check_same(const std::vector<Entry>& a, const std::vector<Entry>& b) {
  CHECK(a.size() == b.size());
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (all(a[i]) != all(b[i])) FAIL_CHECK(text(a[i]) << " is not " << text(b[i]));
  }
}
void check_same(const std::vector<Holding>& a, const std::vector<Holding>& b) {
  CHECK(a.size() == b.size());
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) CHECK(all(a[i]) == all(b[i]));
}

struct Case {
  const char *rule, *neuron, *statistics;
  int size, hidden, batch, epochs;
  const char* update = "two_phase";
  double momentum = 0;
  const char* format = "fp32";
};

experiments::Train training_of(const Case& c) {
  const std::vector<std::string> sets{"rule=" + std::string(c.rule),
                                      "neuron=" + std::string(c.neuron),
                                      "training.statistics=" + std::string(c.statistics),
                                      "data.size=" + std::to_string(c.size),
                                      "model.hidden=" + std::to_string(c.hidden),
                                      "training.batch=" + std::to_string(c.batch),
                                      "training.epochs=" + std::to_string(c.epochs),
                                      "training.update=" + std::string(c.update),
                                      "training.momentum=" + std::to_string(c.momentum),
                                      "array.format=" + std::string(c.format)};
  const auto plan = lab::plan(core::parse_config(
      "kind = 'train'\ndata = {kind = 'bars_and_stripes'}\nevaluation = {every = 0}", "t.toml", {},
      sets));
  return std::get<experiments::Train>(plan.experiment->choice);
}

experiments::Workload workload(const Case& c) {
  return {.plan = ebm::RbmModel{.hidden = c.hidden}.plan(core::Index{c.size} * c.size, 0),
          .examples = core::Index{2} << c.size,
          .epochs = c.epochs};
}

double total(const System& system, Action action) {
  double sum = 0;
  for (const Entry& e : system.tally) {
    if (e.action == action) sum += e.count;
  }
  return sum;
}

}  // namespace

TEST_CASE("the digital twin posts entry by entry what a training run on the ideal array posts") {
  results::Progress silent;
  for (const Case& c :
       {Case{"{kind='cd'}", "adc", "means", 3, 5, 6, 3},  // 16 examples: 6 + 6 + 4
        Case{"{kind='cd', steps=4}", "adc", "samples", 3, 5, 7, 2},
        Case{"{kind='cd', steps=2}", "comparator", "samples", 3, 5, 6, 3},
        Case{"{kind='pcd'}", "adc", "means", 3, 5, 6, 3},
        Case{"{kind='pcd', steps=3}", "adc", "samples", 4, 6, 5, 2},
        Case{"{kind='pcd', chains=9}", "adc", "means", 3, 5, 6, 3},
        Case{"{kind='pcd', chains=3, steps=2}", "comparator", "samples", 3, 5, 6, 3},
        Case{"{kind='pcd'}", "comparator", "samples", 3, 5, 5, 1},
        Case{"{kind='pcd'}", "adc", "means", 3, 5, 8, 2},    // no remainder
        Case{"{kind='pcd'}", "adc", "means", 3, 5, 100, 2},  // nothing but a remainder
        Case{"{kind='cd'}", "comparator", "samples", 2, 3, 1, 4},
        Case{"{kind='pcd', chains=9}", "adc", "means", 3, 5, 6, 3, "differenced"},
        Case{"{kind='cd'}", "comparator", "samples", 3, 5, 6, 2, "differenced", 0.5},
        Case{"{kind='pcd'}", "adc", "means", 3, 5, 6, 3, "two_phase", 0, "bf16"},
        Case{"{kind='pcd'}", "comparator", "samples", 3, 5, 6, 3, "two_phase", 0, "int8"},
        Case{"{kind='cd'}", "adc", "means", 3, 5, 6, 2, "differenced", 0.5, "fp8"}}) {
    CAPTURE(c.rule, c.neuron, c.statistics, c.size, c.batch, c.epochs, c.update, c.momentum,
            c.format);
    const bool is_float = c.format == std::string("fp32");
    const experiments::Train train = training_of(c);
    const results::Result result = train.run(train.data.load(), silent);
    REQUIRE(result.systems.size() == (is_float ? 3 : 4));
    const System& ran = result.systems[0];
    const System twin = experiments::digital_twin(
        workload(c), train, std::get<crossbar::IdealArrayModel>(train.array.choice).format);
    CHECK(twin.tally.size() > 10);
    check_same(twin.tally, ran.tally);
    check_same(twin.holdings, ran.holdings);
    CHECK(ran.machine == cost::Machine::accelerator);
    CHECK(ran.name == (is_float ? "rbm_digital" : std::string("rbm_digital_") + c.format));
    CHECK(result.systems[is_float ? 0 : 1].name == "rbm_digital");
    CHECK(ran.parameters == c.size * c.size * c.hidden + c.size * c.size + c.hidden);
    CHECK(ran.examples == static_cast<double>(c.epochs) * (2 << c.size));
    CHECK(ran.tokens == ran.examples);
  }
}

TEST_CASE("twins in further formats stand behind the one in float32, each once") {
  const auto plan = lab::plan(core::parse_config(
      "kind = 'train'\ndata = {kind = 'bars_and_stripes', size = 3}\nevaluation = {every = 0}\n"
      "training = {epochs = 1}\ntwin_formats = ['int8', 'fp32', 'bf16', 'int8']\narray = {kind = "
      "'analog'}",
      "t.toml", {}, {}));
  const auto& train = std::get<experiments::Train>(plan.experiment->choice);
  results::Progress silent;
  const results::Result result = train.run(train.data.load(), silent);
  std::vector<std::string> names;
  for (const System& system : result.systems) names.push_back(system.name);
  CHECK(names == std::vector<std::string>{"simulated", "rbm_digital", "rbm_digital_int8",
                                          "rbm_digital_bf16", "rbm_digital_chip_int8_shift",
                                          "transformer_digital"});
  // Products move to their format; sums, decisions and the weights' own arithmetic stay float32.
  const System &floats = result.systems[1], &integers = result.systems[2];
  CHECK(total(integers, Action::op_int8) > 0);
  CHECK(total(integers, Action::op_int8) < total(floats, Action::flop_fp32));
  CHECK(total(floats, Action::op_int8) == 0);
}

TEST_CASE("a remainder of a batch is neither left out nor rounded up to a batch") {
  const Case c{"{kind='cd'}", "adc", "means", 3, 5, 6, 3};
  const experiments::Train train = training_of(c);
  const auto work = workload(c);
  const System twin = experiments::digital_twin(work, train);
  double products = 0;
  for (const Entry& e : twin.tally) {
    if (e.component == "weights" && e.action == Action::flop_fp32) products += e.count;
  }
  // Each example, each epoch: one read for the data, two for the Gibbs step, one update in each
  // phase.
  const double passes = 3 * 16, macs = 9 * 5;
  CHECK(products == passes * 5 * 2 * macs);
  double in_data_phase = 0;
  for (const Entry& e : twin.tally) {
    if (e.stage == "train: data phase" && e.component == "hidden neurons" &&
        e.action == Action::flop_fp32)
      in_data_phase += e.count;
  }
  CHECK(in_data_phase ==
        passes * 5 * (2 + cost::Edge::flops_per_sigmoid + cost::Edge::flops_per_random_word));
}

TEST_CASE("more of the same training is the same in proportion, but for the start") {
  const Case once{"{kind='pcd', chains=4}", "adc", "means", 3, 5, 6, 1};
  Case often = once;
  often.epochs = 1000;
  const experiments::Train a = training_of(once), b = training_of(often);
  const System one = experiments::digital_twin(workload(once), a),
               many = experiments::digital_twin(workload(often), b);
  REQUIRE(one.tally.size() == many.tally.size());
  for (std::size_t i = 0; i < one.tally.size(); ++i) {
    const double times = one.tally[i].stage == "start: program" ? 1 : 1000;
    CHECK(many.tally[i].count == times * one.tally[i].count);
    CHECK(many.tally[i].serial == times * one.tally[i].serial);
  }
}

TEST_CASE(
    "the transformer reads each unit as a token, sees each example as often and has about as many "
    "weights") {
  const Case c{"{kind='cd'}", "adc", "means", 4, 300, 4, 5};
  const experiments::Train train = training_of(c);
  const auto work = workload(c);
  const System system = experiments::digital_transformer(work, train.training);
  const double machine = 16 * 300 + 16 + 300;
  const auto shape = transformer::nearest_decoder(machine, 3, 16);
  CHECK(system.name == "transformer_digital");
  CHECK(system.machine == cost::Machine::accelerator);
  CHECK(system.parameters == shape.parameters());
  CHECK(system.parameters == Approx(machine).epsilon(0.25));
  CHECK(system.examples == 5 * 32);
  CHECK(system.tokens == 5 * 32 * 16);
  CHECK(total(system, Action::flop_bf16) == 3 * shape.forward_flops() * 5 * 32);
  CHECK(total(system, Action::flop_fp32) == 11 * shape.parameters() * 5 * 32 / 4);
}

TEST_CASE("systems are priced at every place of their kind of machine") {
  const Case c{"{kind='cd'}", "adc", "means", 3, 5, 6, 3};
  const experiments::Train train = training_of(c);
  results::Result result;
  result.systems = {experiments::digital_twin(workload(c), train),
                    experiments::digital_transformer(workload(c), train.training)};
  System simulated = result.systems[0];
  simulated.name = "simulated";
  simulated.machine = cost::Machine::array;
  simulated.tally = {{"s", "c", Action::edge_add, 16, 32, 32, 0, 0}};
  simulated.holdings.clear();
  result.systems.insert(result.systems.begin(), simulated);

  const cost::Prices prices = cost::default_prices();
  std::size_t accelerators = 0;
  for (const auto& [place, rates] : prices.places)
    accelerators += cost::machine_of(place, rates) == cost::Machine::accelerator ? 1 : 0;
  const auto rows = results::price(result, prices, {.draws = 50});
  REQUIRE(rows.size() == 1 + 2 * accelerators);
  CHECK(rows[0].system == "simulated");
  CHECK(rows[0].place == "array");
  CHECK(rows[0].flops == 0);
  CHECK(rows[0].bill.groups[0].joules.nominal == Approx(32 * 75e-15 * 16 / 32).epsilon(1e-3));
  std::set<std::pair<std::string, std::string>> seen;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    CAPTURE(rows[i].system, rows[i].place);
    CHECK(rows[i].place != "array");
    CHECK(seen.emplace(rows[i].system, rows[i].place).second);
    const System& system = result.systems[rows[i].system == "rbm_digital" ? 1 : 2];
    CHECK(rows[i].flops == total(system, Action::flop_fp32) + total(system, Action::flop_bf16));
    CHECK(rows[i].parameters == system.parameters);
    CHECK(rows[i].tokens == system.tokens);
    CHECK(rows[i].examples == system.examples);
    CHECK(rows[i].place_title == prices.places.at(rows[i].place).title);
    CHECK(rows[i].bill.lines_total().values.size() == 50);
    const cost::Rates& rates = prices.places.at(rows[i].place);
    const auto& flop = rates.energy;
    // Both models fit on a chip, where the floor has prices of its own.
    const auto of = [&](Action action) {
      const std::string key(cost::name(action));
      const auto near = rates.on_chip.find(key), found = flop.find(key);
      const double price = near != rates.on_chip.end() ? near->second.median
                           : found != flop.end()       ? found->second.median
                                                       : 0;
      return total(system, action) * price;
    };
    CHECK(rows[i].bill.lines_total().nominal ==
          Approx(total(system, Action::flop_fp32) * flop.at("flop_fp32").median +
                 total(system, Action::flop_bf16) * flop.at("flop_bf16").median +
                 of(Action::memory_read) + of(Action::memory_write) + of(Action::kernel_launch)));
  }
}

TEST_CASE("a system that says why it cannot be billed keeps its row and gets no bill") {
  results::Result result;
  result.systems = {System{.name = "simulated",
                           .unpriced = "no paper cites v_read",
                           .tally = {{"s", "c", Action::edge_add, 16, 32, 32, 0, 0}}}};
  const auto rows = results::price(result, cost::default_prices(), {.draws = 10});
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].unpriced == "no paper cites v_read");
  CHECK_FALSE(rows[0].bill.core);
  CHECK(rows[0].bill.actions.empty());
  result.systems[0].unpriced.clear();
  CHECK(
      results::price(result, cost::default_prices(), {.draws = 10})[0].bill.lines_total().nominal >
      0);
}

TEST_CASE("a result file keeps every field of every system") {
  results::Result result;
  System first{.name = "simulated",
               .title = "RBM on µ arrays, \"quoted\"",
               .unpriced = "no paper cites v_read",
               .machine = cost::Machine::array,
               .parameters = 123456789.0,
               .examples = 1.5e12,
               .tokens = 3e15,
               .algorithm = "rbm"};
  for (const cost::ActionInfo& info : cost::actions()) {
    const auto i = static_cast<double>(info.action);
    first.tally.push_back({i < 5 ? "" : "train: data phase",
                           "weights " + std::to_string(info.action == Action{}), info.action, i / 4,
                           9007199254740991.0 - i, i + 0.125, i * 1e-300, i * 1e-9, i > 7,
                           i < 9 ? "" : "block 3"});
  }
  for (const cost::PartInfo& info : cost::parts()) {
    const auto i = static_cast<double>(info.part);
    first.holdings.push_back(
        {"part " + std::string(info.name), info.part, i, 1e9 + i, i < 3 ? "" : "block 2"});
  }
  const System second{.name = "rbm_digital",
                      .machine = cost::Machine::chip,
                      .parameters = 1,
                      .examples = 2,
                      .tokens = 3,
                      .holdings = {{"weights", cost::Part::accelerator, 0, 1}}};
  const System third{.name = "transformer_digital",
                     .title = "t",
                     .machine = cost::Machine::accelerator,
                     .parameters = 4,
                     .examples = 5,
                     .tokens = 6,
                     .tally = {{"s", "c", Action::flop_bf16, 0, 7, 8, 0, 0}}};
  result.systems = {first, second, third};
  const results::Identity identity{"0123456789abcdef", "seed = 1\n"};
  const results::RunFacts facts{"1.2.3", "a compiler", "2026-01-01T00:00:00Z", "a cpu", 3, 0.25};

  const TempFolder folder;
  results::write_result(folder / "r.h5", identity, result, facts);
  const results::StoredResult back = results::read_result(folder / "r.h5");
  CHECK(back.identity.id == identity.id);
  CHECK(back.identity.config == identity.config);
  CHECK(back.facts.version == facts.version);
  CHECK(back.facts.compiler == facts.compiler);
  CHECK(back.facts.started == facts.started);
  CHECK(back.facts.cpu == facts.cpu);
  CHECK(back.facts.threads == facts.threads);
  CHECK(back.facts.seconds == facts.seconds);
  REQUIRE(back.result.systems.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const System &a = result.systems[i], &b = back.result.systems[i];
    CAPTURE(a.name);
    CHECK(b.name == a.name);
    CHECK(b.title == a.title);
    CHECK(b.unpriced == a.unpriced);
    CHECK(b.machine == a.machine);
    CHECK(b.algorithm == a.algorithm);
    CHECK(b.parameters == a.parameters);
    CHECK(b.examples == a.examples);
    CHECK(b.tokens == a.tokens);
    check_same(b.tally, a.tally);
    check_same(b.holdings, a.holdings);
  }
}

TEST_CASE("a run's systems are priced alike from memory and from its file") {
  const Case c{"{kind='pcd'}", "comparator", "samples", 3, 5, 6, 2};
  const experiments::Train train = training_of(c);
  results::Progress silent;
  const results::Result result = train.run(train.data.load(), silent);
  const TempFolder folder;
  results::write_result(folder / "r.h5", {"0123456789abcdef", ""}, result, {});
  const results::StoredResult back = results::read_result(folder / "r.h5");
  const auto prices = cost::default_prices();
  const auto a = results::price(result, prices, {.draws = 20}),
             b = results::price(back.result, prices, {.draws = 20});
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i].bill.lines_total().values == b[i].bill.lines_total().values);
    CHECK(a[i].bill.seconds.values == b[i].bill.seconds.values);
    CHECK(a[i].bill.area.p95 == b[i].bill.area.p95);
  }
}
