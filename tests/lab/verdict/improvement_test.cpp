#include "ohmlab/lab/verdict/improvement.hpp"

#include <algorithm>
#include <cmath>

#include "ohmlab/core/config.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;
using namespace ohmlab::verdict;

namespace {

constexpr auto node = static_cast<std::size_t>(Measure::node);

Trial billed(double factor, double best = -18) {
  Trial out;
  out.best = best;
  out.arrives = true;
  out.against[node] = Versus{{factor, factor / 2, factor * 2}, 0.5, 0.1, 0.5, 0.5};
  return out;
}

Pulled lever(const std::string& label, bool gradual = true) {
  Pulled out;
  out.lever.label = label;
  out.moves = {{"key", {}, {}, gradual}};
  return out;
}

/// Trials whose factor is `now` times gain^share of each lever that is pulled.
struct Made {
  double now;
  std::vector<double> gains;
  std::size_t rounds = 0;

  [[nodiscard]] double factor(const Pulls& pulls) const {
    double out = now;
    for (const Pull& pull : pulls) out *= std::pow(gains[pull.lever], pull.share);
    return out;
  }
  MakeTrials make() {
    return [this](const std::vector<Pulls>& asked) {
      ++rounds;
      std::vector<Trial> out;
      for (const Pulls& pulls : asked) out.push_back(billed(factor(pulls)));
      return out;
    };
  }
};

Improvement searched(Made& made, Improvement search) {
  search.now = billed(made.now);
  find_improvements(made.make(), search);
  return search;
}

core::Node number(double x) {
  core::Node out;
  out.value = x;
  return out;
}

}  // namespace

TEST_CASE("a lever that turns the verdict alone is followed back to the least share of its way") {
  Made made{0.1, {1000, 2, 0.5}};
  Improvement search;
  search.levers = {lever("strong"), lever("weak"), lever("harmful")};
  const Improvement found = searched(made, search);
  REQUIRE(found.levers.size() == 3);
  CHECK(found.levers[0].lever.label == "strong");
  CHECK(found.levers[2].lever.label == "harmful");
  REQUIRE(found.levers[0].enough);
  // 0.1 · 1000^s > 1 from s = 1/3: the next eighth is 3/8
  CHECK(*found.levers[0].enough == 0.375);
  CHECK_FALSE(found.levers[1].enough);
  CHECK(found.helpful == 2);
  CHECK(found.all.against[node]->factor.nominal == Approx(0.1 * 1000 * 2));
  REQUIRE(found.all_enough);
  CHECK(*found.all_enough == 0.375);  // ln 10 / ln 2000 = 0.303
  CHECK_FALSE(found.fewest);          // one is enough
}

TEST_CASE("where no lever is enough alone, the fewest that are enough together are counted") {
  Made made{0.01, {2, 5, 3, 4, 1.5}};
  Improvement search;
  for (const char* label : {"two", "five", "three", "four", "half"})
    search.levers.push_back(lever(label));
  const Improvement found = searched(made, search);
  REQUIRE(found.fewest);
  CHECK(*found.fewest == 4);  // 5 · 4 · 3 = 60 is not enough, 120 is
  CHECK(found.levers[0].lever.label == "five");
  CHECK(found.levers[3].lever.label == "two");
  REQUIRE(found.all_enough);
  const double share = std::log(100.0) / std::log(180.0);
  CHECK(*found.all_enough == std::ceil(share * way_parts) / way_parts);
}

TEST_CASE("what is not enough together is said with its factor") {
  Made made{0.01, {2, 5}};
  Improvement search;
  search.levers = {lever("two"), lever("five")};
  const Improvement found = searched(made, search);
  CHECK_FALSE(found.all_enough);
  CHECK_FALSE(found.fewest);
  CHECK(found.all.against[node]->factor.nominal == Approx(0.1));
  CHECK(found.trials == 3);
}

TEST_CASE("a switch is set at once and nothing is searched where the goal is met already") {
  Made made{0.5, {4}};
  Improvement search;
  search.levers = {lever("switch", false)};
  Improvement found = searched(made, search);
  REQUIRE(found.levers[0].enough);
  CHECK(*found.levers[0].enough == 1);

  Made ahead{3, {4}};
  found = searched(ahead, search);
  CHECK_FALSE(found.levers[0].enough);
  CHECK(ahead.rounds == 2);  // alone, and together
}

TEST_CASE("a trial that does not arrive ranks below all that do, and a failed one meets no goal") {
  Trial never = billed(50);
  never.arrives = false;
  CHECK(score(never, Goal::cost, Measure::node) < score(billed(1e-5), Goal::cost, Measure::node));
  Improvement search;
  CHECK_FALSE(meets(never, search));
  Trial failed = billed(50);
  failed.failed = "it diverges";
  CHECK_FALSE(meets(failed, search));
  search.goal = Goal::quality;
  search.target = -19;
  CHECK(meets(billed(0.01, -18.9), search));
  CHECK_FALSE(meets(billed(100, -19.1), search));
}

TEST_CASE("levers move what a config has, towards their limits only") {
  core::Node config;
  core::set_key(config, "array.read", number(80e-9));
  core::set_key(config, "array.spread", number(0.3));
  core::Node copies;
  copies.value = std::int64_t{1};
  core::set_key(config, "array.copies", copies);
  core::Node off;
  off.value = false;
  core::set_key(config, "array.overlap", off);

  Lever one;
  one.down_to = {
      {"array.read", number(5e-9)}, {"array.spread", number(0)}, {"array.lacks", number(0)}};
  core::Node many, on;
  many.value = std::int64_t{16};
  on.value = true;
  one.up_to = {{"array.copies", many}};
  one.change = {{"array.overlap", on}};
  const std::vector<Move> moves = moves_of(one, config);
  REQUIRE(moves.size() == 4);
  CHECK(is_gradual(moves));

  const auto value = [&](const std::vector<core::Setting>& settings, const std::string& key) {
    return std::find_if(settings.begin(), settings.end(), [&](const core::Setting& set) {
      return set.key == key;
    })->value;
  };
  const auto half = settings_at(moves, 0.5);
  CHECK(std::get<double>(value(half, "array.read").value) == Approx(20e-9));   // geometric
  CHECK(std::get<double>(value(half, "array.spread").value) == Approx(0.15));  // linear
  CHECK(std::get<std::int64_t>(value(half, "array.copies").value) == 4);
  CHECK(std::get<bool>(value(half, "array.overlap").value));
  const auto whole = settings_at(moves, 1);
  CHECK(std::get<double>(value(whole, "array.read").value) == 5e-9);
  CHECK(std::get<std::int64_t>(value(whole, "array.copies").value) == 16);

  one = {};
  one.down_to = {{"array.read", number(1e-6)}};  // longer than it is
  CHECK(moves_of(one, config).empty());
  one.change = {{"array.overlap", off}};
  CHECK(moves_of(one, config).empty());
}

TEST_CASE("a lever without values, or with a limit that is no number, is refused") {
  Lever lever;
  lever.room = "device";
  CHECK(lever.problem() == "expected values in down_to, up_to, change or prices");
  core::Node text;
  text.value = std::string("80 ns");
  lever.down_to = {{"array.read", text}};
  CHECK(lever.problem() == "array.read: expected a number as its limit");
  lever.down_to = {{"array.read", number(1e-9)}};
  CHECK(lever.problem().empty());
  lever.room = "house";
  CHECK(lever.problem().find("room: expected") == 0);
}
