#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../lab/results/priced.hpp"
#include "../lab/results/to_quality.hpp"
#include "trees.hpp"

namespace ohmlab::python {

/// Prices a result under a list, or under the default list with some keys set. Releases the
/// interpreter's lock.
/// \param assume  keys set in the default list
/// \throws core::UserError if both a list and keys are given
[[nodiscard]] std::vector<results::PricedSystem> bills_of(const results::Result& result,
                                                          const std::optional<cost::Prices>& prices,
                                                          const Mapping& assume,
                                                          std::int64_t draws);

/// Bills the machine that ran up to the evaluation at which a metric reached a value. Prices as in
/// `bills_of`.
/// \param toward  "up", "down" or nothing
/// \throws core::UserError if both a list and keys are given, or the metric or the history is
/// missing
[[nodiscard]] results::QualityBill bill_to(const results::Result& result, const std::string& metric,
                                           double value, const std::optional<cost::Prices>& prices,
                                           const std::optional<std::string>& toward,
                                           const Mapping& assume, std::int64_t draws);
constexpr const char* bill_to_doc =
    "Bills the machine that ran up to the first evaluation at which a metric is at a value, given "
    "in the metric's unit, or beyond it. The direction is from the first evaluation towards the "
    "value, unless `toward` is \"up\" or \"down\". Systems that were only counted have no bill to "
    "a quality: their quality is unknown. Raises UserError if the metric or the history is "
    "missing.";

/// Warnings of a result, one sentence each.
[[nodiscard]] std::vector<std::string> warnings_in(const results::Result& result);
constexpr const char* warnings_doc =
    "warnings to read before the figures, one sentence each: an IR drop left out of reads, clipped "
    "conversions or inputs, updates cut off, rounded steps, worn-out cells, unconverged annealing, "
    "a model no better than independent units";
/// Raises each warning of a result as a RuntimeWarning of Python.
/// \param level  stack level, counted in Python frames as by `warnings.warn`: 1 is the caller
void warn_of(const results::Result& result, int level);

}  // namespace ohmlab::python
