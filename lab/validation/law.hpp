#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../../cost/training_law.hpp"
#include "training_records.hpp"
#include "validation.hpp"

namespace ohmlab::validation {

/// The law beside one published run.
struct LawRow {
  std::string name;
  double parameters = 0, active = 0, tokens = 0;
  double law_flops = 0;    ///< 120 P^2 / K, tokens by the law
  double token_flops = 0;  ///< C0 P T / K, tokens as published
  /// The first two at the utilisation of the law, `hours` as published
  double law_hours = 0, token_hours = 0, hours = 0;
  std::string unscored;  ///< reason why it is not in the summary, or ""

  /// Operations of the law over those on the tokens that were seen.
  [[nodiscard]] double ratio() const { return law_flops / token_flops; }
};

/// Runs with at least one token for each active parameter: shorter ones only timed steps.
[[nodiscard]] std::vector<LawRow> law_rows(const PublishedRuns& runs, const cost::TrainingLaw& law);

/// Distance of the seed paper's law from published runs, row by row.
[[nodiscard]] Validation validate_law(const TrainingRecords& records);

}  // namespace ohmlab::validation
