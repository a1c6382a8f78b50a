#include "report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../../core/utf8.hpp"
#include "improvement_text.hpp"

namespace ohmlab::verdict {
namespace {

constexpr std::size_t columns = 100, most_causes = 2, most_parts = 4, most_machines = 5,
                      title_width = 34;

constexpr std::size_t place(Measure measure) { return static_cast<std::size_t>(measure); }
constexpr std::size_t node = place(Measure::node), core_ = place(Measure::core);

std::string cut(const std::string& text, std::size_t width) {
  const std::string valid = core::valid_utf8(text);
  if (core::first_characters(valid, width).size() == valid.size()) return valid;
  return std::string(core::first_characters(valid, width - 3)) + "...";
}

/// Power of 1000 of a prefix.
int prefix_of(double value) {
  if (value == 0 || !std::isfinite(value)) return 0;
  return std::clamp(static_cast<int>(std::floor(std::log10(std::abs(value) * 1.0005) / 3)), -6, 5);
}

/// Three digits without a power of ten.
std::string three(double x) {
  return std::isinf(x) ? "inf" : x < 99.95 ? fmt::format("{:.3g}", x) : fmt::format("{:.0f}", x);
}

/// "6.8 [3.7, 30] mJ": all three with the prefix of the first.
std::string compact(const std::optional<cost::Band>& band, const std::string& unit) {
  if (!band) return "-";
  const int prefix = prefix_of(band->nominal);
  const double scale = std::pow(1000.0, -prefix);
  const std::string whole = amount(band->nominal, unit);
  const std::size_t space = whole.find(' ');
  return fmt::format("{} [{}, {}]{}", whole.substr(0, space), three(band->p05 * scale),
                     three(band->p95 * scale), whole.substr(space));
}

/// "12 [5, 60]" of a factor, turned over if the analog machine pays more.
std::string factor_text(const cost::Band& f) {
  if (f.nominal >= 1)
    return fmt::format("{} [{}, {}]", three(f.nominal), three(f.p05), three(f.p95));
  return fmt::format("{} [{}, {}]", three(1 / f.nominal), three(1 / f.p95), three(1 / f.p05));
}

std::string chance(const Versus& versus) {
  return fmt::format("{:.3g} ± {:.1g} %", 100 * versus.ahead, 100 * versus.error);
}

/// "LOSES to", "WINS over", "is undecided beside".
std::string relation(const cost::Band& factor) {
  const std::string word = word_of(factor);
  return word == "WINS" ? "WINS over" : word == "LOSES" ? "LOSES to" : "is UNDECIDED beside";
}

std::string level_text(const Verdict& v, double level) {
  return fmt::format("{:g} {}", level, v.unit);
}

/// The next level above the one compared; nothing if there is none.
std::optional<double> next_level(const Verdict& v) {
  for (const Rung& rung : v.rungs) {
    if (v.level && rung.level > *v.level) return rung.level;
  }
  return std::nullopt;
}

/// Best quality of the setting that comes farthest on the test examples.
const Reach& farthest(const Verdict& v) {
  return *std::max_element(v.analog.begin(), v.analog.end(), [](const Reach& a, const Reach& b) {
    return middle(a.best) < middle(b.best);
  });
}

std::string range_text(const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return fmt::format("{:.4g} ({:.4g} to {:.4g})", middle(values), *low, *high);
}

std::string cause_text(const Verdict& v, std::size_t most) {
  std::vector<std::string> out;
  for (const Cause& cause : v.causes) {
    if (out.size() == most || cause.gain <= 0) break;
    out.push_back(fmt::format("{:+.2f} without {}", cause.gain, cause.removed));
  }
  return out.empty() ? "no device property removed alone raises it"
                     : fmt::format("{}", fmt::join(out, ", "));
}

/// The first lines where nothing is learned.
void add_unlearned(const Verdict& v, std::vector<std::string>& lines) {
  lines.push_back(fmt::format("With {}, analog training of this machine DOES NOT LEARN: {}.",
                              v.device, v.title));
  lines.push_back(fmt::format("Best {:.4g} {} where exact arithmetic has {:.4g}; untrained {:.4g}.",
                              middle(farthest(v).best), v.unit, middle(v.ideal.best), v.untrained));
  if (!v.rungs.empty() && middle(v.ideal.best) < v.rungs.front().level)
    lines.push_back("Exact arithmetic does not learn either: this training is too short to tell.");
}

/// The first lines where it learns: the answer at the node, else at the core.
void add_answer(const Verdict& v, const Rung& rung, std::vector<std::string>& lines) {
  if (!v.unpriced.empty()) {
    lines.push_back(fmt::format(
        "With {}, no verdict on joules: the analog machine cannot be billed.", v.device));
    lines.push_back(fmt::format("  missing: {}", v.unpriced));
    return;
  }
  const std::size_t m = rung.cheapest[node] ? node : core_;
  const std::string where = m == node ? "node" : "core";
  const std::string at = level_text(v, rung.level);
  if (!rung.cheapest[m]) {
    lines.push_back(fmt::format(
        "With {}, analog training reaches {}, which no digital machine does.", v.device, at));
    return;
  }
  const AtLevel& rival = rung.machines[*rung.cheapest[m]];
  const Versus& versus = *rival.against[m];
  lines.push_back(fmt::format("With {}, analog training of this {}", v.device, v.title));
  lines.push_back(fmt::format("{} {} by {} at the {}", relation(versus.factor), rival.title,
                              factor_text(versus.factor), where));
  lines.push_back(fmt::format("at equal quality, {}: ahead in {} of draws.", at, chance(versus)));
}

void add_quality(const Verdict& v, std::vector<std::string>& lines) {
  const Reach& reach = farthest(v);
  std::string first =
      fmt::format("It learns to {} {} on test; exact arithmetic {:.4g}; untrained {:.4g}",
                  range_text(reach.best), v.unit, middle(v.ideal.best), v.untrained);
  lines.push_back(first);
  if (const auto next = next_level(v))
    lines.push_back(fmt::format("  Most of {} sets of devices never reach {}.", reach.best.size(),
                                level_text(v, *next)));
  lines.push_back(fmt::format("  by {}; {} settings were tried on validation examples",
                              reach.setting, v.tried));
  if (!v.refused.empty())
    lines.push_back(fmt::format("  {} ways cannot be built or run on this device: --full says why",
                                v.refused.size()));
}

/// The cheapest machine at the node of each digital group; of chips every one.
std::vector<const AtLevel*> shown(const Rung& rung) {
  std::vector<const AtLevel*> out;
  const auto dearness = [](const AtLevel& row) {
    const auto& cost = row.cost[node] ? row.cost[node] : row.cost[core_];
    return cost ? cost->nominal : std::numeric_limits<double>::infinity();
  };
  for (const AtLevel& row : rung.machines) {
    const auto same = std::find_if(out.begin(), out.end(), [&](const AtLevel* other) {
      return other->group == row.group && row.group != "analog" && row.group != "chip";
    });
    if (same == out.end()) {
      out.push_back(&row);
    } else if (dearness(row) < dearness(**same)) {
      *same = &row;
    }
  }
  if (out.size() > most_machines) out.resize(most_machines);
  return out;
}

std::string name_of(const AtLevel& row) {
  return row.group == "fixed" ? row.setting + ", " + row.title : row.title;
}

void add_costs(const Verdict& v, const Rung& rung, std::vector<std::string>& lines) {
  lines.push_back(fmt::format("{:<36}{:<22}{:<22}{}", "To " + level_text(v, rung.level), "core",
                              "node, with its host", "time"));
  for (const AtLevel* row : shown(rung)) {
    const std::string title = cut(name_of(*row), title_width - 1);
    if (2 * row->reached <= row->instances) {
      lines.push_back(
          fmt::format("  {:<34}{} of {} reach it", title, row->reached, row->instances));
      continue;
    }
    lines.push_back(fmt::format("  {:<34}{:<22}{:<22}{}", title, compact(row->cost[core_], "J"),
                                compact(row->cost[node], "J"),
                                compact(row->cost[place(Measure::seconds)], "s")));
  }
}

/// "LOSES by", "ahead by" and so on.
std::string by_word(const cost::Band& factor) {
  const std::string word = word_of(factor);
  if (word != "undecided") return word + " by";
  return factor.nominal >= 1 ? "ahead by" : "behind by";
}

void add_chances(const Rung& rung, std::vector<std::string>& lines) {
  lines.push_back(fmt::format("{:<49}{}", "Analog against the cheapest digital machine",
                              "ahead (by prices alone, devices alone)"));
  constexpr std::array<std::pair<Measure, const char*>, 4> rows{
      {{Measure::core, "core"},
       {Measure::node, "node"},
       {Measure::without_hosts, "node, no hosts"},
       {Measure::seconds, "time"}}};
  for (const auto& [measure, title] : rows) {
    const auto m = place(measure);
    if (!rung.cheapest[m]) continue;
    const AtLevel& rival = rung.machines[*rung.cheapest[m]];
    const Versus& versus = *rival.against[m];
    lines.push_back(fmt::format("  {:<15}{:<10}{:<22}{:<14} ({:.0f} %, {:.0f} %) {}", title,
                                by_word(versus.factor), factor_text(versus.factor), chance(versus),
                                100 * versus.prices_alone, 100 * versus.instances_alone,
                                cut(rival.title, 22)));
  }
}

/// Chances beside the machines that are shown.
void add_all_chances(const Rung& rung, std::vector<std::string>& lines) {
  const std::size_t m = rung.cheapest[node] ? node : core_;
  for (const AtLevel* row : shown(rung)) {
    if (row->against[m])
      lines.push_back(fmt::format("Ahead at the {} of {}: {}", m == node ? "node" : "core",
                                  name_of(*row), chance(*row->against[m])));
  }
}

/// Factors at some lower levels.
void add_lower(const Verdict& v, std::vector<std::string>& lines) {
  std::vector<std::string> out;
  for (auto rung = v.rungs.rbegin(); rung != v.rungs.rend() && out.size() < 4; ++rung) {
    const std::size_t m = rung->cheapest[node] ? node : core_;
    if (!v.level || rung->level > *v.level - 0.75 || !rung->cheapest[m]) continue;
    const cost::Band& factor = rung->machines[*rung->cheapest[m]].against[m]->factor;
    if (!out.empty() && std::fmod(std::abs(rung->level), 1.0) != 0) continue;
    out.push_back(fmt::format("{:g}: {} {}", rung->level, by_word(factor),
                              three(factor.nominal >= 1 ? factor.nominal : 1 / factor.nominal)));
  }
  if (!out.empty()) lines.push_back(fmt::format("At lower levels: {}", fmt::join(out, "; ")));
}

/// The host's share of the node, then the largest parts of all the rest.
void add_parts(const Rung& rung, std::vector<std::string>& lines) {
  double host = 0;
  for (const Part& part : rung.parts) host += part.label == host_part ? part.share : 0;
  std::vector<std::string> out;
  for (const Part& part : rung.parts) {
    if (part.label == host_part || out.size() == most_parts) continue;
    const double percent = 100 * part.share / (1 - host);
    if (percent >= 0.5) out.push_back(fmt::format("{} {:.0f} %", part.label, percent));
  }
  if (out.empty()) return;
  const std::string first = host > 0 ? fmt::format("host {:.0f} %; of the rest ", 100 * host) : "";
  lines.push_back(fmt::format("Analog joules: {}{}", first, fmt::join(out, ", ")));
}

}  // namespace

std::string amount(double value, const std::string& unit) {
  constexpr std::array<const char*, 12> prefixes{"a", "f", "p", "n", "u", "m",
                                                 "",  "k", "M", "G", "T", "P"};
  const int prefix = prefix_of(value);
  const double scaled = value * std::pow(1000.0, -prefix);
  const int digits = scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f} {}{}", scaled, digits, prefixes[static_cast<std::size_t>(prefix + 6)],
                     unit);
}

