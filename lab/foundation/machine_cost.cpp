#include "machine_cost.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <type_traits>

#include "../../core/errors.hpp"
#include "../../cost/stages.hpp"
#include "../../cost/sum_bits.hpp"
#include "../../crossbar/adcs.hpp"
#include "../../crossbar/dacs.hpp"

namespace ohmlab::foundation {
namespace {

/// Multiplies a price by an uncertain number: both are lognormal, and so is their product.
template <class P>
void multiply(P& price, double count, double count_sigma) {
  const double sigma = std::hypot(cost::lognormal_sigma(price.p95 / price.p05), count_sigma);
  constexpr double normal_p95 = 1.6448536269514722;
  price.median *= count;
  price.p05 = price.median * std::exp(-normal_p95 * sigma);
  price.p95 = price.median * std::exp(normal_p95 * sigma);
}

}  // namespace

results::System scaled(const results::System& system, const Scale& by, bool serial) {
  results::System out = system;
  out.parameters *= by.parameters;
  out.examples *= by.examples;
  out.tokens *= by.examples;
  struct Passed {
    double conversions = 0, input_bits = 0, converter_bits = 0;
  };
  std::map<std::string, Passed> passed;  // sums by stage
  // Products of a model this large take far longer than to start them.
  if (serial && by.parameters > 1)
    std::erase_if(out.tally,
                  [](const cost::Entry& e) { return e.action == cost::Action::kernel_launch; });
  for (cost::Entry& entry : out.tally) {
    const bool start = entry.stage == cost::start_stage;
    const double often =
        start ? 1 : by.examples * (entry.stage == cost::model_stage ? by.steps : 1);
    entry.count *= by.parameters * often;
    entry.joules *= by.parameters * often;
    entry.serial *= often * (serial ? by.parameters : 1);
    entry.seconds *= often;
    if (start) continue;
    if (crossbar::Adc::converts(entry.action)) {
      Passed& of = passed[entry.stage];
      of.conversions += entry.count;
      of.converter_bits = std::max(of.converter_bits, entry.parameter);
    }
    if (crossbar::Dac::drives(entry.action))
      passed[entry.stage].input_bits += entry.count * entry.parameter;
  }
  // Lanes of the simulated tile and its copies, which share a batch; each tile adds on its own.
  double lanes = 0;
  for (const cost::Holding& holding : system.holdings) {
    if (holding.part == cost::Part::edge_lane) lanes += holding.count;
  }
  const cost::Mesh::Way next = by.mesh.over(1);
  // No structured binding: Clang before 16 lets no lambda capture one.
  for (const auto& entry : passed) {
    const std::string& stage = entry.first;
    const Passed& of = entry.second;
    if (by.parameters <= 1) break;
    const double sum_bits = cost::sum_bits(of.converter_bits, std::sqrt(by.parameters));
    if (of.conversions > 0) {
      out.tally.push_back({stage, "partial sums of tiles", cost::Action::edge_add, sum_bits,
                           of.conversions, of.conversions / by.parameters / std::max(1.0, lanes), 0,
                           0});
    }
    // Neighbouring tiles work at the same time: the time is that of one border.
    const double bits = of.conversions * sum_bits + of.input_bits,
                 flits = bits / by.parameters / static_cast<double>(by.mesh.flit_bits);
    const auto carry = [&](cost::Action action, double share) {
      if (bits * share > 0)
        out.tally.push_back(
            {stage, "network of tiles", action, 0, bits * share, flits * share, 0, 0});
    };
    carry(cost::Action::network_hop, next.hops);
    carry(cost::Action::chip_link, next.links);
  }
  for (cost::Holding& holding : out.holdings) {
    if (holding.part != cost::Part::accelerator) holding.count *= by.parameters;
  }
  if (by.parameters > 1 && lanes > 0) {
    out.holdings.push_back({"network of tiles", cost::Part::router, 0, by.parameters});
    out.holdings.push_back({"network of tiles", cost::Part::chip, 0,
                            by.parameters / static_cast<double>(by.mesh.tiles_per_chip)});
  }
  return out;
}

MachineCost machine_cost(const results::System& system, const cost::Prices& prices,
                         const std::string& place, const cost::DrawOptions& options, double hosts,
                         double hosts_sigma) {
  cost::Prices own = prices;
  const auto found = own.places.find(place);
  if (found == own.places.end())
    throw core::UserError({}, "places." + place, "", "the price list has no such place");
  if (!found->second.around || !own.facility) {
    throw core::UserError({}, found->second.around ? "facility" : "places." + place + ".around", "",
                          "is missing: there is no bill of a node or facility without it");
  }
  if (auto& host = found->second.around->host) multiply(*host, hosts, hosts_sigma);
  if (auto& price = found->second.around->host_price) multiply(*price, hosts, hosts_sigma);
  cost::Bill bill = cost::price(system.tally, system.holdings, own, place, options);
  return {std::move(*bill.core),    std::move(*bill.node), std::move(*bill.facility),
          std::move(*bill.dollars), std::move(*bill.co2),  std::move(bill.seconds),
          std::move(bill.actions)};
}

}  // namespace ohmlab::foundation
