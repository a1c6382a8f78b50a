#include "store.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../../io/hdf5.hpp"
#include "report.hpp"

namespace ohmlab::verdict {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr std::array joule_measures{Measure::core, Measure::without_hosts, Measure::node};

/// One number for each level, machine and measure.
using Number = std::function<double(const AtLevel&, std::size_t)>;

struct Cube {
  const Verdict& verdict;
  io::Hdf5Writer& file;

  void write(const std::string& name, std::span<const Measure> over, const std::string& scale,
             const Number& number, const io::Labels& labels) const {
    std::vector<double> values;
    for (const Rung& rung : verdict.rungs) {
      for (const AtLevel& row : rung.machines) {
        for (const Measure m : over) values.push_back(number(row, static_cast<std::size_t>(m)));
      }
    }
    io::Hdf5Shape shape{verdict.rungs.size(), verdict.rungs.front().machines.size()};
    if (!scale.empty()) shape.push_back(over.size());
    file.dataset(name, values, shape, labels);
    file.attach(name, 0, "/level");
    file.attach(name, 1, "/machine");
    if (!scale.empty()) file.attach(name, 2, scale);
  }
};

double cost_part(const AtLevel& row, std::size_t m, double cost::Band::* part) {
  return row.cost[m] ? (*row.cost[m]).*part : none;
}

void write_costs(const Cube& cube) {
  constexpr std::array<Measure, 1> time{Measure::seconds};
  const std::array<std::pair<const char*, double cost::Band::*>, 3> parts{
      {{"", &cost::Band::nominal}, {"_p05", &cost::Band::p05}, {"_p95", &cost::Band::p95}}};
  for (const auto& [ending, part] : parts) {
    const Number number = [part = part](const AtLevel& row, std::size_t m) {
      return cost_part(row, m, part);
    };
    const std::string of = *ending == 0 ? "" : std::string(", percentile ") + (ending + 2);
    cube.write(std::string("/joules") + ending, joule_measures, "/boundary", number,
               {"J", "energy of the middle instance to the level" + of});
    cube.write(std::string("/seconds") + ending, time, "", number,
               {"s", "time of the middle instance to the level" + of});
  }
}

void write_chances(const Cube& cube) {
  const auto write = [&](const std::string& name, double Versus::* part,
                         const std::string& meaning) {
    cube.write("/" + name, measures, "/measure", [part](const AtLevel& row, std::size_t m) {
      return row.against[m] ? (*row.against[m]).*part : none;
    }, {"1", meaning});
  };
  write("ahead", &Versus::ahead, "probability that the analog machine pays less");
  write("ahead_error", &Versus::error, "standard error of ahead");
  write("ahead_prices_alone", &Versus::prices_alone, "ahead if prices alone are uncertain");
  write("ahead_instances_alone", &Versus::instances_alone,
        "ahead if instances and arrivals alone are uncertain");
  const std::array<std::pair<const char*, double cost::Band::*>, 3> parts{
      {{"", &cost::Band::nominal}, {"_p05", &cost::Band::p05}, {"_p95", &cost::Band::p95}}};
  for (const auto& [ending, part] : parts) {
    cube.write(std::string("/factor") + ending, measures, "/measure",
               [part = part](const AtLevel& row, std::size_t m) {
      const double x = row.against[m] ? row.against[m]->factor.*part : none;
      return std::isfinite(x) ? x : none;
    }, {"1", "cost of the machine over that of the analog one"});
  }
}

/// Names of machines, each once: side and place.
std::vector<std::string> machine_names(const Rung& rung) {
  std::vector<std::string> out;
  for (const AtLevel& row : rung.machines)
    out.push_back((row.group == "fixed" ? row.setting : row.group) + ": " + row.title);
  return out;
}

void write_learning(io::Hdf5Writer& file, const Verdict& v) {
  std::vector<std::string> settings, removed;
  std::vector<double> best, gains;
  for (const Reach& reach : v.analog) {
    for (const double value : reach.best) {
      settings.push_back(reach.setting);
      best.push_back(value);
    }
  }
  for (const Cause& cause : v.causes) {
    removed.push_back(cause.removed);
    gains.push_back(cause.gain);
  }
  file.scale("/learning/setting", settings, {"", "analog setting, one row per instance"});
  file.dataset("/learning/best", best, {best.size()}, {v.unit, "best quality on the test"});
  file.attach("/learning/best", 0, "/learning/setting");
  file.dataset("/learning/ideal", v.ideal.best, {v.ideal.best.size()},
               {v.unit, "best quality on the test by exact arithmetic"});
  file.scalar("/learning/untrained", v.untrained, {v.unit, "quality before training"});
  file.scalar("/learning/validated", v.validated, {v.unit, "best analog quality on validation"});
  if (removed.empty()) return;
  file.scale("/causes/removed", removed, {"", "property removed from the best analog setting"});
  file.dataset("/causes/gain", gains, {gains.size()}, {v.unit, "gain of quality on validation"});
  file.attach("/causes/gain", 0, "/causes/removed");
}

/// What the screen says, and the names by which the runs in the folder are found.
void write_words(io::Hdf5Writer& file, const Verdict& v) {
  file.text("/report", fmt::format("{}", fmt::join(report(v), "\n")));
  file.text("/refused", fmt::format("{}", fmt::join(v.refused, "\n")));
  file.attribute("/", "settings_tried", static_cast<std::int64_t>(v.tried));
}

/// Side, title of the place and cheapest setting of each machine.
void write_settings(io::Hdf5Writer& file, const Verdict& v) {
  std::vector<std::string> sides, titles, settings;
  std::vector<double> instances;
  for (const AtLevel& row : v.rungs.front().machines) {
    sides.push_back(row.group);
    titles.push_back(row.title);
  }
  for (const Rung& rung : v.rungs) {
    for (const AtLevel& row : rung.machines) {
      settings.push_back(row.setting);
      instances.push_back(static_cast<double>(row.instances));
    }
  }
  const io::Hdf5Shape shape{v.rungs.size(), sides.size()};
  file.dataset("/side", sides, {sides.size()}, {"", "side: analog, a digital one, or fixed"});
  file.dataset("/title", titles, {titles.size()}, {"", "title of the place that prices it"});
  file.dataset("/setting", settings, shape, {"", "cheapest setting"});
  file.dataset("/instances", instances, shape, {"1", "instances of the cheapest setting"});
  for (const std::string name : {"/setting", "/instances"}) {
    file.attach(name, 0, "/level");
    file.attach(name, 1, "/machine");
  }
  for (const std::string name : {"/side", "/title"}) file.attach(name, 0, "/machine");
}

void write_parts(io::Hdf5Writer& file, const Verdict& v) {
  const Rung* rung = compared_rung(v);
  if (!rung || rung->parts.empty()) return;
  std::vector<std::string> labels;
  std::vector<double> shares;
  for (const Part& part : rung->parts) {
    labels.push_back(part.label);
    shares.push_back(part.share);
  }
  file.scale("/parts/part", labels, {"", "part of the analog bill at the compared level"});
  file.dataset("/parts/share", shares, {shares.size()}, {"1", "share of the joules at the node"});
  file.attach("/parts/share", 0, "/parts/part");
}

std::string moves_text(const std::vector<Move>& moves) {
  std::string out;
  for (const Move& move : moves)
    out += fmt::format("{}{}: {} to {}", out.empty() ? "" : "; ", move.key, move.from.text(),
                       move.to.text());
  return out;
}

/// Numbers of trials: no change, each lever alone at its limit, all together.
void write_improvement(io::Hdf5Writer& file, const Improvement& search, const std::string& unit) {
  std::vector<std::string> labels{"no change"}, rooms{""}, limits{""}, moved{""};
  std::vector<const Trial*> trials{&search.now};
  std::vector<double> enough{none};
  for (const Pulled& pulled : search.levers) {
    labels.push_back(pulled.lever.label);
    rooms.push_back(pulled.lever.room);
    limits.push_back(pulled.lever.limit);
    moved.push_back(moves_text(pulled.moves));
    trials.push_back(&pulled.at_limit);
    enough.push_back(pulled.enough.value_or(none));
  }
  if (search.helpful > 0) {
    labels.emplace_back("all that help, together");
    for (auto* texts : {&rooms, &limits, &moved}) texts->emplace_back();
    trials.push_back(&search.all);
    enough.push_back(search.all_enough.value_or(none));
  }

  file.scale("/improve/trial", labels, {"", "change at its limit, the most helpful first"});
  const io::Hdf5Shape shape{trials.size()};
  const auto write_texts = [&](const std::string& name, const std::vector<std::string>& texts,
                               const std::string& meaning) {
    file.dataset("/improve/" + name, texts, shape, {"", meaning});
    file.attach("/improve/" + name, 0, "/improve/trial");
  };
  write_texts("room", rooms, "device, array or system");
  write_texts("moved", moved, "values that it moves");
  write_texts("limit", limits, "what sets the limit, with its source");
  const auto write = [&](const std::string& name, const std::vector<double>& values,
                         const io::Labels& about) {
    file.dataset("/improve/" + name, values, shape, about);
    file.attach("/improve/" + name, 0, "/improve/trial");
  };
  write("enough", enough, {"1", "least share of the way to the limit that meets the goal alone"});
  std::vector<double> best;
  for (const Trial* trial : trials) best.push_back(std::isfinite(trial->best) ? trial->best : none);
  write("best", best, {unit, "best quality on the test, one instance"});
  for (const Measure measure : measures) {
    std::vector<double> factors, ahead;
    for (const Trial* trial : trials) {
      const auto& against = trial->against[static_cast<std::size_t>(measure)];
      factors.push_back(against && trial->arrives ? against->factor.nominal : none);
      ahead.push_back(against ? against->ahead : none);
    }
    const std::string which(name(measure));
    write("factor_" + which, factors,
          {"1", "cost of the cheapest digital machine over that of the analog one: " + which});
    write("ahead_" + which, ahead,
          {"1", "probability that the analog machine pays less: " + which});
  }
  file.attribute("/improve", "goal", std::string(search.goal == Goal::cost ? "cost" : "quality"));
  file.attribute("/improve", "setting", search.setting);
  file.attribute("/improve", "measure", std::string(name(search.measure)));
  file.attribute("/improve", "target_quality", search.target);
  file.attribute("/improve", "level", search.level);
  file.attribute("/improve", "helpful", static_cast<std::int64_t>(search.helpful));
  file.attribute("/improve", "fewest_together",
                 static_cast<std::int64_t>(search.fewest.value_or(0)));
}

}  // namespace

