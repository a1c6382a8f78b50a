#include "storable.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "../../core/errors.hpp"

namespace ohmlab::results {
namespace {

/// Refuses to store a result, with the reason.
class Check {
 public:
  explicit Check(const std::filesystem::path& file) : file_(file) {}

  void figure(const std::string& name, double value, const std::string& unit,
              const std::string& meaning) const {
    if (!std::isfinite(value))
      refuse(fmt::format("{} ({})", name, meaning), fmt::format("{} {}", value, unit),
             "expected a finite number; a value of this config is too small, too large or 0");
  }
  void amount(const std::string& owner, const char* name, double value) const {
    if (!is_amount(value))
      refuse(fmt::format("{} of {}", name, owner), fmt::format("{}", value),
             "expected a finite number from 0");
  }
  void length(const std::string& name, std::size_t found, std::size_t expected) const {
    if (found != expected)
      refuse(fmt::format("number of values of {}", name), fmt::format("{}", found),
             fmt::format("expected {}", expected));
  }
  [[noreturn]] void refuse(const std::string& what, const std::string& value,
                           const std::string& expected) const {
    throw core::UserError({file_.string() + ": not stored", 0}, what, value, expected);
  }

 private:
  const std::filesystem::path& file_;
};

void check_entry(const Check& check, const std::string& owner, const cost::Entry& entry) {
  const std::string name = fmt::format("{}, {} of {} in stage \"{}\"", owner,
                                       cost::name(entry.action), entry.component, entry.stage);
  check.amount(name, "parameter", entry.parameter);
  for (const HistoryColumn& column : history_columns)
    check.amount(name, column.name, entry.*column.amount);
}

void check_system(const Check& check, const System& system) {
  check.amount(system.name, "parameters", system.parameters);
  check.amount(system.name, "examples", system.examples);
  check.amount(system.name, "tokens", system.tokens);
  for (const cost::Entry& entry : system.tally) check_entry(check, system.name, entry);
  for (const cost::Holding& holding : system.holdings) {
    const std::string name =
        fmt::format("{}, {} of {}", system.name, cost::name(holding.part), holding.component);
    check.amount(name, "parameter", holding.parameter);
    check.amount(name, "count", holding.count);
  }
}

void check_history(const Check& check, const Result& result) {
  const History& history = result.history;
  if (history.done.empty()) return;
  const auto system = std::find_if(result.systems.begin(), result.systems.end(),
                                   [&](const System& s) { return s.name == history.system; });
  if (system == result.systems.end())
    check.refuse("history", history.system, "expected one of the systems");
  check.length("history", history.done.size(), result.axis.values.size());
  for (const std::vector<cost::Entry>& done : history.done) {
    check.length("one evaluation of the history", done.size(), system->tally.size());
    for (const cost::Entry& entry : done) check_entry(check, "history of " + history.system, entry);
  }
}

void check_group(const Check& check, const LabelledGroup& group) {
  for (const Axis& axis : group.axes) {
    for (const double value : axis.values)
      check.figure(group.name + "/" + axis.name, value, axis.unit, axis.meaning);
  }
  for (const Cube& cube : group.cubes) {
    for (const double value : cube.values) {
      if (cube.gaps && std::isnan(value)) continue;
      check.figure(group.name + "/" + cube.name, value, cube.unit, cube.meaning);
    }
  }
}

void check_series(const Check& check, const Series& series, std::size_t length) {
  check.length("metric " + series.name, series.values.size(), length);
  for (const double value : series.values)
    check.figure("metric " + series.name, value, series.unit, series.meaning);
}

}  // namespace

void require_storable(const std::filesystem::path& file, const Result& result) {
  const Check check(file);
  for (const Parameter& parameter : result.parameters) {
    if (!parameter.values.allFinite())
      check.refuse(parameter.name, "",
                   "not finite after the run: a number of this config is beyond float32");
  }
  for (const System& system : result.systems) check_system(check, system);
  check_history(check, result);
  check_series(check, result.axis, result.axis.values.size());
  for (const Series& series : result.metrics)
    check_series(check, series, result.axis.values.size());
  for (const Quantity& q : result.quality)
    check.figure("figure " + q.name, q.value, q.unit, q.meaning);
  for (const LabelledGroup& group : result.groups) check_group(check, group);
}

}  // namespace ohmlab::results
