#pragma once

#include <cmath>
#include <filesystem>

#include "result.hpp"

namespace ohmlab::results {

/// True for a valid amount of a tally, holding or history: finite and not negative.
[[nodiscard]] inline bool is_amount(double value) { return value >= 0 && std::isfinite(value); }

/// Refuses a bad result before anything is written. Every figure must be finite, every amount
/// valid, and every list as long as its axis.
/// \param file  file of the result, for the message
/// \throws core::UserError naming the first bad figure
void require_storable(const std::filesystem::path& file, const Result& result);

}  // namespace ohmlab::results
