#include "pair_law.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace ohmlab::ebm {
namespace {

using core::Index;

struct Neighbour {
  std::size_t unit;
  double weight;
};

std::vector<std::vector<Neighbour>> neighbours_of(const PairLaw& law) {
  std::vector<std::vector<Neighbour>> out(static_cast<std::size_t>(law.units()));
  for (const Coupling& edge : law.edges) {
    const auto a = static_cast<std::size_t>(edge.a), b = static_cast<std::size_t>(edge.b);
    out[a].push_back({b, edge.weight});
    out[b].push_back({a, edge.weight});
  }
  return out;
}

/// Pairs whose fields take a neighbour from `before` where `earlier(unit, neighbour)` is false.
template <class Earlier>
Pairs pairs(const PairLaw& law, const Draws& draws, const Earlier& earlier) {
  const auto units = static_cast<std::size_t>(law.units());
  const auto neighbours = neighbours_of(law);
  Pairs out{draws.draws(), draws.chains, draws.units, {}, draws.after};
  out.fields.resize(draws.after.size());
  for (std::size_t first = 0; first < draws.after.size(); first += units) {
    for (std::size_t i = 0; i < units; ++i) {
      double field = law.bias[static_cast<Index>(i)];
      for (const Neighbour& n : neighbours[i]) {
        const auto& states = earlier(i, n.unit) ? draws.after : draws.before;
        field += n.weight * states[first + n.unit];
      }
      out.fields[first + i] = static_cast<float>(field);
    }
  }
  return out;
}

/// Table over the units of a frontier: sums of weights, and of weights times energy.
struct Table {
  std::vector<double> z{1}, e{0};
  double log_scale = 0;

  void rescale() {
    const double largest = *std::max_element(z.begin(), z.end());
    for (double& value : z) value /= largest;
    for (double& value : e) value /= largest;
    log_scale += std::log(largest);
  }
  /// Appends a unit: `fields` is its field for every state of the frontier.
  void append(const std::vector<double>& fields) {
    const std::size_t size = z.size();
    z.resize(2 * size);
    e.resize(2 * size);
    for (std::size_t s = 0; s < size; ++s) {
      const double weight = std::exp(fields[s]);
      z[size + s] = z[s] * weight;
      e[size + s] = (e[s] - fields[s] * z[s]) * weight;
    }
  }
  /// Sums over the unit at a bit.
  void sum_over(std::size_t bit) {
    const std::size_t low = (std::size_t{1} << bit) - 1, half = z.size() / 2;
    for (std::size_t s = 0; s < half; ++s) {
      const std::size_t off = (s & low) | ((s & ~low) << 1), on = off | (low + 1);
      z[s] = z[off] + z[on];
      e[s] = e[off] + e[on];
    }
    z.resize(half);
    e.resize(half);
  }
};

/// Table over the units of a frontier: least energies.
struct LeastTable {
  std::vector<double> energy{0};

