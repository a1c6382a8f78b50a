#pragma once

#include <functional>
#include <string>
#include <vector>

#include "macro_prior.hpp"
#include "macro_records.hpp"
#include "scores.hpp"
#include "validation.hpp"

namespace ohmlab::validation {

/// Measured and predicted ln joules of an operation.
struct ScoredMacro {
  Macro macro;
  double measured = 0;  ///< ln J of an operation
  Prediction predicted;
};

/// Rows predicted by the survey's law, fitted without any row of their chip, from size, bits, kind
/// of cells and supply.
[[nodiscard]] std::vector<ScoredMacro> prior_scores(const MacroRecords& records,
                                                    const std::vector<Conversion>& survey);

/// Rows predicted by a list's prices of parts from node, size, bits and time.
[[nodiscard]] std::vector<ScoredMacro> parts_scores(const MacroRecords& records,
                                                    const std::string& list);

/// Rows predicted by a regression of ln joules of an operation on ln node over the other rows.
/// \param together  true if a row is left out with the predicted one
[[nodiscard]] std::vector<ScoredMacro> node_regression(
    const std::vector<ScoredMacro>& rows,
    const std::function<bool(const Macro& predicted, const Macro& other)>& together);

/// Quality of predictions.
struct Skill {
  double median_factor = 0;  ///< exp of the median |ln predicted - ln measured|
  double most_factor = 0;    ///< the same at the 90th percentile
  double inside = 0;         ///< share of rows within their band
  double widest = 0;         ///< largest p95 / p05
  double score = 0;          ///< mean interval score of ln J
  double spread = 0;         ///< root of the mean square of ln predicted - ln measured
};
[[nodiscard]] Skill skill(const std::vector<ScoredMacro>& rows);

/// All gates of prices against silicon: rows predicted from others of their chip, and blind.
[[nodiscard]] Validation validate_prices(const MacroRecords& records, const Survey& survey);

}  // namespace ohmlab::validation
