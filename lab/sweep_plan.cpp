#include "ohmlab/lab/sweep_plan.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ohmlab/core/hash.hpp"

namespace ohmlab::lab {
namespace {

constexpr std::size_t most_points = 1'000'000;

/// One place on an axis: what it sets.
using Choice = std::vector<core::Setting>;

/// An axis, spelled out.
struct Walk {
  std::string name;
  std::vector<std::string> keys;    ///< that its points differ in; empty for cases
  std::vector<std::string> labels;  ///< of cases
  std::vector<Choice> choices;
};

std::string last_part(const std::string& key) { return key.substr(key.rfind('.') + 1); }

/// A sweep's value belongs to no file of the experiment: a `kind` that it sets drops what the file says of
/// another.
core::Setting setting(const std::string& key, core::Node value) {
  if (!value.where.source.starts_with("sweep of ")) value.where.source = "sweep of " + value.where.source;
  return {key, std::move(value)};
}

Walk walk_of(const SweepAxis& axis) {
  Walk walk;
  if (!axis.cases.empty()) {
    walk.name = axis.name;
    for (const SweepCase& one : axis.cases) {
      walk.labels.push_back(one.label);
      Choice choice;
      for (const auto& [key, value] : one.set) choice.push_back(setting(key, value));
      walk.choices.push_back(std::move(choice));
    }
    return walk;
  }
  const std::map<std::string, std::vector<core::Node>> lists =
      axis.zip.empty() ? std::map<std::string, std::vector<core::Node>>{{axis.key, axis.values}} : axis.zip;
  walk.name = axis.name.empty() ? last_part(axis.key) : axis.name;
  walk.choices.resize(lists.begin()->second.size());
  for (const auto& [key, values] : lists) {
    walk.keys.push_back(key);
    for (std::size_t i = 0; i < values.size(); ++i) walk.choices[i].push_back(setting(key, values[i]));
  }
  return walk;
}

std::string name_problem(const std::vector<Walk>& walks) {
  std::set<std::string> names{"repeat", "id"};
  for (const Walk& walk : walks) {
    if (!names.insert(walk.name).second) {
      return fmt::format(
          "expected axes of different names, not called \"repeat\" or \"id\"; found \"{}\" "
          "again",
          walk.name);
    }
  }
  return "";
}

/// What a point's resolved config says at a key, as text and, if it is one, as a number.
SweepDimension::Coordinate coordinate_of(const Walk& walk, const std::string& key,
                                         const std::vector<const core::Node*>& resolved) {
  SweepDimension::Coordinate out{key, {}, {}};
  for (std::size_t i = 0; i < resolved.size(); ++i) {
    const core::Node* node = core::find_key(*resolved[i], key);
    if (node && node->is_table()) node = node->find("kind");
    const auto said = std::find_if(walk.choices[i].begin(), walk.choices[i].end(),
                                   [&](const core::Setting& s) { return s.key == key; });
    const core::Node& value = node ? *node : said->value;
    const auto* text = std::get_if<std::string>(&value.value);
    out.labels.push_back(text ? *text : value.text());
    if (const auto* number = std::get_if<double>(&value.value)) out.numbers.push_back(*number);
    if (const auto* integer = std::get_if<std::int64_t>(&value.value)) {
      out.numbers.push_back(static_cast<double>(*integer));
    }
  }
  if (out.numbers.size() != out.labels.size()) out.numbers.clear();
  return out;
}

/// Coordinates of all dimensions, from the points that lie on the axes through the first one.
std::vector<SweepDimension> dimensions_of(const std::vector<Walk>& walks, std::int64_t repeats,
                                          const std::vector<SweepPoint>& points,
                                          const std::vector<std::size_t>& strides) {
  std::vector<SweepDimension> out;
  for (std::size_t a = 0; a < walks.size(); ++a) {
    std::vector<core::Node> trees;
    for (std::size_t i = 0; i < walks[a].choices.size(); ++i) {
      trees.push_back(core::to_node(points[i * strides[a]].plan.experiment));
    }
    std::vector<const core::Node*> resolved;
    for (const core::Node& tree : trees) resolved.push_back(&tree);
    SweepDimension dimension{walks[a].name, {}};
    if (walks[a].keys.empty()) dimension.coordinates.push_back({"", {}, walks[a].labels});
    for (const std::string& key : walks[a].keys) {
      dimension.coordinates.push_back(coordinate_of(walks[a], key, resolved));
    }
    out.push_back(std::move(dimension));
  }
  if (repeats > 1) {
    SweepDimension::Coordinate numbers{"", {}, {}};
    for (std::int64_t r = 0; r < repeats; ++r) {
      numbers.numbers.push_back(static_cast<double>(r));
      numbers.labels.push_back(std::to_string(r));
    }
    out.push_back({"repeat", {std::move(numbers)}});
  }
  return out;
}

/// Digests of the data that points read, each read once.
class Digests {
 public:
  const std::string& of(const Experiment& experiment) {
    return experiment.visit([&](const auto& e) -> const std::string& {
      std::string key;
      if constexpr (requires { e.data; }) key = core::canonical_text(core::to_node(e.data));
      const auto found = known_.find(key);
      return found != known_.end() ? found->second : known_.emplace(key, examples_of(e).digest).first->second;
    });
  }

