#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "../cost/bill.hpp"
#include "../lab/results/priced.hpp"
#include "../lab/results/warnings.hpp"

namespace ohmlab::cli {

/// "1.23 mJ": three digits and an SI prefix.
[[nodiscard]] std::string engineering(double value, const char* unit);
/// The same with its 5th and 95th percentile.
[[nodiscard]] std::string band(const cost::Band& b, const char* unit);
/// Energy at a boundary, or that the list has no prices for it.
[[nodiscard]] std::string joules_at(const cost::Bill& bill, cost::Boundary where);

/// Prints warnings of a result, to stand above its bill.
void print_warnings(const std::vector<results::Warning>& warnings);
/// Prints the comparison of all systems, then what the first one's bill consists of.
void print_bills(const std::vector<results::PricedSystem>& rows);
/// Prints what moves a bill most, widest first.
void print_tornado(const results::Tornado& tornado);

[[nodiscard]] nlohmann::ordered_json bills_json(const std::vector<results::PricedSystem>& rows);
[[nodiscard]] nlohmann::ordered_json tornado_json(const results::Tornado& tornado);

}  // namespace ohmlab::cli
