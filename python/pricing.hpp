#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../lab/results/priced.hpp"
#include "../lab/results/to_quality.hpp"
#include "trees.hpp"

namespace ohmlab::python {

/// Prices a result under a list, or under the default list with keys of it set; without the
/// interpreter's lock.
/// \throws core::UserError if both a list and keys are given
[[nodiscard]] std::vector<results::PricedSystem> bills_of(const results::Result& result,
                                                          const std::optional<cost::Prices>& prices,
                                                          const Mapping& assume,
                                                          std::int64_t draws);

/// Bills what ran until a metric came to a value, likewise.
/// \param toward  "up", "down" or nothing
/// \throws core::UserError if both a list and keys are given, or there is no such metric or no
/// history
[[nodiscard]] results::QualityBill bill_to(const results::Result& result, const std::string& metric,
                                           double value, const std::optional<cost::Prices>& prices,
                                           const std::optional<std::string>& toward,
                                           const Mapping& assume, std::int64_t draws);
constexpr const char* bill_to_doc =
    "Bills the machine that ran until a metric came to a value, in the metric's unit: the first "
    "evaluation at the value or beyond it, going away from the first evaluation unless `toward` "
    "says \"up\" or \"down\". Systems that were counted and not run have no such bill: nobody "
    "knows their quality. UserError if there is no such metric, or if the experiment kept no "
    "history.";

/// What a reader of a result must know before its figures, in sentences.
[[nodiscard]] std::vector<std::string> warnings_in(const results::Result& result);
constexpr const char* warnings_doc =
    "what a reader must know before the figures: an IR drop that reads leave out, clipped "
    "conversions, cells worn out, unconverged annealing, a model no better than independent units; "
    "in sentences";
/// Raises each of them as a RuntimeWarning of Python.
/// \param level  of Python's own frames, as `warnings.warn` counts them: 1 is the caller
void warn_of(const results::Result& result, int level);

}  // namespace ohmlab::python
