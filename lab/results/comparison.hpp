#pragma once

#include <optional>
#include <vector>

#include "../../cost/draws.hpp"
#include "priced.hpp"

namespace ohmlab::results {

/// Joules or seconds of one machine over those of another, under every draw of the prices.
struct Ratio {
  cost::Band band;
  double above_one = 0;  ///< share of the draws in which it is above 1; 0 without draws
};

/// A machine beside the one that ran.
struct Rival {
  const PricedSystem* row;
  std::optional<Ratio> core, node;     ///< its joules over those of the machine that ran
  std::optional<Ratio> without_hosts;  ///< at the node, each without its host
  Ratio seconds;
};

/// Digital machines that did the same training as the machine that ran. Equal data, not equal
/// quality.
struct Comparison {
  const PricedSystem* subject;
  std::vector<Rival> rivals;  ///< the cheapest at the node first, else at the core; no bounds
  const Rival* first_float = nullptr;     ///< on the first accelerator, in float32; null if none
  const Rival* first_cheapest = nullptr;  ///< on the same accelerator, in its cheapest format
};

/// Compares the first row with digital machines of its algorithm. Prices that no machine reaches
/// are left out.
/// \param rows  must outlive the comparison
/// \returns nothing if the first row has no bill, is digital itself, or has no rival
[[nodiscard]] std::optional<Comparison> compared(const std::vector<PricedSystem>& rows);

/// Ratio of two sums, or nothing if one is not priced.
[[nodiscard]] std::optional<Ratio> ratio_of(const std::optional<cost::Draws>& above,
                                            const std::optional<cost::Draws>& below);

}  // namespace ohmlab::results
