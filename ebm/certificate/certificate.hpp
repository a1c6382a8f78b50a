#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "distance.hpp"
#include "pair_law.hpp"
#include "response.hpp"

namespace ohmlab::ebm {

/// One reason not to trust a sampler.
struct Finding {
  std::string line;    ///< name of the test, e.g. "inverse temperature"
  std::string detail;  ///< figures, or the reason why it could not be tested
};

/// Response of the unit that is farthest from the mean of all, and its deviate.
struct Outlier {
  core::Index unit = 0;
  double value = 0;    ///< its gain or offset less that of all units together
  double deviate = 0;  ///< in standard errors
};

/// Figures of a sampler that claims a known law, and a verdict.
struct Certificate {
  std::optional<Measured> inv_temp;      ///< of drawing, in units of the claimed one
  std::optional<Measured> law_inv_temp;  ///< of the joint law, in units of the claimed one
  std::optional<Response> response;      ///< of all units together, at drawing
  std::optional<Outlier> gain, offset;   ///< worst units
  std::optional<double> misfit;          ///< deviate of bits against fields in bins
  std::optional<double> time;            ///< τ in draws, the larger of energy and magnetisation
  double effective_samples = 0;          ///< of all chains together
  double energy = 0;                     ///< mean energy, in nats
  std::optional<double> energy_error;    ///< its standard error
  std::optional<double> energy_deviate;  ///< distance from the exact mean, in standard errors
  std::optional<Distance> distance;      ///< to the law, for at most `countable_units` units
  std::optional<double> energy_drift, magnetisation_drift;  ///< deviates
  std::optional<double> chain_correlation;                  ///< deviate
  std::vector<Finding> findings;                            ///< empty: passed
};

/// Share of correct samplers that one line may accuse. A line of many units shares it among them.
constexpr double false_alarm = 1e-4;
/// Errors of the inverse temperature and of the offset that are no findings. Our choice: far below
/// the spread of cells, far above float32.
constexpr double inv_temp_tolerance = 0.005, offset_tolerance = 0.005;
/// Fewest effective samples of a mixed sampler, and fewest autocorrelation times in a chain. Our
/// choice.
constexpr double fewest_effective = 50;

/// Deviate that any of so many standard normals exceeds with probability `false_alarm`, in either
/// direction.
[[nodiscard]] double bound_of(double normals);

/// Tests a sampler that claims a law.
/// \param exact_energy  exact mean energy in nats; none if unknown, which is a finding
/// \param seed          key of the floor of the distance
[[nodiscard]] Certificate certify(const PairLaw& law, const Draws& draws,
                                  std::optional<double> exact_energy, std::uint64_t seed);

}  // namespace ohmlab::ebm
