#include "ohmlab/cost/tally.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "ohmlab/cost/edge.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;
using cost::Action;
using cost::Entry;
using cost::Part;
using cost::Tally;

namespace {

constexpr double exact_limit = 9007199254740992;  // 2^53

auto identity(const Entry& e) { return std::tuple(e.stage, e.component, e.action, e.parameter); }
auto sums(const Entry& e) { return std::tuple(e.count, e.serial, e.joules, e.seconds); }

}  // namespace

TEST_CASE("every action and every part has a name of its own that leads back to it") {
  std::set<std::string_view> names;
  for (const cost::ActionInfo& info : cost::actions()) {
    CAPTURE(info.name);
    CHECK_FALSE(info.name.empty());
    CHECK_FALSE(info.meaning.empty());
    CHECK(names.insert(info.name).second);
    CHECK(cost::name(info.action) == info.name);
    CHECK(cost::find_action(info.name) == info.action);
    CHECK_FALSE(cost::find_part(info.name));
  }
  for (const cost::PartInfo& info : cost::parts()) {
    CAPTURE(info.name);
    CHECK_FALSE(info.name.empty());
    CHECK_FALSE(info.meaning.empty());
    CHECK(names.insert(info.name).second);
    CHECK(cost::name(info.part) == info.name);
    CHECK(cost::find_part(info.name) == info.part);
    CHECK_FALSE(cost::find_action(info.name));
  }
  CHECK(cost::actions().size() == static_cast<std::size_t>(Action::memory_write) + 1);
  CHECK(cost::parts().size() == static_cast<std::size_t>(Part::accelerator) + 1);
  for (const std::string_view wrong : {"", "adc", "ADC_CONVERT", "adc_convert ", "adc_conver"}) {
    CHECK_FALSE(cost::find_action(wrong));
  }
  for (const std::string_view wrong : {"", "adc_convert", "Adc", "ad"})
    CHECK_FALSE(cost::find_part(wrong));
}

TEST_CASE("postings under one stage, component, action and parameter add up to one entry") {
  Tally tally;
  const auto weights = tally.component("weights");
  CHECK(tally.component("weights") == weights);
  CHECK(tally.component("biases") != weights);
  const Tally::Stage stage(tally, "train");
  tally.post(weights, Action::adc_convert,
             {.count = 3, .serial = 1, .parameter = 8, .joules = 0.5, .seconds = 2});
  tally.post(tally.component("weights"), Action::adc_convert,
             {.count = 4, .serial = 2, .parameter = 8, .joules = 0.25, .seconds = 1});
  const auto entries = tally.entries();
  REQUIRE(entries.size() == 1);
  CHECK(identity(entries[0]) == std::tuple("train", "weights", Action::adc_convert, 8.0));
  CHECK(sums(entries[0]) == std::tuple(7.0, 3.0, 0.75, 3.0));
}

TEST_CASE("stage, component, action and parameter each keep entries apart") {
  Tally tally;
  const auto a = tally.component("a"), b = tally.component("b");
  tally.post(a, Action::adc_convert, {.count = 1, .parameter = 8});
  tally.post(a, Action::adc_convert, {.count = 2, .parameter = 6});
  tally.post(a, Action::dac_drive, {.count = 3, .parameter = 8});
  tally.post(b, Action::adc_convert, {.count = 4, .parameter = 8});
  {
    const Tally::Stage stage(tally, "s");
    tally.post(a, Action::adc_convert, {.count = 5, .parameter = 8});
  }
  std::vector<double> counts;
  for (const Entry& e : tally.entries()) counts.push_back(e.count);
  std::sort(counts.begin(), counts.end());
  CHECK(counts == std::vector<double>{1, 2, 3, 4, 5});
}

TEST_CASE("a stage lasts as long as its guard, and coming back to it goes on adding") {
  Tally tally;
  const auto a = tally.component("a");
  for (const char* name : {"first", "second", "first"}) {
    const Tally::Stage stage(tally, name);
    tally.post(a, Action::array_read, {.count = 1});
  }
  tally.post(a, Action::array_read, {.count = 10});
  const auto entries = tally.entries();
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].stage.empty());
  CHECK(entries[0].count == 10);
  CHECK(entries[1].stage == "first");
  CHECK(entries[1].count == 2);
  CHECK(entries[2].stage == "second");
  CHECK(entries[2].count == 1);
}

TEST_CASE("a tally knows what cannot be priced, and each reason of a component once") {
  Tally tally;
  const auto first = tally.component("weights", "block 1"), second = tally.component("biases");
  tally.cannot_price(first, "");
  CHECK(tally.unpriced().empty());
  tally.cannot_price(first, "device.v_read");
  tally.cannot_price(first, "device.v_read");
  tally.cannot_price(second, "device.v_read");
  CHECK(tally.unpriced() == std::vector<cost::Unpriced>{{"weights", "device.v_read", "block 1"},
                                                        {"biases", "device.v_read", ""}});
}

