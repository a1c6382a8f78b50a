#pragma once

#include "prices.hpp"

namespace ohmlab::cost {

/// The price list of a resolved tree, e.g. one that `core::to_node` made.
/// \throws core::UserError as `load_prices` does
[[nodiscard]] Prices prices_of(const core::Node& tree);

}  // namespace ohmlab::cost
