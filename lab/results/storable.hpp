#pragma once

#include <cmath>
#include <filesystem>

#include "result.hpp"

namespace ohmlab::results {

/// Amounts of tallies, holdings and histories: a bill is made of them.
[[nodiscard]] inline bool is_amount(double value) { return value >= 0 && std::isfinite(value); }

/// Refuses a result that would be wrong or could not be read again, before anything is written:
/// each figure is finite, each amount is one, each list is as long as its axis.
/// \param file  where it was to be stored
/// \throws core::UserError naming the first figure that is not as it should be
void require_storable(const std::filesystem::path& file, const Result& result);

}  // namespace ohmlab::results
