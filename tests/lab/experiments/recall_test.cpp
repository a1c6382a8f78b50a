// Recall as an experiment: its figures against their definitions, its machines, its bill and its
// refusals.
#include "ohmlab/lab/experiments/recall.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>
#include <utility>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/parallel.hpp"
#include "ohmlab/lab/experiments.hpp"
#include "ohmlab/lab/run.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"

using namespace ohmlab;

namespace {

experiments::Recall config_of(const std::vector<std::string>& sets) {
  return std::get<experiments::Recall>(
      lab::plan(core::parse_config("kind = 'recall'\nunits = 60\npatterns = 4\ncues = 10\n",
                                   "r.toml", {}, sets))
          .experiment->choice);
}

results::Result recalled(const std::vector<std::string>& sets, const io::Dataset& data = {}) {
  results::Progress silent;
  return config_of(sets).run(data, silent);
}

std::string refused(const std::vector<std::string>& sets, const io::Dataset& data = {}) {
  try {
    static_cast<void>(recalled(sets, data));
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "";
}

double quality(const results::Result& result, const std::string& name) {
  for (const results::Quantity& q : result.quality) {
    if (q.name == name) return q.value;
  }
  throw std::runtime_error("no quality called " + name);
}

std::vector<double> figures(const results::Result& result) {
  std::vector<double> out;
  for (const results::Quantity& q : result.quality) out.push_back(q.value);
  return out;
}

auto all(const cost::Entry& e) {
  return std::tuple(e.stage, e.component, e.action, e.parameter, e.count, e.serial, e.joules,
                    e.seconds);
}

const std::string analog =
    "array={kind='analog', weight_scale=1, device={g_min=1e-6, g_max=9e-6, v_read=0.2, "
    "t_read=1e-7, v_write=2.0, t_pulse=1e-8, pulse={kind='ideal', dw_min=0.001}, "
    "read_noise={kind='white', std=0.02}}}";

const io::Dataset binary{.train = core::Matrix::Identity(8, 60),
                         .test = core::Matrix::Identity(2, 60),
                         .digest = "identity",
                         .binary = true};
const std::string given = "data={kind='bars_and_stripes', size=3}";

}  // namespace

TEST_CASE("few patterns are recalled by every memory, and the figures say so") {
  for (const char* memory : {"hebb", "storkey", "pseudo_inverse", "dense", "modern"}) {
    CAPTURE(memory);
    const results::Result result = recalled({"memory=" + std::string(memory)});
    CHECK(quality(result, "overlap") == 1);
    CHECK(quality(result, "perfect") == 1);
    CHECK(quality(result, "stable") == 1);
    CHECK(quality(result, "patterns") == 4);
    CHECK(quality(result, "sweeps") <= 4);
  }
}

TEST_CASE("cues that nobody follows overlap as their flips say") {
  const results::Result result = recalled({"flips=0.25", "most_sweeps=0"});
  CHECK(quality(result, "overlap") == 0.5);  // 1 - 2 flips, exact: 15 of 60 units
  CHECK(result.axis.values == std::vector<double>{0});
  const results::Result followed = recalled({"flips=0.25"});
  REQUIRE(followed.metrics.size() == 2);
  CHECK(followed.metrics[0].values == std::vector<double>{0.5, quality(followed, "overlap")});
  CHECK(followed.metrics[1].values == std::vector<double>{0, quality(followed, "perfect")});
  CHECK(quality(result, "perfect") == 0);
  CHECK(quality(result, "sweeps") == 0);
}

TEST_CASE("a load is a number of patterns") {
  CHECK(quality(recalled({"patterns=1", "units=50"}), "patterns") == 1);
  const auto loaded = [](const std::string& load) {
    results::Progress silent;
    const std::vector<std::string> sets{"load=" + load};
    const lab::Plan plan = lab::plan(
        core::parse_config("kind = 'recall'\nunits = 50\ncues = 3\n", "r.toml", {}, sets));
    return quality(std::get<experiments::Recall>(plan.experiment->choice).run({}, silent),
                   "patterns");
  };
  CHECK(loaded("0.14") == 7);
  CHECK(loaded("0.001") == 1);
}

TEST_CASE("examples become patterns of -1 and +1") {
  const results::Result result = recalled({given, "memory=pseudo_inverse", "flips=0.0"}, binary);
  CHECK(quality(result, "stable") == 1);
  CHECK(quality(result, "overlap") == 1);
}

TEST_CASE("recall has the same bits on 1, 2 and 4 threads") {
  const int before = core::threads();
  for (const std::vector<std::string>& sets :
       {std::vector<std::string>{"memory=storkey", "patterns=12"},
        {"memory=modern", "readout=comparator"},
        {analog, "memory=pseudo_inverse"},
        {analog, "memory=dense", "order=synchronous"},
        {analog, "readout=comparator", "block=7"}}) {
    core::set_threads(1);
    const results::Result one = recalled(sets);
    for (const int threads : {2, 4}) {
      core::set_threads(threads);
      const results::Result many = recalled(sets);
      CHECK(figures(many) == figures(one));
      REQUIRE(many.systems.size() == one.systems.size());
      for (std::size_t s = 0; s < one.systems.size(); ++s) {
        REQUIRE(many.systems[s].tally.size() == one.systems[s].tally.size());
        for (std::size_t i = 0; i < one.systems[s].tally.size(); ++i)
          CHECK(all(many.systems[s].tally[i]) == all(one.systems[s].tally[i]));
      }
    }
  }
  core::set_threads(before);
}

TEST_CASE("the machine that ran stands before its digital twins") {
  const std::vector<std::string> formats{"twin_formats=['int8']", "chip_formats=['int8']"};
  const auto names = [&](std::vector<std::string> sets) {
    sets.insert(sets.end(), formats.begin(), formats.end());
    std::vector<std::string> out;
    for (const results::System& system : recalled(sets).systems) out.push_back(system.name);
    return out;
  };
  CHECK(names({analog}) == std::vector<std::string>{"simulated", "hebb_digital",
                                                    "hebb_digital_int8", "hebb_digital_chip_int8"});
  CHECK(names({}) ==
        std::vector<std::string>{"hebb_digital", "hebb_digital_int8", "hebb_digital_chip_int8"});
  CHECK(names({"array={kind='ideal', format='int8', machine='chip'}"}) ==
        std::vector<std::string>{"hebb_digital_chip_int8", "hebb_digital", "hebb_digital_int8"});
  // A twin of an analog array is the machine that would have run as an ideal one.
  const results::Result twins = recalled({analog}), ran = recalled({});
  REQUIRE(twins.systems[1].name == ran.systems[0].name);
  REQUIRE(twins.systems[1].tally.size() == ran.systems[0].tally.size());
  for (std::size_t i = 0; i < ran.systems[0].tally.size(); ++i)
    CHECK(all(twins.systems[1].tally[i]) == all(ran.systems[0].tally[i]));
}

TEST_CASE("an analog run has a bill of storing and of recall, and recalls few patterns") {
  // Weights well above the noise; converters that hold a sum over all units where rows are patterns
  const std::vector<std::string> pairs{analog, "gain=3"},
      rows{analog, "array.adc={kind='uniform', bound=60}"};
  for (const auto& [memory, machine] : {std::pair{"hebb", pairs},
                                        {"storkey", pairs},
                                        {"pseudo_inverse", pairs},
                                        {"dense", rows},
                                        {"modern", rows}}) {
    CAPTURE(memory);
    std::vector<std::string> sets = machine;
    sets.push_back("memory=" + std::string(memory));
    const results::Result result = recalled(sets);
    const results::System& system = result.systems[0];
    CHECK(quality(result, "overlap") > 0.9);
    CHECK(system.name == "simulated");
    CHECK(system.unpriced.empty());
    std::set<std::string> stages;
    double joules = 0;
    for (const cost::Entry& e : system.tally) {
      stages.insert(e.stage);
      joules += e.joules;
    }
    CHECK(joules > 0);
    CHECK(stages.contains("store"));
    CHECK(stages.contains("recall"));
    CHECK_FALSE(system.holdings.empty());
  }
}

TEST_CASE("a device without cited voltages has no bill, and the reason stands there") {
  const results::Result result = recalled({"array={kind='analog'}"});
  CHECK_FALSE(result.systems[0].unpriced.empty());
}

TEST_CASE("no memory is made that cannot be") {
  CHECK_THAT(refused({"load=0.1"}), ContainsSubstring("expected one of them"));
  CHECK_THAT(refused({given, "activity=0.3"}, binary),
             ContainsSubstring("`activity` belongs to random patterns"));
  CHECK_THAT(refused({"order=synchronous", "block=2"}),
             ContainsSubstring("expected order \"asynchronous\""));
  CHECK_THAT(refused({"block=61"}), ContainsSubstring("expected block <= 60"));
  CHECK_THAT(refused({"memory=pseudo_inverse", "patterns=61"}),
             ContainsSubstring("expected at most 60"));
  CHECK_THAT(refused({"memory=hop"}), ContainsSubstring("hop"));
  CHECK_THAT(refused({"patterns=1000000", "units=60000"}), ContainsSubstring("too many"));
  CHECK_THAT(refused({given, "units=59"}, binary),
             ContainsSubstring("expected 60, the size of the examples"));
  CHECK_THAT(refused({given, "patterns=9"}, binary),
             ContainsSubstring("expected at most 8 patterns"));
  io::Dataset gray = binary;
  gray.binary = false;
  CHECK_THAT(refused({given}, gray), ContainsSubstring("expected examples of 0 and 1"));
}