  void rescale() {}
  void append(const std::vector<double>& fields) {
    const std::size_t size = energy.size();
    energy.resize(2 * size);
    for (std::size_t s = 0; s < size; ++s) energy[size + s] = energy[s] - fields[s];
  }
  void sum_over(std::size_t bit) {
    const std::size_t low = (std::size_t{1} << bit) - 1, half = energy.size() / 2;
    for (std::size_t s = 0; s < half; ++s) {
      const std::size_t off = (s & low) | ((s & ~low) << 1), on = off | (low + 1);
      energy[s] = std::min(energy[off], energy[on]);
    }
    energy.resize(half);
  }
};

/// Appends all units in an order, and sums over each once it has no neighbours to come. False if
/// the table gets too large.
template <class Table>
bool eliminate(const PairLaw& law, std::span<const Index> order, Table& table) {
  const auto neighbours = neighbours_of(law);
  std::vector<std::size_t> waits(neighbours.size());  // neighbours to come
  for (std::size_t i = 0; i < waits.size(); ++i) waits[i] = neighbours[i].size();
  std::vector<std::size_t> frontier;
  for (const Index next : order) {
    const auto unit = static_cast<std::size_t>(next);
    if (frontier.size() + 1 > frontier_units) return false;
    std::vector<double> fields(std::size_t{1} << frontier.size(), law.bias[next]);
    for (const Neighbour& n : neighbours[unit]) {
      const auto at = std::find(frontier.begin(), frontier.end(), n.unit);
      if (at == frontier.end()) continue;
      const auto bit = static_cast<std::size_t>(at - frontier.begin());
      for (std::size_t s = 0; s < fields.size(); ++s) {
        if (s >> bit & 1) fields[s] += n.weight;
      }
      --waits[n.unit];
      --waits[unit];
    }
    table.append(fields);
    frontier.push_back(unit);
    for (std::size_t bit = frontier.size(); bit-- > 0;) {
      if (waits[frontier[bit]] > 0) continue;
      table.sum_over(bit);
      frontier.erase(frontier.begin() + static_cast<std::ptrdiff_t>(bit));
    }
    table.rescale();
  }
  return true;
}

}  // namespace

double PairLaw::energy(std::span<const std::uint8_t> bits) const {
  double sum = 0;
  for (Index i = 0; i < units(); ++i) sum -= bias[i] * bits[static_cast<std::size_t>(i)];
  for (const Coupling& edge : edges) {
    if (bits[static_cast<std::size_t>(edge.a)] && bits[static_cast<std::size_t>(edge.b)])
      sum -= edge.weight;
  }
  return sum;
}

Pairs pairs_at_drawing(const PairLaw& law, const Draws& draws) {
  assert(draws.before.size() == draws.after.size());
  return pairs(law, draws, [&](std::size_t unit, std::size_t neighbour) {
    return law.turn[neighbour] < law.turn[unit];
  });
}

Pairs pairs_at_rest(const PairLaw& law, const Draws& draws) {
  return pairs(law, draws, [](std::size_t, std::size_t) { return true; });
}

core::VectorD probabilities(const PairLaw& law) {
  assert(law.units() <= countable_units);
  const auto neighbours = neighbours_of(law);
  const std::size_t states = std::size_t{1} << law.units();
  core::VectorD energy = core::VectorD::Zero(static_cast<Index>(states));
  for (std::size_t i = 0, bit = 1; bit < states; ++i, bit *= 2) {
    for (std::size_t rest = 0; rest < bit; ++rest) {  // states whose highest unit is i
      double field = law.bias[static_cast<Index>(i)];
      for (const Neighbour& n : neighbours[i]) {
        if (rest >> n.unit & 1) field += n.weight;
      }
      energy[static_cast<Index>(bit | rest)] = energy[static_cast<Index>(rest)] - field;
    }
  }
  core::VectorD p = (energy.minCoeff() - energy.array()).exp();
  return p / p.sum();
}

core::VectorD counts_of(const Draws& draws) {
  assert(draws.units <= countable_units);
  core::VectorD counts = core::VectorD::Zero(Index{1} << draws.units);
  for (std::size_t first = 0; first < draws.after.size();
       first += static_cast<std::size_t>(draws.units)) {
    Index state = 0;
    for (Index i = 0; i < draws.units; ++i)
      state |= Index{draws.after[first + static_cast<std::size_t>(i)]} << i;
    counts[state] += 1;
  }
  return counts;
}

std::optional<ExactMoments> summed(const PairLaw& law, std::span<const Index> order) {
  Table table;
  if (!eliminate(law, order, table)) return std::nullopt;
  return ExactMoments{table.log_scale + std::log(table.z[0]), table.e[0] / table.z[0]};
}

std::optional<double> ground_energy(const PairLaw& law, std::span<const Index> order) {
  LeastTable table;
  if (!eliminate(law, order, table)) return std::nullopt;
  return table.energy[0];
}

}  // namespace ohmlab::ebm
