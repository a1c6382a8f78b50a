#include "bill.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "../core/errors.hpp"
#include "lines.hpp"

namespace ohmlab::cost {
namespace {

[[noreturn]] void missing(const std::string& key) {
  throw core::UserError({}, "places." + key, "",
                        "the price list has no such price, and what was done is never free");
}

}  // namespace

const std::optional<Draws>& Bill::at(Boundary where) const noexcept {
  return where == Boundary::core ? core : where == Boundary::node ? node : facility;
}

Pricer::Pricer(const Prices& prices, const DrawOptions& options)
    : prices_(&prices), options_(options) {}

/// Standard normal that moves a price in every draw. In a tornado it is ±1.645 in the price's own
/// two draws, and 0 elsewhere.
const std::vector<double>& Pricer::deviates(const std::string& name) {
  const auto [found, fresh] = deviates_.try_emplace(name);
  if (!fresh) return found->second;
  std::vector<double>& out = found->second;
  if (mode_ == Mode::record) {
    order_.push_back(name);
    return out;
  }
  if (mode_ == Mode::swing) {
    constexpr double p95 = 1.6448536269514722;
    out.resize(2 * order_.size());
    const auto own =
        static_cast<std::size_t>(std::find(order_.begin(), order_.end(), name) - order_.begin());
    out[2 * own] = -p95;
    out[2 * own + 1] = p95;
    return out;
  }
  out = deviates_of(name, options_);
  return out;
}

/// One bill while it is written.
class Pricer::Desk {
 public:
  Desk(Pricer& pricer, std::string place, const Rates& rates, Lines lines)
      : pricer_(&pricer),
        rates_(&rates),
        place_(std::move(place)),
        lines_(std::move(lines)),
        draws_(pricer.mode_ == Mode::sample  ? static_cast<std::size_t>(pricer.options_.draws)
               : pricer.mode_ == Mode::swing ? 2 * pricer.order_.size()
                                             : 0) {
    bill_.boundary = rates.boundary;
    joules_ = bill_.seconds = nothing();
  }

  /// Runs before all entries: bytes that the machine keeps.
  void keeps(double bytes) { on_chip_ = bytes > 0 && bytes <= rates_->memory.value_or(0); }

  void add_entry(const Entry& entry) {
    const std::string action(name(entry.action));
    const ActionInfo& about = info(entry.action);
    Draws joules = nothing();
    if (const auto near = rates_->on_chip.find(action); on_chip_ && near != rates_->on_chip.end()) {
      add_priced(joules, entry.count, entry.parameter, near->second, ".on_chip.", action);
    } else if (const auto energy = rates_->energy.find(action); energy != rates_->energy.end()) {
      const double count =
          entry.count * lines_.units(energy->second, entry, place_ + ".energy." + action);
      add_priced(joules, count, entry.parameter, energy->second, ".energy.", action);
      if (designed(energy->second) && rates_->design->multiplies_energy(action))
        joules = joules * design();
    } else if (entry.count > 0 && !about.physical_energy &&
               !rates_->included.energy.contains(action)) {
      missing(place_ + ".energy." + action);
    }
    if (entry.joules > 0) {
      if (!rates_->supply) missing(place_ + ".supply");
      Draws drawn = nothing();
      add_priced(drawn, entry.joules, 0, *rates_->supply, ".supply");
      joules += doubted(entry.action, std::move(drawn));
    }
    book(joules, {entry.component, entry.layer}, action, entry.stage,
         enum_names(about.group)[static_cast<std::size_t>(about.group)]);

    Draws seconds = nothing();
    if (const auto latency = rates_->latency.find(action); latency != rates_->latency.end()) {
      add_priced(seconds, entry.serial, entry.parameter, latency->second, ".latency.", action);
    } else if (entry.serial > 0 && !about.physical_time &&
               !rates_->included.latency.contains(action)) {
      missing(place_ + ".latency." + action);
    }
    if (entry.action == Action::kernel_launch) bill_.launch_seconds += seconds.nominal;
    if (entry.seconds > 0) {
      Draws physics = nothing();
      physics += entry.seconds;
      physics = doubted(entry.action, std::move(physics));
      bill_.cells_seconds += physics.nominal;
      seconds += physics;
    }
    if (entry.overlapped) {
      pipelines_[{entry.stage, labelled(entry.component, entry.layer)}]
          .try_emplace(action, nothing())
          .first->second += seconds;
    } else {
      spend(entry.stage, seconds);
    }
    if (entry.action == Action::array_pulse)
      pulses_[labelled(entry.component, entry.layer)] += entry.count;
  }

  /// Runs after all entries: the slowest action of a pipeline hides the others.
  void settle_pipelines() {
    for (const auto& [where, actions] : pipelines_) {
      Draws slowest = nothing();
      for (const auto& [action, seconds] : actions) slowest = larger(slowest, seconds);
      spend(where.first, slowest);
    }
  }

