#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "ohmlab/cost/bill.hpp"
#include "ohmlab/lab/priced.hpp"

namespace ohmlab::cli {

/// Prints the comparison of all systems, then what the first one's bill consists of.
void print_bills(const std::vector<lab::PricedSystem>& rows);
/// Prints what moves a bill most, widest first.
void print_tornado(const lab::Tornado& tornado);

[[nodiscard]] nlohmann::ordered_json bills_json(const std::vector<lab::PricedSystem>& rows);
[[nodiscard]] nlohmann::ordered_json tornado_json(const lab::Tornado& tornado);

}  // namespace ohmlab::cli
