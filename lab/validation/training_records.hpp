#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "../../core/fields.hpp"
#include "../../transformer/scale/model_shape.hpp"
#include "../../transformer/scale/training_plan.hpp"

/// What was published of training at scale, as `configs/validation/*.toml` hold it.
namespace ohmlab::validation {

/// A measured step time with its whole plan.
struct StepPoint {
  std::string name, size;
  scale::ModelShape model;
  scale::TrainingPlan plan;
  double seconds = 0;
  std::optional<double> utilisation;
  bool calibration = false;
  std::string source;
  static constexpr auto fields = std::tuple{
      core::field("name", &StepPoint::name, "what it is", core::Need::required),
      core::field("size", &StepPoint::size, "points of one size are left out together",
                  core::Need::required),
      core::field("model", &StepPoint::model, "its shape", core::Need::required),
      core::field("plan", &StepPoint::plan, "how it was shared", core::Need::required),
      core::field("seconds", &StepPoint::seconds, "s", core::above(0), "measured",
                  core::Need::required),
      core::field("utilisation", &StepPoint::utilisation, "", core::fraction, "printed beside it"),
      core::field("calibration", &StepPoint::calibration, "set the frozen constants",
                  core::Need::required),
      core::field("source", &StepPoint::source, "who measured it", core::Need::required),
  };
};

struct StepPoints {
  std::string accelerator;
  std::vector<StepPoint> points;
  static constexpr auto fields = std::tuple{
      core::field("accelerator", &StepPoints::accelerator, "a preset", core::Need::required),
      core::field("points", &StepPoints::points, "measured steps", core::Need::required),
  };
};

/// A training run with the accelerator-hours it took.
struct PublishedRun {
  std::string name, family;
  scale::ModelShape model;
  std::string accelerator;
  std::int64_t accelerators = 1, batch = 1;
  double tokens = 0, hours = 0, parameters = 0;
  std::optional<scale::TrainingPlan> plan;
  std::string assumed, excluded, cause, source;
  static constexpr auto fields = std::tuple{
      core::field("name", &PublishedRun::name, "what it is", core::Need::required),
      core::field("family", &PublishedRun::family, "runs of one family are left out together",
                  core::Need::required),
      core::field("model", &PublishedRun::model, "its shape", core::Need::required),
      core::field("accelerator", &PublishedRun::accelerator, "a preset", core::Need::required),
      core::field("accelerators", &PublishedRun::accelerators, "", core::at_least(1), "how many",
                  core::Need::required),
      core::field("batch", &PublishedRun::batch, "", core::at_least(1), "sequences of a step",
                  core::Need::required),
      core::field("tokens", &PublishedRun::tokens, "", core::above(0), "seen",
                  core::Need::required),
      core::field("hours", &PublishedRun::hours, "", core::above(0), "accelerator-hours",
                  core::Need::required),
      core::field("parameters", &PublishedRun::parameters, "", core::above(0),
                  "as published, in all: checks the shape", core::Need::required),
      core::field(
          "plan", &PublishedRun::plan,
          "what is published of it; with one accelerator to its name, the fastest plan is taken"),
      core::field("assumed", &PublishedRun::assumed, "what is not published"),
      core::field("excluded", &PublishedRun::excluded, "why it is not scored"),
      core::field("cause", &PublishedRun::cause, "of a miss"),
      core::field("source", &PublishedRun::source, "who published it", core::Need::required),
  };
};

struct PublishedRuns {
  std::vector<PublishedRun> runs;
  static constexpr auto fields =
      std::tuple{core::field("runs", &PublishedRuns::runs, "training runs", core::Need::required)};
};

enum class Evidence { independent, estimated, circular };
constexpr std::array<std::string_view, 3> enum_names(Evidence) {
  return {"independent", "estimated", "circular"};
}
enum class Boundary { accelerator, node, facility };
constexpr std::array<std::string_view, 3> enum_names(Boundary) {
  return {"accelerator", "node", "facility"};
}

/// A published power or energy of training.
struct EnergyRecord {
  std::string name, accelerator;
  std::int64_t accelerators = 1, batch = 1;
  Boundary boundary = Boundary::node;
  std::optional<double> watts, joules, tokens;
  Evidence evidence = Evidence::circular;
  bool calibration = false;
  scale::ModelShape model;
  std::optional<scale::TrainingPlan> plan;
  std::string assumed, cause, source;
  static constexpr auto fields = std::tuple{
      core::field("name", &EnergyRecord::name, "what it is", core::Need::required),
      core::field("accelerator", &EnergyRecord::accelerator, "a preset", core::Need::required),
      core::field("accelerators", &EnergyRecord::accelerators, "", core::at_least(1), "how many",
                  core::Need::required),
      core::field("batch", &EnergyRecord::batch, "", core::at_least(1), "sequences of a step",
                  core::Need::required),
      core::field("boundary", &EnergyRecord::boundary, "what the meter saw", core::Need::required),
      core::field("watts", &EnergyRecord::watts, "W", core::above(0),
                  "of one accelerator, on average"),
      core::field("joules", &EnergyRecord::joules, "J", core::above(0), "of the whole run"),
      core::field("tokens", &EnergyRecord::tokens, "", core::above(0), "seen, for joules"),
      core::field("evidence", &EnergyRecord::evidence, "whether it was measured",
                  core::Need::required),
      core::field("calibration", &EnergyRecord::calibration, "a constant was taken from it"),
      core::field("model", &EnergyRecord::model, "its shape", core::Need::required),
      core::field("plan", &EnergyRecord::plan, "what is published of it"),
      core::field("assumed", &EnergyRecord::assumed, "what is not published"),
      core::field("cause", &EnergyRecord::cause, "of a miss"),
      core::field("source", &EnergyRecord::source, "who published it", core::Need::required),
  };
  [[nodiscard]] std::string problem() const {
    if (watts.has_value() == joules.has_value()) return "expected either watts or joules";
    if (joules && !tokens) return "tokens is missing: the energy of a run needs its length";
    return "";
  }
};

struct EnergyRecords {
  std::vector<EnergyRecord> records;
  static constexpr auto fields = std::tuple{
      core::field("records", &EnergyRecords::records, "powers and energies", core::Need::required)};
};

struct TrainingRecords {
  StepPoints steps;
  PublishedRuns runs;
  EnergyRecords energy;
};

/// The tables that come with the program.
[[nodiscard]] TrainingRecords load_training_records();

/// The records that may be scored: measured, and no constant taken from them.
/// \throws core::UserError if `wanted` names a circular record or one that set a constant; an empty
/// `wanted`
///         takes all that may be scored
[[nodiscard]] std::vector<EnergyRecord> evidence(const EnergyRecords& records,
                                                 const std::vector<std::string>& wanted = {});

}  // namespace ohmlab::validation
