#include <filesystem>

#include "ohmlab/lab/experiments.hpp"
#include "ohmlab/lab/sweep_plan.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;

namespace {

/// All quality figures of a point, by name.
std::map<std::string, double> figures(const lab::SweepPoint& point) {
  results::Progress silent;
  return point.plan.experiment->visit([&](const auto& experiment) {
    std::map<std::string, double> out;
    for (const results::Quantity& q :
         experiment.run(lab::examples_of(experiment), silent, {}).quality)
      out[q.name] = q.value;
    return out;
  });
}

}  // namespace

TEST_CASE("every place on every axis of every shipped sweep changes a figure") {
  // Little data, little training, small weights at the bounds of their cells.
  const std::vector<std::string> shorter{"training.epochs=2",      "training.rate=2",
                                         "training.bias_rate=0.1", "data.train_examples=200",
                                         "data.test_examples=100", "model.hidden=6",
                                         "array.weight_scale=1",   "sweep.repeats=1"};
  const std::map<std::string, std::vector<std::string>> of_their_own{
      {"hopfield_capacity", {"units=40", "cues=10", "sweep.repeats=1"}},
      {"circuit_noise",
       {"training.epochs=1", "data.train_examples=100", "data.test_examples=50", "model.hidden=[6]",
        "rule.side=positive", "sweep.repeats=1"}},
      {"tolerance",
       {"training.epochs=1", "data.train_examples=50", "data.test_examples=50", "sweep.repeats=1"}},
      {"twin_circuits",
       {"training.epochs=1", "data.train_examples=50", "data.test_examples=50",
        "sweep.repeats=1"}}};
  int sweeps = 0;
  for (const auto& entry : std::filesystem::directory_iterator(OHMLAB_SWEEPS)) {
    const auto own = of_their_own.find(entry.path().stem().string());
    const lab::SweepPlan plan = lab::plan_sweep(
        entry.path(), core::parse_settings(own == of_their_own.end() ? shorter : own->second));
    ++sweeps;
    const auto origin = figures(plan.points[0]);
    for (const std::string& reported : plan.report) {
      CAPTURE(entry.path().filename().string(), reported);
      CHECK(origin.contains(reported));
    }
    for (const lab::SweepPoint& point : plan.points) {  // those on the axes through the first one
      std::size_t moved = 0, axis = 0;
      for (std::size_t a = 0; a < point.at.size(); ++a) {
        if (point.at[a] == 0) continue;
        ++moved;
        axis = a;
      }
      if (moved != 1) continue;
      CAPTURE(entry.path().filename().string(), plan.dimensions[axis].name,
              plan.dimensions[axis].coordinates[0].labels[point.at[axis]]);
      CHECK(figures(point) != origin);
    }
  }
  CHECK(sweeps >= 3);
}
