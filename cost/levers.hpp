#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../core/fields.hpp"
#include "evidence.hpp"
#include "outlook.hpp"

/// The seven evolutionary levers with which Faraboschi et al., arXiv 2404.08811, would halve costs
/// incrementally. The paper's own factors are not at hand. Each figure comes from another source,
/// or is a stated judgement.
namespace ohmlab::cost {

/// The one quantity of a bill that a lever changes.
enum class LeverTarget {
  operations,
  tokens,
  utilisation,
  peak,
  joules_per_operation,
  hourly_price
};
constexpr std::array<std::string_view, 6> enum_names(LeverTarget) {
  return {"operations",           "tokens",          "utilisation", "peak",
          "joules per operation", "dollars per hour"};
}

/// A figure of a run that levers lower.
enum class LeverOutcome { flops, hours, joules, dollars };

/// Settings of one lever. `factor` divides the target; it multiplies utilisation and peak.
struct Lever {
  bool on = true;
  double factor = 2, p05 = 1, p95 = 4;
  std::map<std::string, double> contains;
  static constexpr auto fields = core::Fields{
      core::field("on", &Lever::on, "true if the lever is pulled when all are"),
      core::field("factor", &Lever::factor, "", core::between(1e-3, 1e3),
                  "median factor that divides its target, or multiplies utilisation or peak"),
      core::field("p05", &Lever::p05, "", core::between(1e-3, 1e3), "5th percentile"),
      core::field("p95", &Lever::p95, "", core::between(1e-3, 1e3), "95th percentile"),
      core::field("contains", &Lever::contains, "", core::fraction,
                  "by lever: share of its log factor that this factor already contains"),
  };
  [[nodiscard]] std::string problem() const {
    return p05 <= factor && factor <= p95 ? "" : "expected p05 <= factor <= p95";
  }
};

struct SupercomputingOptimisations : Lever {
  static constexpr std::string_view name = "supercomputing";
  static constexpr std::string_view summary =
      "Tuning of a whole system: kernels, overlap, networks, fewer lost hours.";
  static constexpr std::string_view source =
      "the same 128 H100 training GPT-3 175B went from 34 % to 54 % of peak in 2024 (SemiAnalysis, "
      "as a digest gives it; the report was not read): 1.6; half of that is taken to be "
      "partitioning, a judgement";
  static constexpr Evidence evidence = Evidence::published;
  static constexpr LeverTarget target = LeverTarget::utilisation;
  SupercomputingOptimisations() : Lever{true, 1.6, 1.15, 2.2, {{"model_partitioning", 0.5}}} {}
};

struct DataReduction : Lever {
  static constexpr std::string_view name = "data_reduction";
  static constexpr std::string_view summary =
      "Fewer, better tokens: filtering, deduplication, mixing.";
  static constexpr std::string_view source =
      "DataComp-LM, arXiv 2406.11794 (abstract read): a better model than MAP-Neo with 40 % less "
      "compute: 1.7; 6.6 times less than Llama 3 8B, which was trained far beyond its optimum, is "
      "left to the band";
  static constexpr Evidence evidence = Evidence::published;
  static constexpr LeverTarget target = LeverTarget::tokens;
  DataReduction() : Lever{true, 1.7, 1.05, 2.8, {}} {}
};

struct ModelPartitioning : Lever {
  static constexpr std::string_view name = "model_partitioning";
  static constexpr std::string_view summary =
      "Tensor, pipeline, sequence and expert parallelism with selective recomputation.";
  static constexpr std::string_view source =
      "interleaved pipelines 1.1 (Narayanan et al., arXiv 2104.04473, abstract read); sequence "
      "parallelism with selective recomputation about 1.3 (Korthikanti et al., arXiv 2205.05198, "
      "its eight points in docs/validation/training.md)";
  static constexpr Evidence evidence = Evidence::measured;
  static constexpr LeverTarget target = LeverTarget::utilisation;
  ModelPartitioning() : Lever{true, 1.3, 1.1, 1.55, {}} {}
};

struct TrainingAlgorithms : Lever {
  static constexpr std::string_view name = "training_algorithms";
  static constexpr std::string_view summary =
      "Optimizers and schedules that need fewer operations to reach a loss.";
  static constexpr std::string_view source =
      "Muon about 2 times fewer operations than AdamW (Liu et al., arXiv 2502.16982, abstract "
      "read), its authors' tuning; later comparisons with tuned rivals find 1.1 to 1.4 (from "
      "memory): 1.4 between";
  static constexpr Evidence evidence = Evidence::assumed;
  static constexpr LeverTarget target = LeverTarget::operations;
  TrainingAlgorithms() : Lever{true, 1.4, 1.0, 2.0, {}} {}
};

struct DataFormats : Lever {
  static constexpr std::string_view name = "data_formats";
  static constexpr std::string_view summary =
      "FP8 instead of BF16 products: more operations per hour.";
  static constexpr std::string_view source =
      "1.6 with GPT-3-style models on H100 (Lambda, Transformer Engine, read); peaks differ by 2; "
      "1.2 to 1.3 where attention and traffic stay in 16 bits (from memory)";
  static constexpr Evidence evidence = Evidence::measured;
  static constexpr LeverTarget target = LeverTarget::peak;
  DataFormats() : Lever{true, 1.45, 1.15, 1.8, {}} {}
};

struct EfficientHardware : Lever {
  static constexpr std::string_view name = "efficient_hardware";
  static constexpr std::string_view summary =
      "The next hardware generation: fewer joules per operation.";
  static constexpr std::string_view source =
      "datasheets at 16 bits, B200 2250 TFLOP/s at 1000 W beside H100 989 at 700 W: 1.6; one "
      "published training test found B200 worse per watt, hence the lower end; makers' larger "
      "figures compare FP4 with FP8, hence the share of formats inside, a judgement";
  static constexpr Evidence evidence = Evidence::datasheet;
  static constexpr LeverTarget target = LeverTarget::joules_per_operation;
  EfficientHardware() : Lever{true, 1.6, 0.95, 2.6, {{"data_formats", 0.3}}} {}
};

struct CompetitiveAccelerators : Lever {
  static constexpr std::string_view name = "competitive_accelerators";
  static constexpr std::string_view summary =
      "Rival makers: fewer dollars for an hour of the same work.";
  static constexpr std::string_view source =
      "public prices of 2024 to 2026: MI300X 10 to 20 kUSD beside H100 about 30 kUSD, with "
      "software that reaches less of its peak; a judgement";
  static constexpr Evidence evidence = Evidence::assumed;
  static constexpr LeverTarget target = LeverTarget::hourly_price;
  CompetitiveAccelerators() : Lever{true, 1.4, 0.9, 2.2, {}} {}
};

/// One lever with its description.
struct LeverEntry {
  std::string_view name, summary, source;
  Evidence evidence{};
  LeverTarget target{};
  const Lever* set = nullptr;
  bool as_shipped = true;  ///< true if its figures are those of the source
};

/// All seven levers.
struct Levers {
  SupercomputingOptimisations supercomputing;
  DataReduction data_reduction;
  ModelPartitioning model_partitioning;
  TrainingAlgorithms training_algorithms;
  DataFormats data_formats;
  EfficientHardware efficient_hardware;
  CompetitiveAccelerators competitive_accelerators;
  static constexpr auto fields = core::Fields{
      core::field("supercomputing", &Levers::supercomputing, "raises utilisation"),
      core::field("data_reduction", &Levers::data_reduction, "lowers tokens"),
      core::field("model_partitioning", &Levers::model_partitioning, "raises utilisation"),
      core::field("training_algorithms", &Levers::training_algorithms, "lowers operations"),
      core::field("data_formats", &Levers::data_formats, "raises the peak"),
      core::field("efficient_hardware", &Levers::efficient_hardware, "lowers joules per operation"),
      core::field("competitive_accelerators", &Levers::competitive_accelerators,
                  "lowers dollars per hour"),
  };
  [[nodiscard]] std::string problem() const;

  /// Levers in the paper's order; `set` points into this.
  [[nodiscard]] std::vector<LeverEntry> entries() const;
};

/// True if a lever with this target lowers this figure of a run.
[[nodiscard]] bool acts_on(LeverTarget target, LeverOutcome outcome) noexcept;

/// Factor by which levers together divide a figure. With interactions, the share of a lever that
/// another pulled lever contains counts once: the product is divided by f^share. This divisor lies
/// between 1 and the containing lever's own factor.
[[nodiscard]] Draws saving(std::span<const LeverEntry> pulled, LeverOutcome outcome,
                           bool interactions, Outlook& outlook);

}  // namespace ohmlab::cost
