#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

/// Levels of quality, and the learning curves that reach them. Larger is better.
namespace ohmlab::verdict {

/// Quality of one training at its evaluations.
struct Curve {
  std::vector<double> at;       ///< place on the axis of the training, e.g. its epoch
  std::vector<double> quality;  ///< value at each place
};

/// Best quality of a curve; minus infinity if it has no number.
[[nodiscard]] double best(const Curve& curve);

/// First evaluation at a level or above it.
[[nodiscard]] std::optional<std::size_t> arrival(const Curve& curve, double level);

/// Middle value; of an even number the lower one. \pre not empty
[[nodiscard]] double middle(std::vector<double> values);

/// True if more than half of the curves reach a level.
[[nodiscard]] bool most_reach(std::span<const Curve> curves, double level);

/// The highest level that most of the curves reach.
[[nodiscard]] std::optional<double> highest(std::span<const Curve> curves,
                                            std::span<const double> levels);

/// Curves that go on: the one with the best quality, and the one that is first to come within
/// `slack` of that quality, if it is another.
/// \pre not empty
[[nodiscard]] std::vector<std::size_t> finalists(std::span<const Curve> curves, double slack);

}  // namespace ohmlab::verdict
