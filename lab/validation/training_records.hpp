#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "../../transformer/scale/model_shape.hpp"
#include "../../transformer/scale/training_plan.hpp"

/// Published figures of training at scale, as in `configs/validation/*.toml`.
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
  static constexpr auto fields = core::Fields{
      core::field("name", &StepPoint::name, "name of the point", core::Need::required),
      core::field("size", &StepPoint::size,
                  "size of the model; points of one size are left out together",
                  core::Need::required),
      core::field("model", &StepPoint::model, "shape of the model", core::Need::required),
      core::field("plan", &StepPoint::plan, "plan of the step", core::Need::required),
      core::field("seconds", &StepPoint::seconds, "s", core::above(0), "measured time of the step",
                  core::Need::required),
      core::field("utilisation", &StepPoint::utilisation, "", core::fraction,
                  "utilisation printed with the time"),
      core::field("calibration", &StepPoint::calibration, "true if it set the frozen constants",
                  core::Need::required),
      core::field("source", &StepPoint::source, "publication of the measurement",
                  core::Need::required),
  };
};

struct StepPoints {
  std::string accelerator;
  std::vector<StepPoint> points;
  static constexpr auto fields = core::Fields{
      core::field("accelerator", &StepPoints::accelerator, "preset of the accelerator",
                  core::Need::required),
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
  std::optional<double> active;
  bool step = false;
  std::optional<scale::TrainingPlan> plan;
  std::string assumed, excluded, cause, source;
  static constexpr auto fields = core::Fields{
      core::field("name", &PublishedRun::name, "name of the run", core::Need::required),
      core::field("family", &PublishedRun::family,
                  "family of the run; runs of one family are left out together",
                  core::Need::required),
      core::field("model", &PublishedRun::model, "shape of the model", core::Need::required),
      core::field("accelerator", &PublishedRun::accelerator, "preset of the accelerator",
                  core::Need::required),
      core::field("accelerators", &PublishedRun::accelerators, "", core::at_least(1),
                  "number of accelerators", core::Need::required),
      core::field("batch", &PublishedRun::batch, "", core::at_least(1), "sequences per step",
                  core::Need::required),
      core::field("tokens", &PublishedRun::tokens, "", core::above(0), "tokens seen",
                  core::Need::required),
      core::field("hours", &PublishedRun::hours, "", core::above(0), "accelerator-hours",
                  core::Need::required),
      core::field("parameters", &PublishedRun::parameters, "", core::above(0),
                  "published number of all parameters; checks the shape", core::Need::required),
      core::field("active", &PublishedRun::active, "", core::above(0),
                  "published number of the parameters that work on a token; checks the shape"),
      core::field("step", &PublishedRun::step,
                  "the hours are those of one measured step, not of a whole run"),
      core::field(
          "plan", &PublishedRun::plan,
          "published part of the plan; if it has one accelerator, the fastest plan is taken"),
      core::field("assumed", &PublishedRun::assumed, "assumptions where nothing is published"),
      core::field("excluded", &PublishedRun::excluded, "reason why it is not scored"),
      core::field("cause", &PublishedRun::cause, "cause of a miss"),
      core::field("source", &PublishedRun::source, "publication of the figures",
                  core::Need::required),
  };
};

struct PublishedRuns {
  std::vector<PublishedRun> runs;
  static constexpr auto fields = core::Fields{
      core::field("runs", &PublishedRuns::runs, "training runs", core::Need::required)};
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
  static constexpr auto fields = core::Fields{
      core::field("name", &EnergyRecord::name, "name of the record", core::Need::required),
      core::field("accelerator", &EnergyRecord::accelerator, "preset of the accelerator",
                  core::Need::required),
      core::field("accelerators", &EnergyRecord::accelerators, "", core::at_least(1),
                  "number of accelerators", core::Need::required),
      core::field("batch", &EnergyRecord::batch, "", core::at_least(1), "sequences per step",
                  core::Need::required),
      core::field("boundary", &EnergyRecord::boundary, "boundary of the meter",
                  core::Need::required),
      core::field("watts", &EnergyRecord::watts, "W", core::above(0),
                  "mean power of one accelerator"),
      core::field("joules", &EnergyRecord::joules, "J", core::above(0), "energy of the whole run"),
      core::field("tokens", &EnergyRecord::tokens, "", core::above(0), "tokens seen, for joules"),
      core::field("evidence", &EnergyRecord::evidence,
                  "measured independently, estimated or circular", core::Need::required),
      core::field("calibration", &EnergyRecord::calibration,
                  "true if a constant was taken from it"),
      core::field("model", &EnergyRecord::model, "shape of the model", core::Need::required),
      core::field("plan", &EnergyRecord::plan, "published part of the plan"),
      core::field("assumed", &EnergyRecord::assumed, "assumptions where nothing is published"),
      core::field("cause", &EnergyRecord::cause, "cause of a miss"),
      core::field("source", &EnergyRecord::source, "publication of the figures",
                  core::Need::required),
  };
  [[nodiscard]] std::string problem() const {
    if (watts.has_value() == joules.has_value()) return "expected either watts or joules";
    if (joules && !tokens) return "tokens is missing: the energy of a run needs its length";
    return "";
  }
};

struct EnergyRecords {
  std::vector<EnergyRecord> records;
  static constexpr auto fields = core::Fields{
      core::field("records", &EnergyRecords::records, "powers and energies", core::Need::required)};
};

struct TrainingRecords {
  StepPoints steps;
  PublishedRuns runs;
  EnergyRecords energy;
};

/// Reads the tables that come with the program.
[[nodiscard]] TrainingRecords load_training_records();

/// Records that may be scored: measured independently, with no constant taken from them.
/// \throws core::UserError if `wanted` names another record; an empty `wanted` takes all of them
[[nodiscard]] std::vector<EnergyRecord> evidence(const EnergyRecords& records,
                                                 const std::vector<std::string>& wanted = {});

}  // namespace ohmlab::validation