TEST_CASE(
    "entries come sorted by stage, component, action and parameter in whatever order they were "
    "posted") {
  Tally forth, back;
  struct Post {
    const char *stage, *component;
    Action action;
    double parameter;
  };
  std::vector<Post> posts;
  for (const char* stage : {"z", "b", "m"}) {
    for (const char* component : {"weights", "biases", "neurons"}) {
      for (const Action action : {Action::memory_write, Action::array_read, Action::adc_convert}) {
        for (const double parameter : {10.0, 9.0, 0.5})
          posts.push_back({stage, component, action, parameter});
      }
    }
  }
  const auto fill = [](Tally& tally, const Post& p) {
    const Tally::Stage stage(tally, p.stage);
    tally.post(tally.component(p.component), p.action, {.count = 1, .parameter = p.parameter});
  };
  for (const Post& p : posts) fill(forth, p);
  std::for_each(posts.rbegin(), posts.rend(), [&](const Post& p) { fill(back, p); });
  const auto a = forth.entries(), b = back.entries();
  REQUIRE(a.size() == posts.size());
  REQUIRE(b.size() == posts.size());
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(identity(a[i]) == identity(b[i]));
  for (std::size_t i = 1; i < a.size(); ++i) CHECK(identity(a[i - 1]) < identity(a[i]));
}

TEST_CASE("entries of another tally are added with a multiplicity, under their own stage") {
  Tally part;
  {
    const Tally::Stage stage(part, "update");
    part.post(part.component("cells"), Action::array_pulse,
              {.count = 3, .serial = 2, .joules = 0.125, .seconds = 0.5});
  }
  part.post(part.component("edge"), Action::edge_add, {.count = 7, .serial = 7, .parameter = 16});

  Tally whole;
  const auto other = whole.component("other");
  {
    const Tally::Stage stage(whole, "own");
    whole.add(part.entries(), 1000);
    whole.post(other, Action::edge_add, {.count = 1, .parameter = 16});
  }
  whole.add(part.entries());
  const auto entries = whole.entries();
  REQUIRE(entries.size() == 3);
  CHECK(identity(entries[0]) == std::tuple("", "edge", Action::edge_add, 16.0));
  CHECK(sums(entries[0]) == std::tuple(7007.0, 7007.0, 0.0, 0.0));
  CHECK(identity(entries[1]) == std::tuple("own", "other", Action::edge_add, 16.0));
  CHECK(identity(entries[2]) == std::tuple("update", "cells", Action::array_pulse, 0.0));
  CHECK(sums(entries[2]) == std::tuple(3003.0, 2002.0, 125.125, 500.5));
}

TEST_CASE("what is overlapped is counted apart, and outlives a checkpoint") {
  Tally tally;
  const auto weights = tally.component("weights");
  for (int i = 0; i < 3; ++i) {
    tally.post(weights, Action::adc_convert, {.count = 5, .serial = 1, .parameter = 8});
    tally.post(weights, Action::adc_convert, {.serial = 4, .parameter = 8, .overlapped = true});
  }
  core::Archive saved;
  tally.state(saved);
  Tally restored;
  static_cast<void>(restored.component("another"));
  core::Archive stored(saved.items());
  restored.state(stored);
  Tally twice;
  twice.add(tally.entries(), 2);
  for (const auto& [entries, times] :
       {std::pair{tally.entries(), 1}, {restored.entries(), 1}, {twice.entries(), 2}}) {
    REQUIRE(entries.size() == 2);
    CHECK(identity(entries[0]) == identity(entries[1]));
    CHECK_FALSE(entries[0].overlapped);
    CHECK(entries[1].overlapped);
    CHECK(sums(entries[0]) == std::tuple(15.0 * times, 3.0 * times, 0.0, 0.0));
    CHECK(sums(entries[1]) == std::tuple(0.0, 12.0 * times, 0.0, 0.0));
  }
}

TEST_CASE("what happens beside something slower counts and dissipates, and takes no time") {
  Tally tally;
  const auto weights = tally.component("weights");
  tally.post(weights, Action::array_read, {.count = 3, .serial = 3, .joules = 0.5, .seconds = 6});
  {
    const Tally::Beside beside(tally);
    tally.post(weights, Action::array_read,
               {.count = 2, .serial = 2, .joules = 0.25, .seconds = 4});
    tally.post(weights, Action::array_read, {.serial = 1, .seconds = 2, .overlapped = true});
    {
      const Tally::Beside deeper(tally);
      tally.post(weights, Action::array_read, {.count = 1, .serial = 1});
    }
    tally.post(weights, Action::pulse_slot, {.serial = 7, .seconds = 7});
    tally.post(weights, Action::adc_convert, {.count = 4, .serial = 4});
  }
  tally.post(weights, Action::array_read, {.count = 1, .serial = 1, .seconds = 2});
  const auto entries = tally.entries();
  REQUIRE(entries.size() == 2);  // nothing is kept of what would have been time alone
  CHECK(entries[0].action == Action::array_read);
  CHECK(sums(entries[0]) == std::tuple(7.0, 4.0, 0.75, 8.0));
  CHECK(entries[1].action == Action::adc_convert);
  CHECK(sums(entries[1]) == std::tuple(4.0, 0.0, 0.0, 0.0));
}

