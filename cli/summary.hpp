#pragma once

#include <vector>

#include "../cost/prices.hpp"
#include "../lab/results/priced.hpp"
#include "../lab/results/result.hpp"

/// The screen after a run: quality in words, the machines with their bands, the verdict.
/// At most 25 lines of 100 columns, the line of the file included. `--full` prints the tables.
namespace ohmlab::cli {

/// Prints what was learned, the warnings, the machines and the verdict.
/// \param rows  bills of the result
void print_summary(const results::Result& result, const std::vector<results::PricedSystem>& rows,
                   const cost::Prices& prices);

}  // namespace ohmlab::cli
