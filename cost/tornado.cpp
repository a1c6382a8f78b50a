#include <algorithm>

#include "../core/errors.hpp"
#include "bill.hpp"

namespace ohmlab::cost {

std::vector<Swing> Pricer::tornado(const Tally& tally, const std::string& place,
                                   std::optional<Boundary> boundary) {
  require_priced(tally);
  return tornado(tally.entries(), tally.holdings(), place, boundary);
}

std::vector<Swing> Pricer::tornado(const std::vector<Entry>& entries,
                                   const std::vector<Holding>& holdings, const std::string& place,
                                   std::optional<Boundary> boundary) {
  Pricer pricer(*prices_, options_);
  pricer.mode_ = Mode::record;
  const Bill recorded = pricer.price(entries, holdings, place);
  pricer.mode_ = Mode::swing;
  pricer.deviates_.clear();
  pricer.multiples_.clear();
  const Bill bill = pricer.price(entries, holdings, place);
  const std::optional<Draws>& joules = bill.at(boundary.value_or(bill.boundary));
  if (!joules) {
    throw core::UserError({}, "places." + place + ".around", "",
                          "the price list does not say what is around the core, so there is no "
                          "bill at this boundary");
  }
  std::vector<Swing> out;
  for (std::size_t i = 0; i < pricer.order_.size(); ++i) {
    const double low = joules->values[2 * i], high = joules->values[2 * i + 1];
    if (low != high) out.push_back({pricer.order_[i], low, high});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Swing& a, const Swing& b) { return a.high - a.low > b.high - b.low; });
  return out;
}

}  // namespace ohmlab::cost
