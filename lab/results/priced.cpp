#include "priced.hpp"

#include "../../core/errors.hpp"

namespace ohmlab::results {
namespace {

double flops_of(const std::vector<cost::Entry>& entries) {
  double sum = 0;
  for (const cost::Entry& entry : entries) {
    if (cost::is_operation(entry.action)) sum += entry.count;
  }
  return sum;
}

}  // namespace

std::vector<PricedSystem> price(const Result& result, const cost::Prices& prices,
                                const cost::DrawOptions& options) {
  cost::Pricer pricer(prices, options);
  return price(result.systems, pricer);
}

std::vector<PricedSystem> price(const std::vector<System>& systems, cost::Pricer& pricer) {
  std::vector<PricedSystem> rows;
  for (const System& system : systems) {
    const std::size_t before = rows.size();
    for (const auto& [place, rates] : pricer.prices().places) {
      if (cost::machine_of(place, rates) != system.machine) continue;
      PricedSystem row{system.name,
                       system.title,
                       place,
                       rates.title,
                       system.unpriced,
                       system.parameters,
                       system.examples,
                       system.tokens,
                       flops_of(system.tally),
                       {},
                       system.machine,
                       system.algorithm,
                       rates.bound};
      if (row.unpriced.empty()) row.unpriced = cost::misfit(place, rates, system.holdings);
      if (row.unpriced.empty()) row.bill = pricer.price(system.tally, system.holdings, place);
      rows.push_back(std::move(row));
    }
    if (rows.size() == before) {
      throw core::UserError({}, "places", "",
                            "the price list has no place for \"" + system.title + "\"");
    }
  }
  return rows;
}

Tornado tornado(const System& system, const PricedSystem& priced, cost::Pricer& pricer) {
  const cost::Bill& bill = priced.bill;
  Tornado out{bill.node ? cost::Boundary::node : bill.boundary, 0, {}};
  out.nominal = bill.at(out.boundary)->nominal;
  out.swings = pricer.tornado(system.tally, system.holdings, priced.place, out.boundary);
  return out;
}

}  // namespace ohmlab::results