void write_verdict(const std::filesystem::path& path, const Verdict& v) {
  io::Hdf5Writer file(path);
  file.attribute("/", "format", std::string("ohmlab verdict"));
  const std::vector<std::pair<std::string, std::string>> said{
      {"device", v.device}, {"task", v.task},     {"title", v.title},      {"metric", v.metric},
      {"unit", v.unit},     {"prices", v.prices}, {"unpriced", v.unpriced}};
  for (const auto& [name, text] : said) file.attribute("/", name, text);
  file.attribute("/", "compared_level", v.level.value_or(none));
  file.attribute("/", "draws", v.draws);
  std::vector<double> levels;
  for (const Rung& rung : v.rungs) levels.push_back(rung.level);
  file.scale("/level", levels, {v.unit, "level of " + v.metric});
  write_words(file, v);
  write_learning(file, v);
  write_parts(file, v);
  if (v.improvement && !v.improvement->levers.empty())
    write_improvement(file, *v.improvement, v.unit);
  if (!v.rungs.empty() && !v.rungs.front().machines.empty()) {
    const Rung& first = v.rungs.front();
    file.scale("/machine", machine_names(first), {"", "machine, the analog one first"});
    std::vector<std::string> boundaries, all;
    for (const Measure m : joule_measures) boundaries.emplace_back(name(m));
    for (const Measure m : measures) all.emplace_back(name(m));
    file.scale("/boundary", boundaries, {"", "boundary of the joules"});
    file.scale("/measure", all, {"", "joules at a boundary, or seconds"});
    write_settings(file, v);
    const Cube cube{v, file};
    write_costs(cube);
    write_chances(cube);
    cube.write("/reached", std::array<Measure, 1>{Measure::core}, "",
               [](const AtLevel& row, std::size_t) { return static_cast<double>(row.reached); },
               {"1", "instances that reach the level"});
  }
  file.commit();
}

}  // namespace ohmlab::verdict