  /// Runs after all entries: idle power lasts the whole time.
  void add_holding(const Holding& holding) {
    if (holding.part == Part::chip) chips_ += holding.count;
    if (info(holding.part).counted) return;
    const std::string part(name(holding.part));
    if (holding.part == Part::cell && holding.parameter > 0 && holding.count > 0)
      add_wear(labelled(holding.component, holding.layer), holding);
    if (const auto found = rates_->area.find(part); found != rates_->area.end()) {
      Draws own = nothing();
      add_priced(own, holding.count, holding.parameter, found->second, ".area.", part);
      area_ += own;
      if (!has_own_price(part)) unbought_area_ += own;
    } else if (!rates_->included.area.contains(part)) {
      missing(place_ + ".area." + part);
    }
    if (const auto power = rates_->power.find(part); power != rates_->power.end()) {
      Draws watts = nothing();
      add_priced(watts, holding.count, holding.parameter, power->second, ".power.", part);
      if (designed(power->second) && rates_->design->multiplies_power(part))
        watts = watts * design();
      book(watts * bill_.seconds, {holding.component, holding.layer}, "idle: " + part, "all stages",
           "idle");
    } else if (!rates_->included.power.contains(part)) {
      missing(place_ + ".power." + part);
    }
    if (has_own_price(part)) {
      add_priced(hardware_, holding.count, holding.parameter, rates_->around->parts.at(part),
                 ".around.parts.", part);
    }
  }

  /// Runs after all holdings: what each chip draws for the whole time.
  void add_background() {
    static const std::string chip = "chip", no_layer_name;
    for (const auto& [what, price] : rates_->background) {
      Draws watts = nothing();
      add_priced(watts, std::max(1.0, chips_), 0, price, ".background.", what);
      book(watts * bill_.seconds, {chip, no_layer_name}, "background: " + what, "all stages",
           "idle");
    }
  }

  [[nodiscard]] Bill finished(const std::optional<Facility>& facility) {
    bill_.area = area_.band();
    if (bill_.layers.size() == 1 && bill_.layers[0].label == no_layer) bill_.layers.clear();
    if (rates_->around) {
      const NodePrices& around = *rates_->around;
      Draws overhead = nothing();
      add_priced(overhead, 1, 0, around.overhead, ".around.overhead");
      if (rates_->boundary == Boundary::node) {
        bill_.core = joules_ / overhead;
        bill_.node = std::move(joules_);
      } else {
        bill_.node = joules_ * overhead;
        bill_.core = std::move(joules_);
        if (around.host) {
          Draws watts = nothing();
          add_priced(watts, 1 / around.chips_per_host, 0, *around.host, ".around.host");
          bill_.host = watts * bill_.seconds;
          *bill_.node += *bill_.host;
        }
      }
      if (facility) settle(*facility);
    } else {
      (rates_->boundary == Boundary::node ? bill_.node : bill_.core) = std::move(joules_);
    }
    return std::move(bill_);
  }

 private:
  static constexpr std::string_view no_layer = "no layer";

  /// Seconds or joules of physics, under the doubt about the time that the run was made with.
  [[nodiscard]] Draws doubted(Action action, Draws sum) {
    const bool reads = action == Action::array_read;
    const auto& doubt = reads ? rates_->times.t_read : rates_->times.t_pulse;
    if (!doubt) return sum;
    Draws factor = nothing();
    add_priced(factor, 1, 0, *doubt, ".times.", reads ? "t_read" : "t_pulse");
    return sum * factor;
  }

  void spend(const std::string& stage, const Draws& seconds) {
    bill_.seconds += seconds;
    line(bill_.stages, stage).seconds += seconds;
  }

  /// Cells of one component share its pulses, even if they were declared separately.
  void add_wear(const std::string& label, const Holding& cells) {
    double& all = worn_cells_[label];
    all += cells.count;
    const auto same = [&](const Wear& w) {
      return w.component == label && w.endurance == cells.parameter;
    };
    if (std::none_of(bill_.wear.begin(), bill_.wear.end(), same))
      bill_.wear.push_back({label, 0, cells.parameter});
    for (Wear& wear : bill_.wear) {
      if (wear.component == label) wear.pulses = pulses_[label] / all;
    }
  }

  [[nodiscard]] Draws nothing() const { return {0, std::vector<double>(draws_)}; }

  [[nodiscard]] bool has_own_price(const std::string& part) const {
    return rates_->around && rates_->around->parts.contains(part);
  }

  /// Adds joules of the facility, CO2 and dollars.
  void settle(const Facility& facility) {
    const auto rate = [&](const auto& price, const char* key) {
      Draws out = nothing();
      add_named(out, 1, 0, price, std::string("facility.") + key);
      return out;
    };
    bill_.facility = *bill_.node * rate(facility.pue, "pue");
    bill_.co2 = *bill_.facility * rate(facility.carbon, "carbon");
    const NodePrices& around = *rates_->around;
    if (around.silicon) {
      Draws silicon = nothing();
      add_priced(silicon, 1, 0, *around.silicon, ".around.silicon");
      hardware_ += unbought_area_ * silicon;
    } else if (unbought_area_.nominal > 0) {
      missing(place_ + ".around.silicon");
    }
    if (around.host_price)
      add_priced(hardware_, 1 / around.chips_per_host, 0, *around.host_price, ".around.host_price");
    const Draws per_second = hardware_ * (1 / (facility.lifetime * facility.occupancy));
    bill_.dollars = *bill_.facility * rate(facility.electricity, "electricity");
    *bill_.dollars += per_second * bill_.seconds;
  }

