#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../../ebm/certificate/pair_law.hpp"
#include "../../ebm/network_plan.hpp"
#include "../../ebm/torus_gibbs.hpp"
#include "sample.hpp"

namespace ohmlab::experiments {

/// Exact mean energy per site in the unit of J, and the way it was found.
struct ExactEnergy {
  double per_site = 0;
  std::string method;
};

/// The Ising model of a config: its network, and its law in units of 0 and 1 in logits.
struct SampledLaw {
  ebm::NetworkPlan plan;
  ebm::PairLaw pairs;
  double all_off = 0;  ///< Ising energy times inv_temp with all units off, in nats

  explicit SampledLaw(const Sample& config);

  /// Weights of one coupling of the plan: rows × cols, in logits.
  [[nodiscard]] core::Matrix weights(std::size_t coupling) const;
  /// The same in the order of its crossings.
  [[nodiscard]] core::Vector edge_weights(std::size_t coupling) const;
  /// Biases of one layer, in logits.
  [[nodiscard]] core::Vector biases(std::size_t layer) const;
  /// The law as one of a torus with couplings of one size.
  /// \pre `Sample::problem` has let "multispin" pass
  [[nodiscard]] ebm::TorusLaw torus(const Sample& config) const;
  /// Ising energy per site in the unit of J, from an energy of units of 0 and 1 in nats.
  [[nodiscard]] double per_site(double energy, const Sample& config) const;
  /// Kaufman's formula for a ferromagnetic torus without field, sums over strips for any other
  /// lattice that is narrow enough, none otherwise.
  [[nodiscard]] std::optional<ExactEnergy> exact(const Sample& config) const;
  /// Least energy of any state per site in the unit of J, for any lattice that is narrow enough.
  [[nodiscard]] std::optional<double> ground(const Sample& config) const;

 private:
  /// Place of an edge in the matrix of its coupling.
  struct Place {
    std::size_t coupling;
    core::Index row, col;
    core::Index number;  ///< among the weights of the coupling, row after row
  };
  void find_edges();
  std::vector<Place> places_;  ///< of each edge of `pairs`
};

}  // namespace ohmlab::experiments