std::vector<std::string> report(const Verdict& v) {
  std::vector<std::string> lines;
  const Rung* rung = compared_rung(v);
  if (!rung) {
    add_unlearned(v, lines);
  } else {
    add_answer(v, *rung, lines);
    add_quality(v, lines);
    add_costs(v, *rung, lines);
    if (v.unpriced.empty()) {
      add_chances(*rung, lines);
      if (!v.improvement) add_lower(v, lines);
      add_parts(*rung, lines);
    }
  }
  lines.push_back(fmt::format("In the way of quality, {}: {}", v.unit, cause_text(v, most_causes)));
  for (std::string& line : improvement_lines(v)) lines.push_back(std::move(line));
  lines.push_back(fmt::format("By {}", v.prices));
  for (std::string& line : lines) line = cut(line, columns);
  return lines;
}

std::vector<std::string> full_report(const Verdict& v) {
  std::vector<std::string> out = report(v);
  out.emplace_back();
  for (const Rung& rung : v.rungs) {
    out.push_back(fmt::format("To {}: core; node; node without hosts; time; ahead at the node",
                              level_text(v, rung.level)));
    for (const AtLevel& row : rung.machines) {
      const std::string ahead = row.against[node] ? chance(*row.against[node]) : "";
      out.push_back(fmt::format("  {:<50} {:<40} {} of {}  {:<22} {:<22} {:<22} {:<22} {}",
                                row.title, row.setting, row.reached, row.instances,
                                compact(row.cost[core_], "J"), compact(row.cost[node], "J"),
                                compact(row.cost[place(Measure::without_hosts)], "J"),
                                compact(row.cost[place(Measure::seconds)], "s"), ahead));
    }
  }
  if (const Rung* rung = compared_rung(v)) add_all_chances(*rung, out);
  for (std::string& line : improvement_table(v)) out.push_back(std::move(line));
  for (const Reach& reach : v.analog)
    out.push_back(fmt::format("{}: {:.4g} {}", reach.setting, fmt::join(reach.best, ", "), v.unit));
  for (const Cause& cause : v.causes)
    out.push_back(fmt::format("without {}: {:.4g} {}, {:+.2f}", cause.removed, cause.best, v.unit,
                              cause.gain));
  for (const std::string& line : v.refused) out.push_back("not run: " + line);
  return out;
}

}  // namespace ohmlab::verdict
