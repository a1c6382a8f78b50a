#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "../cost/bill.hpp"
#include "../lab/results/priced.hpp"
#include "../lab/results/warnings.hpp"

namespace ohmlab::cli {

/// Three digits and an SI prefix, e.g. "1.23 mJ".
[[nodiscard]] std::string engineering(double value, const char* unit);
/// Nominal value with 5th and 95th percentile.
[[nodiscard]] std::string band(const cost::Band& b, const char* unit);
/// Energy at a boundary, or "not priced" if the list has no prices for it.
[[nodiscard]] std::string joules_at(const cost::Bill& bill, cost::Boundary where);

/// True if a system learned from examples, as opposed to cells that were only measured.
[[nodiscard]] bool of_training(const std::vector<results::PricedSystem>& rows);

/// Prints the warnings of a result; called before its bill is printed.
void print_warnings(const std::vector<results::Warning>& warnings);
/// Title of a list, with the file that was read.
[[nodiscard]] std::string described(const cost::Prices& prices);
/// Prints the comparison of all systems, then the breakdown of the first bill.
void print_bills(const std::vector<results::PricedSystem>& rows, const cost::Prices& prices);
/// Prints the prices that move a bill most, widest swing first.
void print_tornado(const results::Tornado& tornado);

/// Title and file of a list.
[[nodiscard]] nlohmann::ordered_json prices_json(const cost::Prices& prices);
[[nodiscard]] nlohmann::ordered_json bills_json(const std::vector<results::PricedSystem>& rows);
/// Adds joules per effective sample at each boundary to the bills of a sampling.
void add_per_sample(const results::Result& result, const std::vector<results::PricedSystem>& rows,
                    nlohmann::ordered_json& bills);
[[nodiscard]] nlohmann::ordered_json tornado_json(const results::Tornado& tornado);

}  // namespace ohmlab::cli
