#include "improvement_text.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ohmlab::verdict {
namespace {

constexpr std::size_t most_named = 3;

/// "ahead by 1.3", "behind by 12", "never there"
std::string standing(const Trial& trial, Measure measure) {
  const auto& against = trial.against[static_cast<std::size_t>(measure)];
  if (!trial.failed.empty()) return "not possible";
  if (!trial.arrives) return "never there";
  if (!against) return "not billed";
  const double factor = against->factor.nominal;
  return factor >= 1 ? fmt::format("ahead by {:.3g}", factor)
                     : fmt::format("behind by {:.3g}", 1 / factor);
}

std::string reached_text(const Trial& trial, const Improvement& search, const std::string& unit) {
  return search.goal == Goal::quality ? fmt::format("{:.4g} {}", trial.best, unit)
                                      : standing(trial, search.measure);
}

/// "turns it", "reaches -19.1 nat"
std::string aim(const Improvement& search, const std::string& unit) {
  return search.goal == Goal::quality ? fmt::format("reaches {:.4g} {}", search.target, unit)
                                      : "turns it";
}

std::string share_text(double share) {
  return share < 1 ? fmt::format("{:.0f} % of its way", 100 * share) : "at its limit";
}

/// "Changes up to their limits, node, -19 nat, now behind by 64.2:"
std::string head_line(const Improvement& search, const std::string& unit) {
  if (search.goal == Goal::quality)
    return fmt::format("Changes up to their limits, one instance, now {:.4g} {}:", search.now.best,
                       unit);
  return fmt::format(
      "Changes up to their limits, one instance, {}, {:g} {}, now {}:", name(search.measure),
      search.level, unit, standing(search.now, search.measure));
}

std::string alone_line(const Improvement& search, const std::string& unit) {
  std::vector<std::string> enough, most;
  for (const Pulled& pulled : search.levers) {
    if (pulled.enough && enough.size() < most_named)
      enough.push_back(fmt::format("{} ({})", pulled.lever.label, share_text(*pulled.enough)));
    if (most.size() < 2)
      most.push_back(
          fmt::format("{}: {}", pulled.lever.label, reached_text(pulled.at_limit, search, unit)));
  }
  return enough.empty()
             ? fmt::format("  no single one {}; {}", aim(search, unit), fmt::join(most, "; "))
             : fmt::format("  alone {}: {}", aim(search, unit), fmt::join(enough, "; "));
}

std::string together_line(const Improvement& search, const std::string& unit) {
  if (search.helpful == 0) return "  none helps";
  const std::string all = fmt::format("  the {} that help, together", search.helpful);
  if (!search.all_enough) return fmt::format("{}: {}", all, reached_text(search.all, search, unit));
  const std::string way =
      fmt::format("{}: enough at {:.0f} % of their way", all, 100 * *search.all_enough);
  if (!search.fewest) return way;
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < *search.fewest; ++i) labels.push_back(search.levers[i].lever.label);
  return fmt::format("{}; the fewest: {}", way, fmt::join(labels, ", "));
}

}  // namespace

std::vector<std::string> improvement_lines(const Verdict& v) {
  if (!v.improvement || v.improvement->levers.empty()) return {};
  const Improvement& search = *v.improvement;
  if (meets(search.now, search))
    return {fmt::format("One instance {} without any change; effects of {} changes: --full",
                        aim(search, v.unit), search.levers.size())};
  return {head_line(search, v.unit), alone_line(search, v.unit), together_line(search, v.unit)};
}

std::vector<std::string> improvement_table(const Verdict& v) {
  if (!v.improvement || v.improvement->levers.empty()) return {};
  const Improvement& search = *v.improvement;
  std::vector<std::string> out;
  const auto add = [&](const std::string& label, const Trial& trial, const std::string& rest) {
    out.push_back(fmt::format("  {:<44} {:>10} {}  {:<16} {:<16} {:<16} {}", label,
                              std::isfinite(trial.best) ? fmt::format("{:.4g}", trial.best) : "-",
                              v.unit, standing(trial, Measure::node),
                              standing(trial, Measure::core), standing(trial, Measure::seconds),
                              rest));
  };
  out.push_back(
      fmt::format("Changes to {}, one instance at {:g} {}: best quality; node; core; time",
                  search.setting, search.level, v.unit));
  add("none", search.now, "");
  for (const Pulled& pulled : search.levers) {
    std::vector<std::string> moved;
    for (const Move& move : pulled.moves)
      moved.push_back(fmt::format("{} {} -> {}", move.key, move.from.text(), move.to.text()));
    add(pulled.lever.label, pulled.at_limit,
        fmt::format("{}{}limit: {}{}{}", fmt::join(moved, ", "), moved.empty() ? "" : "; ",
                    pulled.lever.limit, pulled.at_limit.failed.empty() ? "" : "; ",
                    pulled.at_limit.failed));
  }
  if (search.helpful > 0)
    add(fmt::format("the first {} together", search.helpful), search.all, search.all.failed);
  out.push_back(fmt::format("{} trials", search.trials));
  return out;
}

}  // namespace ohmlab::verdict
