#include "sample_law.hpp"

#include <algorithm>
#include <cmath>
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

/// Edges of a plan as pairs of sites, the smaller first, in ascending order.
std::vector<ebm::Coupling> edges_of(const ebm::NetworkPlan& plan) {
  std::vector<ebm::Coupling> out;
  for (const ebm::CouplingPlan& coupling : plan.couplings) {
    for (Index p = 0; p < coupling.edges.rows(); ++p) {
      for (Index q = 0; q < coupling.edges.cols(); ++q) {
        if (coupling.edges(p, q) == 0) continue;
        const Index i = site_of(plan.layers[coupling.rows], p),
                    j = site_of(plan.layers[coupling.cols], q);
        out.push_back({std::min(i, j), std::max(i, j), 0});
      }
    }
  }
  std::sort(out.begin(), out.end(), [](const ebm::Coupling& x, const ebm::Coupling& y) {
    return std::pair{x.a, x.b} < std::pair{y.a, y.b};
  });
  return out;
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
  pairs.edges = edges_of(plan);
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

core::Matrix SampledLaw::weights(std::size_t coupling) const {
  const ebm::CouplingPlan& of = plan.couplings[coupling];
  core::Matrix out = core::Matrix::Zero(of.edges.rows(), of.edges.cols());
  std::vector<Index> row(pairs.turn.size(), -1), col = row;
  const auto place = [&](std::size_t layer, std::vector<Index>& in) {
    for (Index u = 0; u < plan.layers[layer].units; ++u)
      in[static_cast<std::size_t>(site_of(plan.layers[layer], u))] = u;
  };
  place(of.rows, row);
  place(of.cols, col);
  for (const ebm::Coupling& edge : pairs.edges) {
    const auto a = static_cast<std::size_t>(edge.a), b = static_cast<std::size_t>(edge.b);
    if (row[a] >= 0 && col[b] >= 0) out(row[a], col[b]) = static_cast<float>(edge.weight);
    if (row[b] >= 0 && col[a] >= 0) out(row[b], col[a]) = static_cast<float>(edge.weight);
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
