#include "law.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "../../cost/accelerator.hpp"
#include "../../cost/scaling.hpp"
#include "scores.hpp"

namespace ohmlab::validation {
std::vector<LawRow> law_rows(const PublishedRuns& runs, const cost::TrainingLaw& law) {
  std::vector<LawRow> out;
  for (const PublishedRun& run : runs.runs) {
    if (run.tokens < run.model.active_parameters()) continue;
    const cost::Accelerator accelerator = cost::accelerator_preset(run.accelerator);
    const auto& peaks = accelerator.peak;
    const double peak = (peaks.contains("bf16") ? peaks.at("bf16") : peaks.at("fp16")).median;
    LawRow row{run.name,  run.parameters, run.model.active_parameters(), run.tokens, 0, 0, 0, 0,
               run.hours, run.excluded};
    // A dense model works with all its published parameters, also those that its shape leaves out.
    if (run.model.expert_layers() == 0) row.active = run.parameters;
    const double sparsity = row.parameters / row.active;
    row.law_flops = cost::mixture_flops(row.parameters,
                                        cost::optimal_tokens(row.parameters, law.tokens_per_param),
                                        sparsity, 0, law.c0);
    row.token_flops = cost::mixture_flops(row.parameters, row.tokens, sparsity, 0, law.c0);
    const double a_second = peak * law.utilisation.median * 3600;
    row.law_hours = row.law_flops / a_second;
    row.token_hours = row.token_flops / a_second;
    out.push_back(std::move(row));
  }
  return out;
}

Validation validate_law(const TrainingRecords& records) {
  const cost::TrainingLaw law;
  const std::vector<LawRow> rows = law_rows(records.runs, law);
  Validation out{"law", "The seed paper's law beside published runs", {}, {}, {}};
  ValidationTable table{
      "Published runs, the tokens they saw, and what the law gives",
      {"run", "scored", "parameters", "K", "tokens", "tokens / parameter", "120 P^2 / K, FLOP",
       "6 P T / K, FLOP", "law / 6 P T", "published hours", "hours by 120 P^2 / K",
       "hours by 6 P T / K", "error of the last", "source"},
      {}};
  std::vector<double> law_factors, law_hours, token_errors;
  for (const LawRow& row : rows) {
    const auto about = std::find_if(records.runs.runs.begin(), records.runs.runs.end(),
                                    [&](const PublishedRun& run) { return run.name == row.name; });
    const double error = row.token_hours / row.hours - 1;
    table.rows.push_back(
        {row.name, row.unscored.empty() ? "yes" : "no: " + row.unscored,
         fmt::format("{:.4g}", row.parameters), fmt::format("{:.3g}", row.parameters / row.active),
         fmt::format("{:.4g}", row.tokens), fmt::format("{:.4g}", row.tokens / row.parameters),
         fmt::format("{:.3g}", row.law_flops), fmt::format("{:.3g}", row.token_flops),
         fmt::format("{:.2g}", row.ratio()), fmt::format("{:.4g}", row.hours),
         fmt::format("{:.3g}", row.law_hours), fmt::format("{:.3g}", row.token_hours),
         fmt::format("{:+.0f} %", 100 * error), about->source});
    if (!row.unscored.empty()) continue;
    law_factors.push_back(std::exp(std::abs(std::log(row.ratio()))));
    law_hours.push_back(std::exp(std::abs(std::log(row.law_hours / row.hours))));
    token_errors.push_back(std::abs(error));
  }
  out.protocol = {
      fmt::format(
          "120 P^2 / K takes 20 tokens for each of all P parameters and divides by K, all over "
          "active ones; 6 P T / K takes the tokens that were seen. Hours are operations over peak "
          "and a utilisation of {:.0f} %, which is about the median of these very runs: of the "
          "hours by 6 P T only the scatter is a test. No constant was set here; published energies "
          "and prices are hours times a rate, hence circular, and are not compared.",
          100 * law.utilisation.median),
      "Steps that were timed alone, without training to the end, are left out: they saw fewer "
      "tokens than parameters work on each. Rows that `ohmlab validate training` refuses are shown "
      "and not scored.",
      "A ratio of the law to 6 P T does not depend on K: it is 20 parameters over the tokens, so "
      "it says how far practice has moved from 20 tokens a parameter, and nothing about experts."};
  const auto share_within = [&](const std::vector<double>& factors, double of) {
    return fmt::format(
        "{} of {}",
        std::count_if(factors.begin(), factors.end(), [&](double x) { return x <= of; }),
        factors.size());
  };
  out.gates = {
      {"operations, 120 P^2 / K over 6 P T / K, median factor off",
       fmt::format("{:.1f}", median(law_factors)), "", true, ""},
      {"the same, largest factor off",
       fmt::format("{:.0f}", *std::max_element(law_factors.begin(), law_factors.end())), "", true,
       ""},
      {"the same, runs within a factor of 2", share_within(law_factors, 2), "", true, ""},
      {"accelerator-hours, 120 P^2 / K, median factor off",
       fmt::format("{:.1f}", median(law_hours)), "", true, ""},
      {"accelerator-hours, 6 P T / K with the true tokens, median error, utilisation in sample",
       fmt::format("{:.1f} %", 100 * median(token_errors)), "", true, ""},
  };
  out.tables.push_back(std::move(table));
  return out;
}

}  // namespace ohmlab::validation
