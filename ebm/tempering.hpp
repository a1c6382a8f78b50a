#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../core/archive.hpp"
#include "../crossbar/array.hpp"
#include "network.hpp"
#include "states.hpp"
#include "tempered.hpp"

namespace ohmlab::ebm {

/// Parallel tempering: replicas of all chains at falling inverse temperatures, which exchange their
/// states.
///
/// Neighbours m and n exchange with probability min(1, exp((b_m − b_n)(E_m − E_n))). Pairs (0, 1),
/// (2, 3), … and (1, 2), (3, 4), … are tried in turn, so that states travel along the ladder in one
/// direction for long (Syed, Bouchard-Côté, Deligiannidis & Doucet, J. R. Stat. Soc. B 84, 321
/// (2022)). A round of exchanges leaves the product of all laws unchanged, and so does a sweep.
///
/// Energies come from reads of the arrays with all inputs at full scale, which are billed.
/// Exchanges move the numbers of replicas between registers; states stay in place on hardware.
class Tempering {
 public:
  /// Hot replicas start as independent fair coins.
  /// \param network  outlives this object
  /// \param chains   number of chains, each with one replica per inverse temperature
  Tempering(Network& network, Ladder ladder, core::Index chains);

  /// One round of exchanges.
  /// \param cold  states of the replica at inverse temperature 1, chains × units of each layer
  void exchange(States& cold);
  /// One sweep of every replica.
  void sweep(const std::vector<bool>& free, const std::vector<Nudge>& nudges, States& cold);
  /// So many times both. The last sweep follows the last exchange, so that means belong to the law
  /// of their replica.
  void run(const std::vector<bool>& free, const std::vector<Nudge>& nudges, std::int64_t steps,
           States& cold);

  /// Share of accepted exchanges, mean and least over pairs, and round trips along the ladder.
  [[nodiscard]] std::vector<crossbar::Figure> figures() const;

  /// State between runs; that of the cold replica is its owner's.
  void state(core::Archive& archive);

 private:
  [[nodiscard]] States& replica(std::size_t number, States& cold) noexcept {
    return number == 0 ? cold : hot_[number - 1];
  }
  /// Energies of the chains of a replica at inverse temperature 1, in nats.
  [[nodiscard]] core::VectorD energies(const States& states);
  void count_trips();

  Network& network_;
  Ladder ladder_;
  core::Index chains_;
  cost::Tally::Component component_;
  std::vector<States> hot_;
  std::uint64_t rounds_ = 0;
  std::vector<std::uint64_t> tried_, accepted_;  ///< by pair
  /// By chain and replica: 1 if the state there was at the cold end last, 2 if it then came to the
  /// hot end, 0 if it never was at the cold end.
  std::vector<std::uint64_t> travels_;
  std::uint64_t trips_ = 0;
};

}  // namespace ohmlab::ebm
