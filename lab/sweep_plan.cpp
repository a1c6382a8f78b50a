#include "sweep_plan.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../core/field_values.hpp"
#include "../core/hash.hpp"
#include "../core/presets.hpp"

namespace ohmlab::lab {
namespace {

constexpr std::size_t most_points = 1'000'000;

/// Settings of one place on an axis.
using Choice = std::vector<core::Setting>;

/// An axis with all its choices.
struct Walk {
  std::string name;
  std::vector<std::string> keys;    ///< keys in which the points differ; empty for cases
  std::vector<std::string> labels;  ///< labels of cases
  std::vector<Choice> choices;
};

std::string last_part(const std::string& key) { return key.substr(key.rfind('.') + 1); }

/// A setting of a sweep. Its source is no file of the experiment: a `kind` that it sets drops the
/// file's settings of another kind.
core::Setting setting(const std::string& key, core::Node value) {
  if (!value.where.source.starts_with("sweep of "))
    value.where.source = "sweep of " + value.where.source;
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
  auto lists = axis.zip.items;
  if (lists.empty()) lists.emplace_back(axis.key, axis.values);
  walk.name = axis.name.empty() ? last_part(axis.key) : axis.name;
  walk.choices.resize(lists.front().second.size());
  for (const auto& [key, values] : lists) {
    walk.keys.push_back(key);
    for (std::size_t i = 0; i < values.size(); ++i)
      walk.choices[i].push_back(setting(key, values[i]));
  }
  return walk;
}

/// Names of datasets in the index: the axes, and the further keys of zipped axes.
std::vector<std::string> index_names(const std::vector<Walk>& walks) {
  std::vector<std::string> names;
  for (const Walk& walk : walks) {
    names.push_back(walk.name);
    if (!walk.keys.empty()) names.insert(names.end(), walk.keys.begin() + 1, walk.keys.end());
  }
  return names;
}

/// Problem of the names in the index: forbidden characters, or a name given twice; "" if none.
std::string name_problem(const std::vector<Walk>& walks) {
  std::set<std::string> names{"repeat", "id", "refused"};
  for (const std::string& name : index_names(walks)) {
    if (std::any_of(name.begin(), name.end(), [](char c) { return c == '/' || is_control(c); })) {
      return fmt::format("expected keys without slashes and control characters, found {:?}", name);
    }
    if (!names.insert(name).second) {
      return fmt::format(
          R"(expected axes of different names, not called "repeat", "id", "refused" or like a zipped key; found "{}" again)",
          name);
    }
  }
  return "";
}

/// Keys that a walk sets at any of its places, each once, tables key by key.
std::set<std::string> keys_set(const Walk& walk) {
  std::set<std::string> out;
  for (const Choice& choice : walk.choices) {
    for (const core::Setting& leaf : core::leaves_of(choice)) out.insert(leaf.key);
  }
  return out;
}

/// Keys that a walk sets at all of its places.
std::set<std::string> keys_always_set(const Walk& walk) {
  std::set<std::string> out = keys_set(walk);
  for (const Choice& choice : walk.choices) {
    const Walk here{walk.name, {}, {}, {choice}};
    const std::set<std::string> these = keys_set(here);
    std::erase_if(out, [&](const std::string& key) { return !these.contains(key); });
  }
  return out;
}

/// \throws core::UserError if two axes set one key, or if a setting of all points is on an axis: it
/// would have no effect
void check_keys(const std::vector<Walk>& walks, std::span<const core::Setting> settings,
                const core::Location& where) {
  std::map<std::string, std::string> axis_of;
  for (const Walk& walk : walks) {
    for (const std::string& key : keys_set(walk)) {
      const auto [place, fresh] = axis_of.emplace(key, walk.name);
      if (fresh) continue;
      throw core::UserError(
          where, "sweep.axes", "",
          fmt::format(R"(expected each key on one axis, found {} on "{}" and on "{}")", key,
                      place->second, walk.name));
    }
    const std::set<std::string> always = keys_always_set(walk);
    for (const core::Setting& leaf : core::leaves_of(settings)) {
      if (!always.contains(leaf.key)) continue;
      throw core::UserError(
          leaf.value.where, leaf.key, leaf.value.text(),
          fmt::format(R"(the axis "{}" sets this key at every point: expected another key)",
                      walk.name));
    }
  }
}

/// True if a double holds this integer exactly.
bool is_exact(std::int64_t integer) {
  constexpr std::int64_t most = std::int64_t{1} << 53;
  return integer >= -most && integer <= most;
}

/// Values of a key in the resolved configs of an axis: as text and, if all are numbers, as numbers.
/// Tables are named by their kind, or as written if kinds repeat.
SweepDimension::Coordinate coordinate_of(const Walk& walk, const std::string& key,
                                         const std::vector<const core::Node*>& resolved) {
  SweepDimension::Coordinate out{key, {}, {}, true};
  std::vector<std::string> written;
  for (std::size_t i = 0; i < resolved.size(); ++i) {
    const core::Node* node = core::find_key(*resolved[i], key);
    const bool table = node && node->is_table();
    if (table) node = node->find("kind");
    const auto said = std::find_if(walk.choices[i].begin(), walk.choices[i].end(),
                                   [&](const core::Setting& s) { return s.key == key; });
    const core::Node& value = node ? *node : said->value;
    const auto* text = std::get_if<std::string>(&value.value);
    out.labels.push_back(text ? *text : value.text());
    written.push_back(table && said->value.is_table() ? said->value.text() : out.labels.back());
    if (const auto* number = std::get_if<double>(&value.value)) {
      out.numbers.push_back(*number);
      out.whole = false;
    }
    if (const auto* integer = std::get_if<std::int64_t>(&value.value);
        integer && is_exact(*integer)) {
      out.numbers.push_back(static_cast<double>(*integer));
    }
  }
  const bool repeats = std::set(out.labels.begin(), out.labels.end()).size() < out.labels.size();
  if (repeats) out.labels = std::move(written);
  if (out.numbers.size() != out.labels.size()) out.numbers.clear();
  return out;
}

/// \throws core::UserError if two places on an axis have the same name
void check_coordinate(const SweepDimension& dimension, const core::Location& where) {
  const SweepDimension::Coordinate& own = dimension.coordinates.front();
  std::set<std::string> seen;
  for (const std::string& label : own.labels) {
    if (seen.insert(label).second) continue;
    const bool zipped = dimension.coordinates.size() > 1;
    throw core::UserError(
        where, "sweep.axes", "",
        fmt::format(R"(the axis "{}" has {} = {} twice: expected {})", dimension.name, own.key,
                    label,
                    zipped ? "a first key whose values differ, or cases with labels"
                           : "values that differ"));
  }
}

/// For each place on an axis its first point that is not left out.
/// \throws core::UserError if there is none
std::vector<const SweepPoint*> examples_on(const Walk& walk, std::size_t axis,
                                           const std::vector<SweepPoint>& points,
                                           const core::Location& where) {
  std::vector<const SweepPoint*> out(walk.choices.size(), nullptr);
  for (const SweepPoint& point : points) {
    const SweepPoint*& example = out[point.at[axis]];
    if (!example && point.refused.empty()) example = &point;
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i]) continue;
    const auto refused = std::find_if(points.begin(), points.end(),
                                      [&](const SweepPoint& point) { return point.at[axis] == i; });
    throw core::UserError(where, "sweep.axes", "",
                          fmt::format("expected points that are not refused at each place on the "
                                      "axis \"{}\", found none at its place {}; the first says: {}",
                                      walk.name, i + 1, refused->refused));
  }
  return out;
}

