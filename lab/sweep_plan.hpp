#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../core/fields.hpp"
#include "plan.hpp"

namespace ohmlab::lab {

/// True for characters that no name and no label of a sweep may have.
[[nodiscard]] constexpr bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// One case of an axis: a labelled set of settings.
struct SweepCase {
  std::string label;
  std::map<std::string, core::Node> set;
  static constexpr auto fields = core::Fields{
      core::field("label", &SweepCase::label, "name of the point on its axis",
                  core::Need::required),
      core::field("set", &SweepCase::set, "values by dotted key; none leaves the config as it is"),
  };
};

/// One axis of a sweep: values of a key, values of several keys that move together, or cases.
struct SweepAxis {
  std::string name, key;
  std::vector<core::Node> values;
  core::Ordered<std::vector<core::Node>> zip;
  std::vector<SweepCase> cases;
  static constexpr auto fields = core::Fields{
      core::field("name", &SweepAxis::name,
                  "dimension of the cube; by default the last part of `key`"),
      core::field("key", &SweepAxis::key, "dotted key that takes the values"),
      core::field("values", &SweepAxis::values, "values of `key`"),
      core::field("zip", &SweepAxis::zip,
                  "lists of equal length by dotted key, walked together; the first key names the "
                  "points"),
      core::field("cases", &SweepAxis::cases, "labelled sets of values"),
  };
  [[nodiscard]] std::string problem() const;
};

/// What a sweep does with a point whose config is refused.
enum class Refused { stop, leave_out };
constexpr std::array<std::string_view, 2> enum_names(Refused /*unused*/) {
  return {"stop", "leave_out"};
}

/// The table `[sweep]` of a config; the rest of the config is the experiment.
struct SweepTable {
  static constexpr std::string_view name = "sweep";
  static constexpr std::string_view summary =
      "Runs that a sweep makes of the experiment in the same config.";

  std::int64_t repeats = 1;
  std::vector<SweepAxis> axes;
  Refused refused = Refused::stop;
  std::vector<std::string> report;
  static constexpr auto fields = core::Fields{
      core::field(
          "repeats", &SweepTable::repeats, "", core::between(1, 100000),
          "runs of each point with the seeds seed, seed + 1, …: other devices, other draws"),
      core::field("axes", &SweepTable::axes, "the axes, the first one slowest"),
      core::field("refused", &SweepTable::refused,
                  "stop: a point whose config is refused stops the sweep before it starts; "
                  "leave_out: the other points run, and the index says why"),
      core::field("report", &SweepTable::report,
                  "quality figures that are printed at the end; by default the likelihood or the "
                  "score of the experiment"),
  };
};

/// A dimension of the cube that a sweep fills.
struct SweepDimension {
  /// Names of the points along one key.
  struct Coordinate {
    std::string key;  ///< dotted key, or "" for labels
    /// Values in SI units as the runs use them; empty if not all are numbers
    std::vector<double> numbers;
    std::vector<std::string> labels;  ///< the values as text
    bool whole = false;               ///< true if the numbers are values of an integer
  };
  std::string name;
  std::vector<Coordinate> coordinates;  ///< the first is the dimension's own
  [[nodiscard]] std::size_t size() const { return coordinates.front().labels.size(); }
};

/// One run of a sweep.
struct SweepPoint {
  std::vector<std::size_t> at;   ///< index on each dimension
  std::string id;                ///< "" if the point is left out
  Plan plan;                     ///< empty if the point is left out
  std::string refused;           ///< why the point is left out; "" if it is run
  bool may_be_left_out = false;  ///< a run that is refused at its start leaves the point out too
};

struct SweepPlan {
  std::string id;  ///< hash over the ids of all points
  /// Dimensions, slowest first; "repeat" is the last, if runs are repeated
  std::vector<SweepDimension> dimensions;
  std::vector<SweepPoint> points;  ///< points, row-major over the dimensions
  std::vector<std::string> report;
  std::vector<std::string> warnings;  ///< doubts about the config, one line each; each once
};

/// Figure that a sweep prints by default: the score of its experiments, else the first figure.
[[nodiscard]] std::string headline(const std::vector<std::string>& figures);

/// Name of a quality figure in the index: preceded by `quality_` if an axis or key has this name.
[[nodiscard]] std::string index_name(const SweepPlan& plan, const std::string& figure);

/// Expands a sweep and checks every point, data included, before any of them runs.
///
/// \param folder    folder of the bases and data that the tree names
/// \param settings  override values of every point; keys "sweep.…" override the sweep itself
/// \throws core::UserError naming file, line, key and value of an error, and its point; a sweep
/// that leaves out what is refused throws if every point at some place on an axis is
[[nodiscard]] SweepPlan plan_sweep(core::Node tree, const std::filesystem::path& folder,
                                   std::span<const core::Setting> settings = {});
[[nodiscard]] SweepPlan plan_sweep(const std::filesystem::path& file,
                                   std::span<const core::Setting> settings = {});

}  // namespace ohmlab::lab