 private:
  std::map<std::string, std::string> known_;
};

std::string described(const Choice& choice) {
  std::vector<std::string> parts;
  for (const core::Setting& s : choice) parts.push_back(fmt::format("{} = {}", s.key, s.value.text()));
  return fmt::format("{}", fmt::join(parts, ", "));
}

/// One point: the experiment with what the axes set, and its seed moved on.
SweepPoint make_point(const core::Node& tree, const std::filesystem::path& folder,
                      std::span<const core::Setting> settings, const Choice& choice, std::int64_t repeat,
                      Digests& digests) {
  std::vector<core::Setting> all(settings.begin(), settings.end());
  all.insert(all.end(), choice.begin(), choice.end());
  try {
    SweepPoint point;
    point.plan = plan(core::resolve_config(tree, folder, all));
    std::visit([&](auto& experiment) { experiment.seed += repeat; }, point.plan.experiment.choice);
    point.plan.config = core::canonical_text(core::to_node(point.plan.experiment));
    point.id = id_of(point.plan, digests.of(point.plan.experiment));
    return point;
  } catch (const core::UserError& error) {
    if (choice.empty()) throw;
    throw core::UserError(fmt::format("{} (at the point {})", error.what(), described(choice)));
  }
}

}  // namespace

std::string SweepAxis::problem() const {
  const int ways = !(key.empty() && values.empty()) + !zip.empty() + !cases.empty();
  if (ways != 1) return "expected one of: key with values, zip, cases";
  if (cases.empty() && zip.empty() && (key.empty() || values.empty())) {
    return "expected a key and at least one value";
  }
  if (zip.empty() ? name.empty() && !cases.empty() : name.empty()) return "expected a name for this axis";
  for (const auto& [zipped, list] : zip) {
    if (list.empty() || list.size() != zip.begin()->second.size()) {
      return fmt::format("zip: expected lists of equal length, found {} values of {} and {} of {}",
                         zip.begin()->second.size(), zip.begin()->first, list.size(), zipped);
    }
  }
  std::set<std::string> labels;
  for (const SweepCase& one : cases) {
    if (!labels.insert(one.label).second) return fmt::format("two cases are called \"{}\"", one.label);
  }
  if (name.find_first_of("./ ") != std::string::npos) {
    return "name: expected one word without dots and slashes, it names a dimension";
  }
  return "";
}

SweepPlan plan_sweep(core::Node tree, const std::filesystem::path& folder,
                     std::span<const core::Setting> settings) {
  std::vector<core::Setting> of_points;
  for (const core::Setting& s : settings) {
    if (s.key.starts_with("sweep.")) {
      core::set_key(tree, s.key, s.value);
    } else {
      of_points.push_back(s);
    }
  }
  const auto found = tree.table().find("sweep");
  if (found == tree.table().end()) {
    throw core::UserError(tree.where, "sweep", "", "is missing: the table with the axes of a sweep");
  }
  const auto table = core::read<SweepTable>(found->second, "sweep");
  const core::Location where = found->second.where;
  tree.table().erase(found);

  std::vector<Walk> walks;
  auto count = static_cast<std::size_t>(table.repeats);
  for (const SweepAxis& axis : table.axes) {
    walks.push_back(walk_of(axis));
    count *= walks.back().choices.size();
    if (count > most_points) {
      throw core::UserError(where, "sweep.axes", "", fmt::format("expected at most {} points", most_points));
    }
  }
  if (const std::string problem = name_problem(walks); !problem.empty()) {
    throw core::UserError(where, "sweep.axes", "", problem);
  }
  std::vector<std::size_t> strides(walks.size(), static_cast<std::size_t>(table.repeats));
  for (std::size_t a = walks.size(); a-- > 1;) strides[a - 1] = strides[a] * walks[a].choices.size();

  SweepPlan out;
  out.report = table.report;
  Digests digests;
  core::Sha256 hash;
  for (std::size_t number = 0; number < count; ++number) {
    std::vector<std::size_t> at;
    Choice choice;
    for (std::size_t a = 0; a < walks.size(); ++a) {
      at.push_back(number / strides[a] % walks[a].choices.size());
      const Choice& here = walks[a].choices[at.back()];
      choice.insert(choice.end(), here.begin(), here.end());
    }
    const auto repeat = static_cast<std::int64_t>(number % static_cast<std::size_t>(table.repeats));
    if (table.repeats > 1) at.push_back(static_cast<std::size_t>(repeat));
    SweepPoint point = make_point(tree, folder, of_points, choice, repeat, digests);
    point.at = std::move(at);
    hash.add(point.id);
    out.points.push_back(std::move(point));
  }
  out.dimensions = dimensions_of(walks, table.repeats, out.points, strides);
  out.id = hash.hex().substr(0, 16);
  return out;
}

SweepPlan plan_sweep(const std::filesystem::path& file, std::span<const core::Setting> settings) {
  return plan_sweep(core::read_toml(file), file.parent_path(), settings);
}

}  // namespace ohmlab::lab
