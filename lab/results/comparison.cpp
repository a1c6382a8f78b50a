#include "comparison.hpp"

#include <algorithm>
#include <utility>

namespace ohmlab::results {
namespace {

/// Joules at the node without those of the host.
std::optional<cost::Draws> without_host(const cost::Bill& bill) {
  if (!bill.node || !bill.host) return bill.node;
  return *bill.node - *bill.host;
}

Rival rival_of(const PricedSystem& row, const PricedSystem& subject) {
  const cost::Bill &own = row.bill, &base = subject.bill;
  return {&row, ratio_of(own.core, base.core), ratio_of(own.node, base.node),
          ratio_of(without_host(own), without_host(base)), *ratio_of(own.seconds, base.seconds)};
}

/// Key of the order: machines with a node first, then joules.
std::pair<int, double> dearness(const Rival& rival) {
  const cost::Bill& bill = rival.row->bill;
  if (bill.node) return {0, bill.node->nominal};
  return {1, bill.core ? bill.core->nominal : 0};
}

/// Names of twins say all formats but float32 (`experiments::digital_twin`).
bool is_float32(const PricedSystem& row) { return row.system.ends_with("_digital"); }

}  // namespace

std::optional<Ratio> ratio_of(const std::optional<cost::Draws>& above,
                              const std::optional<cost::Draws>& below) {
  if (!above || !below || below->nominal == 0) return std::nullopt;
  const cost::Draws ratio = *above / *below;
  const auto larger = std::count_if(ratio.values.begin(), ratio.values.end(),
                                    [](double value) { return value > 1; });
  const auto draws = static_cast<double>(std::max<std::size_t>(1, ratio.values.size()));
  return Ratio{ratio.band(), static_cast<double>(larger) / draws};
}

std::optional<Comparison> compared(const std::vector<PricedSystem>& rows) {
  if (rows.empty() || !rows[0].unpriced.empty() || rows[0].algorithm.empty() ||
      rows[0].machine != cost::Machine::array)
    return std::nullopt;
  Comparison out{&rows[0], {}};
  for (const PricedSystem& row : rows) {
    if (row.machine == cost::Machine::array || row.bound || !row.unpriced.empty() ||
        row.algorithm != rows[0].algorithm)
      continue;
    out.rivals.push_back(rival_of(row, rows[0]));
  }
  if (out.rivals.empty()) return std::nullopt;
  std::stable_sort(out.rivals.begin(), out.rivals.end(),
                   [](const Rival& a, const Rival& b) { return dearness(a) < dearness(b); });
  const auto accelerator = [](const Rival& r) {
    return r.row->machine == cost::Machine::accelerator;
  };
  for (const Rival& rival : out.rivals) {
    const bool earlier = !out.first_float || rival.row->place < out.first_float->row->place;
    if (accelerator(rival) && is_float32(*rival.row) && earlier) out.first_float = &rival;
  }
  for (const Rival& rival : out.rivals) {
    if (!out.first_float || rival.row->place != out.first_float->row->place) continue;
    out.first_cheapest = &rival;
    break;
  }
  return out;
}

}  // namespace ohmlab::results
