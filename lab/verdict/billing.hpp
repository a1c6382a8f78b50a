#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../../cost/bill.hpp"
#include "../results/result.hpp"
#include "judgement.hpp"

/// Bills learning curves up to a level of quality.
namespace ohmlab::verdict {

/// A cost: joules at a boundary, joules at the node without the host, or seconds.
enum class Measure { core, without_hosts, node, seconds };
inline constexpr std::array measures{Measure::core, Measure::without_hosts, Measure::node,
                                     Measure::seconds};
[[nodiscard]] constexpr std::string_view name(Measure measure) noexcept {
  constexpr std::array<std::string_view, 4> names{"core", "without_hosts", "node", "seconds"};
  return names[static_cast<std::size_t>(measure)];
}
template <class T>
using ByMeasure = std::array<T, measures.size()>;

/// All instances of one setting.
struct Trained {
  std::string label;
  std::vector<results::Result> instances;
  std::int64_t first_seed = 1;  ///< added to the seed of the screening for the first instance
};

/// Trainings of one side, to be priced at each place of its kind of machine.
struct Group {
  std::string name, title;  ///< of the side
  std::vector<Trained> settings;
};

/// Label of the host among the parts of a bill.
inline constexpr std::string_view host_part = "host";

/// A part of a bill, as a share of the joules at the node, or at the core if the list has no node.
struct Part {
  std::string label;
  double share = 0;
};

/// One machine at one level, by the setting that is cheapest there.
struct AtLevel {
  std::string group, title;  ///< side, and title of the place
  std::string setting;       ///< cheapest at the node
  std::size_t reached = 0;   ///< instances of that setting that reach the level
  std::size_t instances = 0;
  ByMeasure<std::optional<cost::Band>> cost;  ///< of the middle instance, half way to arrival
  ByMeasure<std::optional<Versus>> against;   ///< the analog machine beside this one
};

/// All machines at one level.
struct Rung {
  double level = 0;
  std::vector<AtLevel> machines;  ///< analog ones first
  /// Index of the cheapest digital machine whose instances mostly reach the level
  ByMeasure<std::optional<std::size_t>> cheapest;
  std::vector<Part> parts;  ///< parts of the first analog bill, largest first
};

/// Reason why a group has no bill, or "".
[[nodiscard]] std::string unpriced(const Group& group);

/// Bills all groups at one level and compares the first one with all others. Machines are listed
/// alike at every level.
/// \param groups  the analog one first
[[nodiscard]] Rung rung(const std::vector<Group>& groups, const std::string& metric, double level,
                        cost::Pricer& pricer, const cost::DrawOptions& options);

}  // namespace ohmlab::verdict
