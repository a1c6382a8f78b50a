#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "../../cost/draws.hpp"
#include "result.hpp"

/// Bills of a sampling, told per effective sample. All systems of one result did the same sweeps.
/// Each is billed for the effective samples of the machine that ran.
namespace ohmlab::results {

/// Figures of a result that these bills need.
constexpr std::array<std::string_view, 2> sample_figures{"effective_samples", "findings"};

/// Number of effective samples; none if the result has none.
[[nodiscard]] std::optional<double> effective_samples(const Result& result);

/// True if the certificate of a sampling accuses it: its samples are of another law, or too few.
[[nodiscard]] bool accused(const Result& result);

/// A band divided by a number of samples.
[[nodiscard]] cost::Band per_sample(const cost::Draws& joules, double samples);

}  // namespace ohmlab::results
