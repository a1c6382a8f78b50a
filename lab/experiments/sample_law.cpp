#include "sample_law.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "../../ebm/certificate/kaufman.hpp"
#include "../../ebm/edge_list.hpp"
#include "../../ebm/network.hpp"

namespace ohmlab::experiments {
namespace {

using core::Index;

/// Site of a unit of a layer.
Index site_of(const ebm::LayerPlan& layer, Index unit) {
  return layer.columns[static_cast<std::size_t>(unit)];
}

/// Visits row and column of each weight of a coupling, row after row.
void each_weight(const ebm::CouplingPlan& coupling, const std::function<void(Index, Index)>& see) {
  if (coupling.crossings) {
    for (std::size_t e = 0; e < coupling.crossings->row.size(); ++e)
      see(coupling.crossings->row[e], coupling.crossings->col[e]);
    return;
  }
  for (Index p = 0; p < coupling.edges.rows(); ++p) {
    for (Index q = 0; q < coupling.edges.cols(); ++q) {
      if (coupling.edges(p, q) != 0) see(p, q);
    }
  }
}

/// Sites of a lattice, along its narrow side first.
std::vector<Index> along_strip(const Sample& config) {
  std::vector<Index> order;
  const bool wide = config.width > config.height;
  const Index outer = wide ? config.width : config.height,
              inner = wide ? config.height : config.width;
  for (Index o = 0; o < outer; ++o) {
    for (Index i = 0; i < inner; ++i)
      order.push_back(wide ? i * config.width + o : o * config.width + i);
  }
  return order;
}

}  // namespace

SampledLaw::SampledLaw(const Sample& config) {
  ebm::GraphModel graph;
  graph.lattice = config.lattice;
  graph.height = config.height;
  graph.width = config.width;
  graph.edges = config.edges;
  graph.list = config.edge_list;
  ebm::require_graph_file(config.site_fields);
  plan = graph.plan(config.sites(), 0);
  plan.bias_at_log_odds = false;
  core::VectorD fields = core::VectorD::Constant(config.sites(), config.field);
  for (std::size_t i = 0; i < config.fields_of_sites.size(); ++i)
    fields[static_cast<Index>(i)] += config.fields_of_sites[i];
  pairs.bias = 2 * config.inv_temp * fields;
  find_edges();
  std::vector<float> couplings(pairs.edges.size());
  config.couplings.visit([&](const auto& law) {
    law.draw(core::stream(static_cast<std::uint64_t>(config.seed), core::StreamId::couplings),
             couplings);
  });
  for (std::size_t e = 0; config.edge_list && e < couplings.size(); ++e)
    couplings[e] *= static_cast<float>(config.edge_list->edges[e].coupling);
  all_off = config.inv_temp * fields.sum();
  for (std::size_t e = 0; e < couplings.size(); ++e) {
    const double K = config.inv_temp * static_cast<double>(couplings[e]);
    ebm::Coupling& edge = pairs.edges[e];
    edge.weight = 4 * K;
    pairs.bias[edge.a] -= 2 * K;
    pairs.bias[edge.b] -= 2 * K;
    all_off -= K;
  }
  pairs.turn.resize(static_cast<std::size_t>(config.sites()));
  const auto groups = ebm::groups_of(plan);
  for (std::size_t group = 0; group < groups.size(); ++group) {
    for (const std::size_t layer : groups[group]) {
      for (const Index site : plan.layers[layer].columns)
        pairs.turn[static_cast<std::size_t>(site)] = static_cast<std::int32_t>(group);
    }
  }
}

/// Edges of the plan as pairs of sites, the smaller first, in ascending order.
void SampledLaw::find_edges() {
  struct Found {
    ebm::Coupling edge;
    Place place;
  };
  std::vector<Found> found;
  for (std::size_t c = 0; c < plan.couplings.size(); ++c) {
    const ebm::CouplingPlan& coupling = plan.couplings[c];
    Index number = 0;
    each_weight(coupling, [&](Index p, Index q) {
      const Index i = site_of(plan.layers[coupling.rows], p),
                  j = site_of(plan.layers[coupling.cols], q);
      found.push_back({{std::min(i, j), std::max(i, j), 0}, {c, p, q, number++}});
    });
  }
  std::sort(found.begin(), found.end(), [](const Found& x, const Found& y) {
    return std::pair{x.edge.a, x.edge.b} < std::pair{y.edge.a, y.edge.b};
  });
  for (const Found& one : found) {
    pairs.edges.push_back(one.edge);
    places_.push_back(one.place);
  }
}

core::Matrix SampledLaw::weights(std::size_t coupling) const {
  const ebm::CouplingPlan& of = plan.couplings[coupling];
  core::Matrix out = core::Matrix::Zero(plan.layers[of.rows].units, plan.layers[of.cols].units);
  for (std::size_t e = 0; e < places_.size(); ++e) {
    const Place& at = places_[e];
    if (at.coupling == coupling) out(at.row, at.col) = static_cast<float>(pairs.edges[e].weight);
  }
  return out;
}

core::Vector SampledLaw::edge_weights(std::size_t coupling) const {
  core::Vector out(plan.couplings[coupling].crossings->size());
  for (std::size_t e = 0; e < places_.size(); ++e) {
    const Place& at = places_[e];
    if (at.coupling == coupling) out[at.number] = static_cast<float>(pairs.edges[e].weight);
  }
  return out;
}

ebm::TorusLaw SampledLaw::torus(const Sample& config) const {
  const auto width = static_cast<std::size_t>(config.width), sites = pairs.turn.size();
  ebm::TorusLaw out{.height = config.height,
                    .width = config.width,
                    .K = pairs.edges[0].weight / 4,
                    .field = config.inv_temp * config.field,
                    .minus_right = {},
                    .minus_below = {}};
  const auto other = [&](const ebm::Coupling& edge) { return edge.weight != 4 * out.K; };
  if (std::none_of(pairs.edges.begin(), pairs.edges.end(), other)) return out;
  out.minus_right.resize(sites);
  out.minus_below.resize(sites);
  for (const ebm::Coupling& edge : pairs.edges) {
    const auto a = static_cast<std::size_t>(edge.a), b = static_cast<std::size_t>(edge.b);
    const bool in_row = a / width == b / width;
    const bool around = b - a > (in_row ? 1 : width);  // across the seam
    (in_row ? out.minus_right : out.minus_below)[around ? b : a] = other(edge);
  }
  return out;
}

core::Vector SampledLaw::biases(std::size_t layer) const {
  core::Vector out(plan.layers[layer].units);
  for (Index u = 0; u < out.size(); ++u)
    out[u] = static_cast<float>(pairs.bias[site_of(plan.layers[layer], u)]);
  return out;
}

double SampledLaw::per_site(double energy, const Sample& config) const {
  return (energy + all_off) / config.inv_temp / static_cast<double>(config.sites());
}

std::optional<ExactEnergy> SampledLaw::exact(const Sample& config) const {
  const auto* uniform = std::get_if<UniformCouplings>(&config.couplings.choice);
  if (uniform && uniform->coupling > 0 && config.field == 0 && config.fields_of_sites.empty() &&
      config.lattice == ebm::Lattice::torus && std::min(config.height, config.width) >= 3) {
    return ExactEnergy{
        uniform->coupling *
            ebm::kaufman(config.height, config.width, config.inv_temp * uniform->coupling).energy,
        "Kaufman's formula"};
  }
  const auto moments = ebm::summed(pairs, along_strip(config));
  if (!moments) return std::nullopt;
  return ExactEnergy{per_site(moments->mean_energy, config), "sum over the strip"};
}

std::optional<double> SampledLaw::ground(const Sample& config) const {
  const auto least = ebm::ground_energy(pairs, along_strip(config));
  if (!least) return std::nullopt;
  return per_site(*least, config);
}

}  // namespace ohmlab::experiments
