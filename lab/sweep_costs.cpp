#include "sweep_costs.hpp"

#include <algorithm>
#include <limits>

#include "../core/errors.hpp"
#include "results/priced.hpp"
#include "results/result.hpp"

namespace ohmlab::lab {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t none_ran = std::numeric_limits<std::size_t>::max();
constexpr cost::Band no_band{none, none, none};

SweepCost cost_of(const results::PricedSystem& row) {
  SweepCost out{row.unpriced, {no_band, no_band, no_band}, no_band, no_band};
  if (!row.unpriced.empty()) return out;
  for (std::size_t b = 0; b < out.joules.size(); ++b) {
    if (const auto& joules = row.bill.at(cost::boundaries[b])) out.joules[b] = joules->band();
  }
  out.seconds = row.bill.seconds.band();
  out.area = row.bill.area;
  return out;
}

/// Place of a machine in the list, to which it is added if it is new.
std::size_t place_of(const results::PricedSystem& row, std::vector<SweepMachine>& machines) {
  const auto found = std::find_if(machines.begin(), machines.end(), [&](const SweepMachine& m) {
    return m.system == row.system && m.place == row.place;
  });
  const auto place = static_cast<std::size_t>(found - machines.begin());
  if (found == machines.end()) machines.push_back({row.system, row.place, row.title});
  return place;
}

}  // namespace

SweepCosts price_sweep(const std::filesystem::path& folder, cost::Pricer& pricer) {
  SweepCosts out{read_sweep_index(folder / index_file), {}, {}, {}};
  for (const std::string& id : out.index.ids) {
    std::vector<SweepCost>& costs = out.rows.emplace_back();
    std::size_t& ran = out.ran.emplace_back(none_ran);
    const std::filesystem::path file = folder / (id + ".h5");
    std::error_code ignored;
    if (id.empty() || !std::filesystem::exists(file, ignored)) {
      if (!id.empty() && !std::filesystem::exists(folder / (id + ".error.txt"), ignored) &&
          !std::filesystem::exists(folder / (id + ".refused.txt"), ignored))
        throw core::UserError(file, "the result of a point of the sweep", "no file");
      continue;
    }
    for (const results::PricedSystem& row :
         results::price(results::read_billed(file).result.systems, pricer)) {
      const std::size_t place = place_of(row, out.machines);
      if (ran == none_ran) ran = place;  // the simulated machine is the first
      if (costs.size() <= place)
        costs.resize(place + 1, {"did not run", {no_band, no_band, no_band}, no_band, no_band});
      costs[place] = cost_of(row);
    }
  }
  for (std::vector<SweepCost>& costs : out.rows)
    costs.resize(out.machines.size(),
                 {"did not run", {no_band, no_band, no_band}, no_band, no_band});
  return out;
}

}  // namespace ohmlab::lab
