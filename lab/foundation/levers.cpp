#include "sections.hpp"

/// The seven levers: each alone, all together, and all together with overlaps counted once.
namespace ohmlab::foundation {

void add_levers(const Foundation& of, Sheet& sheet) {
  const Settings& c = of.config;
  const std::vector<cost::LeverEntry> all = c.levers.entries();
  std::vector<cost::LeverEntry> on;
  for (const cost::LeverEntry& lever : all) {
    if (lever.set->on) on.push_back(lever);
  }
  const double p = c.parameters.front();  // savings do not depend on the size
  cost::Outlook outlook = of.outlook();
  const auto cost_with = [&](const std::vector<cost::LeverEntry>& pulled, bool interactions) {
    return cost::law_cost(c.law, c.accelerator, *of.prices.facility, p, outlook, pulled,
                          interactions);
  };
  const cost::LawCost before = cost_with({}, true);

  results::Axis axis{"lever", {}, {}, "", "which levers are pulled"};
  results::Cube sources{"lever_source", {"lever"}, {}, {}, "", "where the factor is from"},
      targets{"lever_target", {"lever"}, {}, {}, "", "what it divides"},
      switched{"lever_on", {"lever"}, {}, {}, "1", "1 if it is among all"};
  std::vector<cost::Band> hours, energy, dollars, factors;
  std::vector<std::vector<std::string>> rows;
  const auto add = [&](const std::string& name, const cost::LawCost& after,
                       const cost::Band& factor, const std::string& target,
                       const std::string& source, bool is_on) {
    axis.labels.push_back(name);
    hours.push_back((before.hours / after.hours).band());
    energy.push_back((before.facility_joules / after.facility_joules).band());
    const auto& money = before.dollars_owned ? before.dollars_owned : before.dollars_rented;
    const auto& then = after.dollars_owned ? after.dollars_owned : after.dollars_rented;
    dollars.push_back(money ? (*money / *then).band() : cost::Band{});
    factors.push_back(factor);
    targets.texts.push_back(target);
    sources.texts.push_back(source);
    switched.values.push_back(is_on);
    rows.push_back({name + (is_on ? "" : " (off)"), target, text_of(hours.back()),
                    text_of(energy.back()), money ? text_of(dollars.back()) : "-", source});
  };
  for (const cost::LeverEntry& lever : all) {
    const std::vector alone{lever};
    std::string holds;
    for (const auto& [inner, share] : lever.set->contains)
      holds += fmt::format("; holds {:g} of {}", share, inner);
    add(std::string(lever.name), cost_with(alone, true),
        {lever.set->factor, lever.set->p05, lever.set->p95},
        std::string(enum_names(lever.target)[static_cast<std::size_t>(lever.target)]),
        (lever.as_shipped
             ? fmt::format("{}: {}",
                           enum_names(lever.evidence)[static_cast<std::size_t>(lever.evidence)],
                           lever.source)
             : std::string("set in the config")) +
            holds,
        lever.set->on);
  }
  const double none = 1;
  add("all, naive product", cost_with(on, false), {none, none, none}, "",
      "as if they were independent", true);
  add("all, counted once", cost_with(on, true), {none, none, none}, "",
      "without what is in two of them", true);

  sheet.axis(std::move(axis));
  sheet.bands("lever_factor", {"lever"}, factors, "1", "factor as set; 1 for rows of all");
  sheet.bands("lever_hours", {"lever"}, hours, "1", "accelerator-hours before over after");
  sheet.bands("lever_energy", {"lever"}, energy, "1", "energy at the facility before over after");
  sheet.bands("lever_money", {"lever"}, dollars, "1", "money before over after");
  sheet.cube(std::move(targets));
  sheet.cube(std::move(sources));
  sheet.cube(std::move(switched));
  sheet.say(
      "\nSeven levers: what each divides the law's cost by. Of the paper, only \"halve costs "
      "incrementally\" (about 2 a lever) is at hand; the factors are not its.");
  sheet.table({"lever", "divides", "hours", "facility energy", "money", "source"}, rows);
}

}  // namespace ohmlab::foundation
