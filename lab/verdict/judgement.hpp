#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../../cost/draws.hpp"

/// Compares costs of two machines at equal quality. Costs are uncertain in three ways: prices,
/// which both machines share draw by draw; instances, i.e. sets of devices and of random numbers;
/// and the moment of arrival, which lies between two evaluations.
namespace ohmlab::verdict {

/// Cost of one training up to a level: at the last evaluation below it and at the first one there.
struct Paid {
  cost::Draws before, there;
};

/// Cost of each instance of a machine; nothing where it does not reach the level.
using Instances = std::vector<std::optional<Paid>>;

/// Number of instances that reach the level.
[[nodiscard]] std::size_t reached(const Instances& instances);

/// Index of the instance in the middle: half way between both evaluations, at the medians of the
/// prices. Instances that do not arrive cost more than all others.
/// \pre not empty
[[nodiscard]] std::size_t middle_instance(const Instances& instances);

/// Cost of the middle instance half way between both evaluations, under every draw of the prices;
/// nothing if it does not arrive.
[[nodiscard]] std::optional<cost::Draws> middle_cost(const Instances& instances);

/// One machine beside another.
struct Versus {
  /// Cost of the other over that of the first: above 1 the first is cheaper. The nominal value
  /// compares middle instances at the medians of the prices. Percentiles are over all draws and all
  /// pairs of instances; infinite where the other machine does not arrive.
  cost::Band factor;
  double ahead = 0;            ///< probability that the first is cheaper
  double error = 0;            ///< standard error of `ahead`
  double prices_alone = 0;     ///< the same probability if prices alone are uncertain
  double instances_alone = 0;  ///< the same if instances and arrivals alone are uncertain
};

/// Compares two machines under all draws of the prices and all pairs of their instances. The moment
/// of arrival is uniform between both evaluations. A machine that does not arrive loses; it also
/// loses to another that does not arrive.
///
/// `error` is the root of the sum of squares of the standard error of the draws and of the
/// jackknife over the instances of both machines (Efron, The Jackknife, the Bootstrap and Other
/// Resampling Plans, SIAM 1982, ch. 3), at least that of one draw.
/// \pre neither is empty; all sums have the number of draws in `options`
[[nodiscard]] Versus versus(const Instances& first, const Instances& other,
                            const cost::DrawOptions& options);

/// "WINS", "LOSES" if the whole band lies on one side of 1, else "undecided".
[[nodiscard]] std::string word_of(const cost::Band& factor);

}  // namespace ohmlab::verdict