/// Coordinates of all dimensions, from points that are run.
std::vector<SweepDimension> dimensions_of(const std::vector<Walk>& walks, std::int64_t repeats,
                                          const std::vector<SweepPoint>& points,
                                          const core::Location& where) {
  std::vector<SweepDimension> out;
  for (std::size_t a = 0; a < walks.size(); ++a) {
    std::vector<core::Node> trees;
    for (const SweepPoint* point : examples_on(walks[a], a, points, where))
      trees.push_back(tree_of(point->plan));
    std::vector<const core::Node*> resolved;
    for (const core::Node& tree : trees) resolved.push_back(&tree);
    SweepDimension dimension{walks[a].name, {}};
    if (walks[a].keys.empty()) dimension.coordinates.push_back({"", {}, walks[a].labels, false});
    for (const std::string& key : walks[a].keys) {
      dimension.coordinates.push_back(coordinate_of(walks[a], key, resolved));
    }
    out.push_back(std::move(dimension));
  }
  if (repeats > 1) {
    SweepDimension::Coordinate numbers{"", {}, {}, true};
    for (std::int64_t r = 0; r < repeats; ++r) {
      numbers.numbers.push_back(static_cast<double>(r));
      numbers.labels.push_back(std::to_string(r));
    }
    out.push_back({"repeat", {std::move(numbers)}});
  }
  return out;
}

std::string described(const Choice& choice) {
  std::vector<std::string> parts;
  for (const core::Setting& s : choice)
    parts.push_back(fmt::format("{} = {}", s.key, s.value.text()));
  return fmt::format("{}", fmt::join(parts, ", "));
}

/// \throws core::UserError if a later axis replaced the table of a value that another axis set
void check_kept(const core::Node& config, const Choice& choice) {
  for (const core::Setting& leaf : core::leaves_of(choice)) {
    if (leaf.value.is_table() || leaf.key == "base" || leaf.key.ends_with(".base")) continue;
    const core::Node* found = core::find_key(config, leaf.key);
    if (found && found->is_table()) found = found->find("kind");  // `pulse = "ideal"` as a table
    if (found && found->text() == leaf.value.text()) continue;
    throw core::UserError(leaf.value.where, leaf.key, leaf.value.text(),
                          "another axis, later, replaces the table that this key is in: expected "
                          "the axes in the other order");
  }
}

