#include "billing.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "../results/priced.hpp"
#include "../results/to_quality.hpp"

namespace ohmlab::verdict {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

std::optional<cost::Draws> cost_of(const cost::Bill& bill, Measure measure) {
  switch (measure) {
    case Measure::core:
      return bill.core;
    case Measure::node:
      return bill.node;
    case Measure::without_hosts:
      if (!bill.node || !bill.host) return bill.node;
      return *bill.node - *bill.host;
    case Measure::seconds:
      return bill.seconds;
  }
  return std::nullopt;
}

/// One setting at one place.
struct Offer {
  std::string setting;
  ByMeasure<Instances> paid;
  ByMeasure<bool> priced{};                      ///< false if the list has no prices for it
  std::vector<std::optional<cost::Bill>> bills;  ///< bill at the arrival, by instance
};

/// A place with all settings that are priced there.
struct Machine {
  std::string group, place, title;
  std::vector<Offer> offers;
};

double middle_of(const Instances& paid) {
  const std::optional<cost::Draws> cost = middle_cost(paid);
  return cost ? cost->nominal : infinite;
}

/// The cheapest offer; offers whose instances reach the level come first.
const Offer& cheapest(const std::vector<Offer>& offers, Measure measure) {
  const auto m = static_cast<std::size_t>(measure);
  return *std::min_element(offers.begin(), offers.end(), [&](const Offer& a, const Offer& b) {
    const double x = middle_of(a.paid[m]), y = middle_of(b.paid[m]);
    return x != y ? x < y : reached(a.paid[m]) > reached(b.paid[m]);
  });
}

void add_instance(const std::vector<results::PricedSystem>& there,
                  const std::vector<results::PricedSystem>& before, std::size_t row, Offer& offer) {
  const cost::Bill& bill = there[row].bill;
  for (const Measure measure : measures) {
    const auto m = static_cast<std::size_t>(measure);
    const std::optional<cost::Draws> cost = cost_of(bill, measure);
    offer.priced[m] = cost.has_value();
    if (!cost) {
      offer.paid[m].push_back(std::nullopt);
      continue;
    }
    const cost::Draws earlier = before.empty() ? *cost : *cost_of(before[row].bill, measure);
    offer.paid[m].push_back(Paid{earlier, *cost});
  }
  offer.bills.emplace_back(bill);
}

void add_missing(Offer& offer) {
  for (Instances& paid : offer.paid) paid.push_back(std::nullopt);
  offer.bills.emplace_back(std::nullopt);
}

/// Every setting of a group at every place of its machine that some machine reaches.
std::vector<Machine> machines_of(const Group& group, const std::string& metric, double level,
                                 cost::Pricer& pricer) {
  const results::Goal goal{metric, level, results::Toward::up};
  std::vector<Machine> out;
  const auto machine_at = [&](const std::string& place, const std::string& title) -> Machine& {
    const auto found = std::find_if(out.begin(), out.end(),
                                    [&](const Machine& machine) { return machine.place == place; });
    return found != out.end() ? *found : out.emplace_back(Machine{group.name, place, title, {}});
  };
  for (const Trained& setting : group.settings) {
    for (const results::Result& instance : setting.instances) {
      const bool first = &instance == &setting.instances.front();
      const results::Approach approach = results::approach(instance, goal);
      const auto there = results::price({approach.system}, pricer);
      std::vector<results::PricedSystem> before;
      if (approach.system_before) before = results::price({*approach.system_before}, pricer);
      for (std::size_t row = 0; row < there.size(); ++row) {
        if (there[row].bound || !there[row].unpriced.empty()) continue;
        Machine& machine = machine_at(there[row].place, there[row].place_title);
        if (first) machine.offers.push_back({setting.label, {}, {}, {}});
        if (approach.reached) {
          add_instance(there, before, row, machine.offers.back());
        } else {
          add_missing(machine.offers.back());
        }
      }
    }
  }
  return out;
}

/// Groups of actions, background and host as shares of the joules at the node.
std::vector<Part> parts_of(const cost::Bill& bill) {
  std::vector<Part> out;
  const double whole = bill.node ? bill.node->nominal : bill.lines_total().nominal;
  const double host = bill.host ? bill.host->nominal : 0;
  const double lines = bill.lines_total().nominal;
  if (host > 0) out.push_back({std::string(host_part), host / whole});
  // What the node adds to its core by a factor is shared out in proportion.
  const double scale = lines > 0 ? (whole - host) / lines / whole : 0;
  for (const cost::BillLine& line : bill.groups)
    out.push_back({line.label, line.joules.nominal * scale});
  std::stable_sort(out.begin(), out.end(),
                   [](const Part& a, const Part& b) { return a.share > b.share; });
  return out;
}

/// Measure by which a machine's setting is chosen where one has to be named.
Measure main_measure(const std::vector<Offer>& offers) {
  constexpr auto node = static_cast<std::size_t>(Measure::node);
  return std::any_of(offers.begin(), offers.end(), [](const Offer& o) { return o.priced[node]; })
             ? Measure::node
             : Measure::core;
}

}  // namespace

std::string unpriced(const Group& group) {
  for (const Trained& setting : group.settings) {
    for (const results::Result& instance : setting.instances) {
      for (const results::System& system : instance.systems) {
        if (system.name == instance.history.system) return system.unpriced;
      }
    }
  }
  return "";
}

Rung rung(const std::vector<Group>& groups, const std::string& metric, double level,
          cost::Pricer& pricer, const cost::DrawOptions& options) {
  Rung out{level, {}, {}, {}};
  const std::vector<Machine> analog = machines_of(groups.front(), metric, level, pricer);
  const auto add = [&](const Machine& machine, bool digital) {
    const Offer& main = cheapest(machine.offers, main_measure(machine.offers));
    AtLevel row{machine.group,
                machine.title,
                main.setting,
                reached(main.paid[0]),
                main.paid[0].size(),
                {},
                {}};
    for (const Measure measure : measures) {
      const auto m = static_cast<std::size_t>(measure);
      const Instances& paid = cheapest(machine.offers, measure).paid[m];
      const std::optional<cost::Draws> cost = middle_cost(paid);
      if (cost) row.cost[m] = cost->band();
      if (!digital || analog.empty()) continue;
      const Instances& own = cheapest(analog.front().offers, measure).paid[m];
      if (cost || middle_cost(own)) row.against[m] = versus(own, paid, options);
      std::optional<std::size_t>& winner = out.cheapest[m];
      if (cost && (!winner || cost->nominal < out.machines[*winner].cost[m]->nominal))
        winner = out.machines.size();
    }
    out.machines.push_back(std::move(row));
  };
  for (const Machine& machine : analog) add(machine, false);
  for (std::size_t g = 1; g < groups.size(); ++g) {
    for (const Machine& machine : machines_of(groups[g], metric, level, pricer)) add(machine, true);
  }
  if (!analog.empty()) {
    const Measure measure = main_measure(analog.front().offers);
    const Offer& offer = cheapest(analog.front().offers, measure);
    const Instances& paid = offer.paid[static_cast<std::size_t>(measure)];
    const std::optional<cost::Bill>& bill = offer.bills[middle_instance(paid)];
    if (bill) out.parts = parts_of(*bill);
  }
  return out;
}

}  // namespace ohmlab::verdict