  /// True if a design may move the price. One without a band is known.
  template <class P>
  [[nodiscard]] bool designed(const P& price) const {
    return rates_->design && !price.certain();
  }
  /// Factor of this place's design, one draw for all its lines.
  const Draws& design() {
    if (!design_) {
      design_ = nothing();
      add_priced(*design_, 1, 0, rates_->design->factor, ".design.factor");
    }
    return *design_;
  }

  /// Adds a quantity times its price to a sum, under every draw.
  template <class P>
  void add_priced(Draws& sum, double quantity, double parameter, const P& price, const char* table,
                  const std::string& what = "") {
    add_named(sum, quantity, parameter, price, place_ + table + what);
  }
  template <class P>
  void add_named(Draws& sum, double quantity, double parameter, const P& price,
                 const std::string& key) {
    const double nominal = quantity * price.at(parameter);
    sum.nominal += nominal;
    const std::vector<double>& factor = multiples(price, parameter, key);
    for (std::size_t i = 0; i < sum.values.size(); ++i) sum.values[i] += nominal * factor[i];
  }

  /// Ratio of a price to its median, in every draw.
  template <class P>
  const std::vector<double>& multiples(const P& price, double parameter, const std::string& key) {
    const double sigma = price.sigma(), form = price.law.form_sigma(parameter);
    const auto [found, fresh] = pricer_->multiples_.try_emplace({key, form > 0 ? parameter : -1});
    std::vector<double>& out = found->second;
    if (!fresh) return out;
    const std::vector<double>& xi = pricer_->deviates(key);
    out.resize(xi.size());
    if (form > 0) {
      const std::vector<double>& eta = pricer_->deviates(key + " form");
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::exp(sigma * xi[i] + form * eta[i]);
    } else {
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::exp(sigma * xi[i]);
    }
    return out;
  }

  struct Where {
    const std::string &component, &layer;
  };

  void book(const Draws& joules, const Where& where, const std::string& action,
            const std::string& stage, std::string_view group) {
    joules_ += joules;
    line(bill_.components, where.component).joules += joules;
    line(bill_.layers, where.layer.empty() ? no_layer : std::string_view(where.layer)).joules +=
        joules;
    line(bill_.actions, action).joules += joules;
    line(bill_.stages, stage).joules += joules;
    line(bill_.groups, group).joules += joules;
  }

  BillLine& line(std::vector<BillLine>& lines, std::string_view label) {
    const auto found = std::find_if(lines.begin(), lines.end(),
                                    [&](const BillLine& l) { return l.label == label; });
    if (found != lines.end()) return *found;
    lines.push_back({std::string(label), nothing(), nothing()});
    return lines.back();
  }

  Pricer* pricer_;
  const Rates* rates_;
  bool on_chip_ = false;  ///< all that the machine keeps fits into its memory on the chip
  std::string place_;
  Lines lines_;
  std::size_t draws_;
  double chips_ = 0;  ///< number of chips; one unless declared
  Draws joules_;      ///< joules at the boundary of the place's own prices
  Bill bill_;
  std::map<std::pair<std::string, std::string>, std::map<std::string, Draws>>
      pipelines_;                         ///< seconds by stage and component, then by action
  std::map<std::string, double> pulses_;  ///< pulses on cells, by component
  std::map<std::string, double>
      worn_cells_;  ///< number of cells with a stated endurance, by component
  std::optional<Draws> design_;
  Draws area_ = nothing(), unbought_area_ = nothing(), hardware_ = nothing();
};

Bill Pricer::price(const std::vector<Entry>& entries, const std::vector<Holding>& holdings,
                   const std::string& place) {
  const auto found = prices_->places.find(place);
  if (found == prices_->places.end())
    throw core::UserError({}, "places." + place, "", "the price list has no such place");
  if (const std::string reason = misfit(place, found->second, holdings); !reason.empty())
    throw core::UserError({}, "places." + place + ".memory", "", "no " + reason);
  Desk desk(*this, place, found->second, {entries, holdings});
  desk.keeps(bytes_kept(holdings));
  for (const Entry& entry : entries) desk.add_entry(entry);
  desk.settle_pipelines();
  for (const Holding& holding : holdings) desk.add_holding(holding);
  desk.add_background();
  return desk.finished(prices_->facility);
}

Bill Pricer::price(const Tally& tally, const std::string& place) {
  require_priced(tally);
  return price(tally.entries(), tally.holdings(), place);
}

Bill price(const std::vector<Entry>& entries, const std::vector<Holding>& holdings,
           const Prices& prices, const std::string& place, const DrawOptions& options) {
  return Pricer(prices, options).price(entries, holdings, place);
}

Bill price(const Tally& tally, const Prices& prices, const std::string& place,
           const DrawOptions& options) {
  return Pricer(prices, options).price(tally, place);
}

}  // namespace ohmlab::cost