TEST_CASE("counts stay exact whole numbers up to 2^53") {
  Tally tally;
  const auto a = tally.component("a");
  tally.post(a, Action::array_pulse,
             {.count = exact_limit - 100'000, .serial = exact_limit - 100'000});
  for (int i = 0; i < 100'000; ++i) tally.post(a, Action::array_pulse, {.count = 1, .serial = 1});
  CHECK(tally.entries()[0].count == exact_limit);
  CHECK(tally.entries()[0].serial == exact_limit);

  Tally few, many;
  few.post(few.component("a"), Action::array_pulse, {.count = 6361 * 69431.0});
  many.add(few.entries(), 20394401);  // 6361 * 69431 * 20394401 = 2^53 - 1
  CHECK(many.entries()[0].count == exact_limit - 1);
}

TEST_CASE("four thousand components and stages do not run into each other") {
  Tally tally;
  for (int i = 0; i < 4000; ++i) {
    const Tally::Stage stage(tally, "stage " + std::to_string(i));
    tally.post(tally.component("component " + std::to_string(i)), Action::memory_write,
               {.count = static_cast<double>(i), .parameter = 3.5});
  }
  const auto entries = tally.entries();
  CHECK(entries.size() == 4000);
  for (const Entry& e : entries) {
    const std::string number = std::to_string(static_cast<int>(e.count));
    if (e.stage != "stage " + number || e.component != "component " + number ||
        e.parameter != 3.5 || e.action != Action::memory_write) {
      FAIL_CHECK("entry " << e.stage << " of " << e.component << " counts " << e.count);
    }
  }
}

TEST_CASE("holdings are kept in the order they were declared") {
  Tally tally;
  const auto weights = tally.component("weights"), edge = tally.component("edge");
  tally.hold(weights, Part::cell, 4096);
  tally.hold(edge, Part::edge_lane, 16);
  tally.hold(weights, Part::adc, 64, 8);
  tally.hold(weights, Part::cell, 4);
  const auto& held = tally.holdings();
  REQUIRE(held.size() == 4);
  const auto all = [](const cost::Holding& h) {
    return std::tuple(h.component, h.part, h.parameter, h.count);
  };
  CHECK(all(held[0]) == std::tuple("weights", Part::cell, 0.0, 4096.0));
  CHECK(all(held[1]) == std::tuple("edge", Part::edge_lane, 0.0, 16.0));
  CHECK(all(held[2]) == std::tuple("weights", Part::adc, 8.0, 64.0));
  CHECK(all(held[3]) == std::tuple("weights", Part::cell, 0.0, 4.0));
  CHECK(tally.entries().empty());
}

TEST_CASE(
    "logic at an array's edge works on all lanes at once, an accelerator posts operations and "
    "bytes") {
  const auto posted = [](cost::Machine place) {
    Tally tally;
    cost::Edge edge(tally, place, 4);
    const auto c = tally.component("c");
    edge.sigmoids(c, 100);
    edge.random_words(c, 100, 8);
    edge.adds(c, 100, 16);
    edge.multiplies(c, 100, 16);
    edge.buffers(c, 100, 60, 16);
    return tally.entries();
  };
  const auto row = [](const Entry& e) {
    return std::tuple(e.action, e.parameter, e.count, e.serial);
  };

  const auto array = posted(cost::Machine::array);
  REQUIRE(array.size() == 6);
  CHECK(row(array[0]) == std::tuple(Action::edge_multiply, 16.0, 100.0, 25.0));
  CHECK(row(array[1]) == std::tuple(Action::edge_add, 16.0, 100.0, 25.0));
  CHECK(row(array[2]) == std::tuple(Action::edge_sigmoid, 0.0, 100.0, 25.0));
  CHECK(row(array[3]) == std::tuple(Action::edge_random_word, 8.0, 100.0, 25.0));
  CHECK(row(array[4]) == std::tuple(Action::buffer_read, 0.0, 1600.0, 25.0));
  CHECK(row(array[5]) == std::tuple(Action::buffer_write, 0.0, 960.0, 15.0));

  const auto accelerator = posted(cost::Machine::accelerator);
  REQUIRE(accelerator.size() == 3);
  const double flops = 100 * (10 + 50 + 1 + 1);
  CHECK(row(accelerator[0]) == std::tuple(Action::flop_fp32, 0.0, flops, flops));
  CHECK(row(accelerator[1]) == std::tuple(Action::memory_read, 0.0, 200.0, 200.0));
  CHECK(row(accelerator[2]) == std::tuple(Action::memory_write, 0.0, 120.0, 120.0));
}
