#include <algorithm>

#include <fmt/format.h>

#include "cell_measurements.hpp"

namespace ohmlab::experiments {
namespace {

/// Sentences about one result.
class Report {
 public:
  explicit Report(const results::Result& result) : result_(result) {}

  [[nodiscard]] std::optional<double> figure(const std::string& name) const {
    const auto found = std::find_if(result_.quality.begin(), result_.quality.end(),
                                    [&](const results::Quantity& q) { return q.name == name; });
    if (found == result_.quality.end()) return std::nullopt;
    return found->value;
  }
  /// Adds a line made with the figure, if it was measured.
  template <class Text>
  void say(const std::string& name, const Text& text) {
    if (const std::optional<double> value = figure(name)) line(text(*value));
  }
  void line(const std::string& text) { text_ += text + "\n"; }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  const results::Result& result_;
  std::string text_;
};

void say_headline(const Characterize& config, const CellMeasurements& seen, Report& to) {
  to.line(fmt::format("{} cells, {} cycles of {} pulses up and {} down; {} cells never moved",
                      config.cells, config.cycles, config.pulses_up, config.pulses_down,
                      config.cells - static_cast<std::int64_t>(seen.working.size())));
  to.say("range", [&](double range) {
    return fmt::format("  states w from {:.3g} to {:.3g}, range {:.3g} ({:.2g} between cells)",
                       *to.figure("w_bottom"), *to.figure("w_top"), range,
                       *to.figure("range_between_cells"));
  });
  to.say("g_top", [&](double top) {
    return fmt::format("  conductances from {:.4g} to {:.4g} uS", 1e6 * *to.figure("g_bottom"),
                       1e6 * top);
  });
  to.say("number_of_states", [&](double states) {
    return fmt::format("  {:.4g} states; steps at w = 0: {:.3g} up, {:.3g} down; asymmetry {:.2g}",
                       states, *to.figure("step_up"), *to.figure("step_down"),
                       to.figure("asymmetry").value_or(0));
  });
  to.say("symmetry_point", [&](double point) {
    return fmt::format("  symmetry point w = {:.3g} ({:.2g} between cells) after {:.0f} pairs",
                       point, *to.figure("symmetry_between_cells"), *to.figure("symmetry_pairs"));
  });
  to.say("programming_error",
         [](double error) { return fmt::format("  programming leaves {:.3g} of w", error); });
  to.say("drift_left", [&](double left) {
    return fmt::format("  {:.3g} of the conductance is left after {:g} s", left,
                       config.ages.back());
  });
  to.say("read_noise", [&](double noise) {
    return fmt::format("  read noise {:.3g} of w after {:g} s", noise, config.ages.front());
  });
}

void say_missing(const Characterize& config, const CellMeasurements& seen, Report& to) {
  to.line("");
  if (seen.working.empty()) to.line("no cell works: nothing else was measured");
  if (!config.device.g_min) to.line("no conductances are cited: states w alone");
  if (config.device.programming.is<devices::NoProgrammingError>())
    to.line("write-and-verify has no error in this device");
  to.say("out_of_reach", [](double share) {
    return fmt::format("{:.3g} % of programmed cells could not reach their targets", 100 * share);
  });
  if (seen.write_noise) {
    to.line(
        "write noise is part of every step: the deviation between cycles holds it, and the one "
        "between cells is lost in it");
  }
  if (config.device.drift.keeps()) to.line("this device does not drift");
  if (config.device.read_noise.quiet()) to.line("reads of this device have no noise");
  if (config.pairs == 0) to.line("pairs = 0: no symmetry point was sought");
  to.say("symmetry_found", [&](double share) {
    return share == 1 ? std::string("the two ends of every cell met at its symmetry point")
                      : fmt::format("{:.3g} % of cells came to no symmetry point within {} pairs",
                                    100 * (1 - share), config.pairs);
  });
  if (seen.steps && !to.figure("step_up"))
    to.line("no steps start on both sides of w = 0: no number of states and no asymmetry");
  const auto unfinished = [&](const std::string& way) {
    to.say("unfinished_" + way, [&](double share) {
      return share < 0.1 ? fmt::format("the pulses {} end at the end of the range", way)
                         : fmt::format(
                               "the pulses {} end before the range does: the last steps "
                               "are still {:.0f} % of those at w = 0",
                               way, 100 * share);
    });
  };
  unfinished("up");
  unfinished("down");
}

}  // namespace

std::string report_of(const Characterize& config, const CellMeasurements& seen,
                      const results::Result& result) {
  Report out(result);
  say_headline(config, seen, out);
  say_missing(config, seen, out);
  return out.text();
}

}  // namespace ohmlab::experiments
