#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "ohmlab/lab/priced.hpp"

namespace ohmlab::cli {

/// Prints the comparison of all systems and the simulated one's bill by component.
void print_bills(const std::vector<lab::PricedSystem>& rows);
[[nodiscard]] nlohmann::ordered_json bills_json(const std::vector<lab::PricedSystem>& rows);

}  // namespace ohmlab::cli
