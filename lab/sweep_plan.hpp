#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "../core/fields.hpp"
#include "plan.hpp"

namespace ohmlab::lab {

/// One choice of an axis of cases: settings that belong together, under a label.
struct SweepCase {
  std::string label;
  std::map<std::string, core::Node> set;
  static constexpr auto fields = std::tuple{
      core::field("label", &SweepCase::label, "what the point is called on its axis",
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
  static constexpr auto fields = std::tuple{
      core::field("name", &SweepAxis::name,
                  "dimension of the cube; the last part of `key` unless given"),
      core::field("key", &SweepAxis::key, "dotted key that takes the values"),
      core::field("values", &SweepAxis::values, "values of `key`"),
      core::field("zip", &SweepAxis::zip,
                  "lists of equal length by dotted key, walked together; points are called by the "
                  "first key"),
      core::field("cases", &SweepAxis::cases, "labelled sets of values"),
  };
  [[nodiscard]] std::string problem() const;
};

/// The table `[sweep]` of a config: everything else in it is the experiment that is repeated.
struct SweepTable {
  static constexpr std::string_view name = "sweep";
  static constexpr std::string_view summary =
      "Beside an experiment in a config: the runs that a sweep makes of it.";

  std::int64_t repeats = 1;
  std::vector<SweepAxis> axes;
  std::vector<std::string> report;
  static constexpr auto fields = std::tuple{
      core::field(
          "repeats", &SweepTable::repeats, "", core::between(1, 100000),
          "runs of each point with the seeds seed, seed + 1, …: other devices, other draws"),
      core::field("axes", &SweepTable::axes, "the axes, the first one slowest"),
      core::field("report", &SweepTable::report,
                  "quality figures that are printed at the end; the likelihood, or what the "
                  "experiment is scored by, unless given"),
  };
};

/// A dimension of the cube that a sweep fills.
struct SweepDimension {
  /// What the points are called along one of its keys.
  struct Coordinate {
    std::string key;  ///< dotted, or "" for labels
    /// In SI units as the runs use them; empty if not all are numbers
    std::vector<double> numbers;
    std::vector<std::string> labels;  ///< the same as text
  };
  std::string name;
  std::vector<Coordinate> coordinates;  ///< the first one is the dimension's own
  [[nodiscard]] std::size_t size() const { return coordinates.front().labels.size(); }
};

/// One run of a sweep.
struct SweepPoint {
  std::vector<std::size_t> at;  ///< index on each dimension
  std::string id;
  Plan plan;
};

struct SweepPlan {
  std::string id;  ///< of the whole: a hash over its points
  /// The first one slowest; "repeat" is the last, if repeated
  std::vector<SweepDimension> dimensions;
  std::vector<SweepPoint> points;  ///< row-major over the dimensions
  std::vector<std::string> report;
  std::vector<std::string> warnings;  ///< doubts about the config, one line each; each once
};

/// The figure that a sweep prints unless told: the one that its experiments are scored by, else the
/// first.
[[nodiscard]] std::string headline(const std::vector<std::string>& figures);

/// The name of a quality figure in the index, where no axis and no key has it.
[[nodiscard]] std::string index_name(const SweepPlan& plan, const std::string& figure);

/// Expands a sweep and checks every point, data included, before any of them runs.
///
/// \param folder    where bases and data of the tree are sought
/// \param settings  go over every point; those of "sweep.…" over the sweep itself
/// \throws core::UserError naming file, line, key and value of what is wrong, and the point that it
/// is wrong in
[[nodiscard]] SweepPlan plan_sweep(core::Node tree, const std::filesystem::path& folder,
                                   std::span<const core::Setting> settings = {});
[[nodiscard]] SweepPlan plan_sweep(const std::filesystem::path& file,
                                   std::span<const core::Setting> settings = {});

}  // namespace ohmlab::lab