/// One point: the experiment with the settings of the axes, its seed moved on by `repeat`.
SweepPoint make_point(const core::Node& tree, const std::filesystem::path& folder,
                      std::span<const core::Setting> settings, const Choice& choice,
                      std::int64_t repeat, DataDigests& digests) {
  std::vector<core::Setting> all(settings.begin(), settings.end());
  all.insert(all.end(), choice.begin(), choice.end());
  try {
    SweepPoint point;
    const core::Node config = core::resolve_config(tree, folder, all);
    check_kept(config, choice);
    point.plan = with_next_seed(plan(config), repeat);
    point.id = id_of(point.plan, digests.of(point.plan));
    return point;
  } catch (const core::UserError& error) {
    if (choice.empty()) throw;
    throw core::UserError(fmt::format("{} (at the point {})", error.what(), described(choice)));
  }
}

}  // namespace

std::string headline(const std::vector<std::string>& figures) {
  for (const char* score : {"test_log_likelihood", "ais_test_log_likelihood",
                            "test_bits_per_character", "test_accuracy"}) {
    if (std::find(figures.begin(), figures.end(), score) != figures.end()) return score;
  }
  return figures.empty() ? "" : figures.front();
}

std::string index_name(const SweepPlan& plan, const std::string& figure) {
  std::set<std::string> taken{"id", "refused"};
  for (const SweepDimension& dimension : plan.dimensions) {
    taken.insert(dimension.name);
    for (const SweepDimension::Coordinate& coordinate : dimension.coordinates)
      taken.insert(coordinate.key);
  }
  std::string name = figure;
  while (taken.contains(name)) name.insert(0, "quality_");
  return name;
}

SweepPlan plan_sweep(core::Node tree, const std::filesystem::path& folder,
                     std::span<const core::Setting> settings) {
  std::vector<core::Setting> of_points;
  for (const core::Setting& s : core::leaves_of(settings)) {
    if (s.key.starts_with("sweep.")) {
      core::set_key(tree, s.key, s.value);
    } else {
      of_points.push_back(s);
    }
  }
  const auto found = tree.table().find("sweep");
  if (found == tree.table().end()) {
    throw core::UserError(tree.where, "sweep", "",
                          "is missing: the table with the axes of a sweep");
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
      throw core::UserError(where, "sweep.axes", "",
                            fmt::format("expected at most {} points", most_points));
    }
  }
  if (const std::string problem = name_problem(walks); !problem.empty()) {
    throw core::UserError(where, "sweep.axes", "", problem);
  }
  check_keys(walks, of_points, where);
  std::vector<std::size_t> strides(walks.size(), static_cast<std::size_t>(table.repeats));
  for (std::size_t a = walks.size(); a-- > 1;)
    strides[a - 1] = strides[a] * walks[a].choices.size();

  SweepPlan out;
  out.report = table.report;
  DataDigests digests;
  core::Sha256 hash;
  std::map<std::string, std::int64_t> repeat_of;
  std::set<std::string> doubted;
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
    SweepPoint point;
    try {
      point = make_point(tree, folder, of_points, choice, repeat, digests);
    } catch (const core::UserError& error) {
      if (table.refused == Refused::stop) throw;
      point.refused = error.what();
    }
    point.at = std::move(at);
    point.may_be_left_out = table.refused == Refused::leave_out;
    hash.add(point.id);
    if (!point.refused.empty()) {
      out.points.push_back(std::move(point));
      continue;
    }
    if (const auto [place, fresh] = repeat_of.emplace(point.id, repeat);
        !fresh && place->second != repeat) {
      throw core::UserError(
          where, "sweep.repeats", std::to_string(table.repeats),
          fmt::format("seeds overlap: repeat {} of one point is repeat {} of another, and no draw "
                      "of its own; expected seeds at least {} apart, or no repeats",
                      place->second, repeat, table.repeats));
    }
    for (const std::string& warning : point.plan.warnings) {
      if (doubted.insert(warning).second) out.warnings.push_back(warning);
    }
    out.points.push_back(std::move(point));
  }
  out.dimensions = dimensions_of(walks, table.repeats, out.points, where);
  for (const SweepDimension& dimension : out.dimensions) check_coordinate(dimension, where);
  out.id = hash.hex().substr(0, 16);
  return out;
}

SweepPlan plan_sweep(const std::filesystem::path& name, std::span<const core::Setting> settings) {
  const std::filesystem::path file = core::find_config(name.string());
  return plan_sweep(core::read_toml(file), file.parent_path(), settings);
}

}  // namespace ohmlab::lab
