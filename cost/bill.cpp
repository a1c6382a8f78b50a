#include "ohmlab/cost/bill.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/rng.hpp"

namespace ohmlab::cost {
namespace {

/// FNV-1a: numbers the draws of a price by its name, so that they do not depend on what else is on a bill.
std::uint32_t name_number(const std::string& name) {
  std::uint32_t hash = 2166136261U;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

/// The standard normal that moves a price in every draw.
class Deviates {
 public:
  explicit Deviates(const BillOptions& options) : options_(options) {}

  const std::vector<double>& of(const std::string& name) {
    const auto [found, fresh] = known_.try_emplace(name);
    if (!fresh) return found->second;
    const core::Stream stream = core::stream(options_.seed, core::StreamId::price_draw);
    for (std::int64_t draw = 0; draw < options_.draws; ++draw) {
      const auto words =
          core::random_block(stream, name_number(name), static_cast<std::uint64_t>(draw), std::uint32_t{0});
      found->second.push_back(static_cast<double>(core::normals(words)[0]));
    }
    return found->second;
  }

 private:
  BillOptions options_;
  std::map<std::string, std::vector<double>> known_;
};

/// A quantity of something priced, added to a sum under every draw.
template <class P>
void add_priced(Draws& sum, double quantity, double parameter, const P& price, const std::string& name,
                Deviates& deviates) {
  const double nominal = quantity * price.median * price.law.factor(parameter);
  const double sigma = price.sigma(), form = price.law.form_sigma(parameter);
  const std::vector<double>& xi = deviates.of(name);
  const std::vector<double>* eta = form > 0 ? &deviates.of(name + " form") : nullptr;
  sum.nominal += nominal;
  for (std::size_t i = 0; i < sum.values.size(); ++i) {
    sum.values[i] += nominal * std::exp(sigma * xi[i] + (eta ? form * (*eta)[i] : 0));
  }
}

void add(Draws& sum, const Draws& other) {
  sum.nominal += other.nominal;
  for (std::size_t i = 0; i < sum.values.size(); ++i) sum.values[i] += other.values[i];
}

void add_constant(Draws& sum, double value) {
  sum.nominal += value;
  for (double& x : sum.values) x += value;
}

BillLine& line(std::vector<BillLine>& lines, const std::string& label, std::size_t draws) {
  const auto found =
      std::find_if(lines.begin(), lines.end(), [&](const BillLine& l) { return l.label == label; });
  if (found != lines.end()) return *found;
  const Draws nothing{0, std::vector<double>(draws)};
  lines.push_back({label, nothing, nothing});
  return lines.back();
}

[[noreturn]] void missing(const std::string& key) {
  throw core::UserError({}, "places." + key, "",
                        "the price list has no such price, and what was done is never free");
}

}  // namespace

Band Draws::band() const {
  if (values.empty()) return {nominal, nominal, nominal};
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  const auto at = [&](double share) {
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
  };
  return {nominal, at(0.05), at(0.95)};
}

Draws ratio(const Draws& a, const Draws& b) {
  Draws out{a.nominal / b.nominal, {}};
  for (std::size_t i = 0; i < a.values.size(); ++i) out.values.push_back(a.values[i] / b.values[i]);
  return out;
}

Bill price(const std::vector<Entry>& entries, const std::vector<Holding>& holdings, const Prices& prices,
           const std::string& place, const BillOptions& options) {
  const auto found = prices.places.find(place);
  if (found == prices.places.end())
    throw core::UserError({}, "places." + place, "", "the price list has no such place");
  const Rates& rates = found->second;
  const auto draws = static_cast<std::size_t>(options.draws);
  Deviates deviates(options);
  Bill bill;
  bill.joules.values.resize(draws);
  bill.seconds.values.resize(draws);
  const auto book = [&](const Draws& joules, const std::string& component, const std::string& action,
                        const std::string& stage) {
    add(bill.joules, joules);
    add(line(bill.components, component, draws).joules, joules);
    add(line(bill.actions, action, draws).joules, joules);
    add(line(bill.stages, stage, draws).joules, joules);
  };

  for (const Entry& entry : entries) {
    const std::string action(name(entry.action));
    Draws joules{0, std::vector<double>(draws)};
    const ActionInfo& about = info(entry.action);
    if (const auto energy = rates.energy.find(action); energy != rates.energy.end()) {
      add_priced(joules, entry.count, entry.parameter, energy->second, place + ".energy." + action, deviates);
    } else if (entry.count > 0 && !about.physical_energy && !rates.included.energy.contains(action)) {
      missing(place + ".energy." + action);
    }
    if (entry.joules > 0) {
      if (!rates.supply) missing(place + ".supply");
      add_priced(joules, entry.joules, 0, *rates.supply, place + ".supply", deviates);
    }
    book(joules, entry.component, action, entry.stage);

    Draws seconds{0, std::vector<double>(draws)};
    if (const auto latency = rates.latency.find(action); latency != rates.latency.end()) {
      add_priced(seconds, entry.serial, entry.parameter, latency->second, place + ".latency." + action,
                 deviates);
    } else if (entry.serial > 0 && !about.physical_time && !rates.included.latency.contains(action)) {
      missing(place + ".latency." + action);
    }
    add_constant(seconds, entry.seconds);
    add(bill.seconds, seconds);
    add(line(bill.stages, entry.stage, draws).seconds, seconds);
  }

  Draws area{0, std::vector<double>(draws)};
  for (const Holding& holding : holdings) {
    const std::string part(name(holding.part));
    if (const auto found_area = rates.area.find(part); found_area != rates.area.end()) {
      add_priced(area, holding.count, holding.parameter, found_area->second, place + ".area." + part,
                 deviates);
    } else if (!rates.included.area.contains(part)) {
      missing(place + ".area." + part);
    }
    if (const auto power = rates.power.find(part); power != rates.power.end()) {
      Draws watts{0, std::vector<double>(draws)};
      add_priced(watts, holding.count, holding.parameter, power->second, place + ".power." + part, deviates);
      watts.nominal *= bill.seconds.nominal;
      for (std::size_t i = 0; i < draws; ++i) watts.values[i] *= bill.seconds.values[i];
      book(watts, holding.component, "idle: " + part, "all stages");
    } else if (!rates.included.power.contains(part)) {
      missing(place + ".power." + part);
    }
  }
  bill.area = area.band();
  return bill;
}

}  // namespace ohmlab::cost
