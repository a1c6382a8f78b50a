#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "../core/fields.hpp"
#include "accelerator.hpp"
#include "levers.hpp"
#include "outlook.hpp"
#include "prices.hpp"

namespace ohmlab::cost {

inline constexpr std::string_view dollars_unit = "USD";
using Dollars = Quoted<dollars_unit>;

/// The seed paper's law, with all figures between operations and a bill.
struct TrainingLaw {
  static constexpr std::string_view name = "training_law";
  static constexpr std::string_view summary =
      "Operations of a training run by C0 P T / K; hours, joules and dollars at one utilisation.";
  static constexpr std::string_view equation =
      "C = c0 P T (1 + gating) / sparsity, T = tokens_per_param P; hours = C / (peak utilisation); "
      "node J = hours node_watts; facility = PUE node; money = hours purchase / (lifetime "
      "occupancy) + electricity, or hours rent";
  static constexpr std::string_view source =
      "Faraboschi et al., arXiv 2404.08811: C = 6 P T = 120 P^2, and 120 P^2 / K for experts. All "
      "else is not the paper's";

  double c0 = 6, tokens_per_param = 20, sparsity = 1;
  Share gating{0.15, 0.05, 0.45, Evidence::assumed,
               "router, uneven experts and their traffic; removing avoidable traffic alone gave 26 "
               "% (DeepSpeed-TED, arXiv 2303.06318, abstract read); no survey found"};
  Share utilisation{
      0.32, 0.21, 0.49, Evidence::published,
      "6 P T over peak and hours of 27 published runs: median 31.8 %, 22 to 51 %; the 20 that "
      "docs/validation/law.md scores have 31 % in the middle and 14 % at the least"};
  std::string format = "bf16";
  std::optional<Watts> node_watts;
  std::optional<Dollars> purchase;
  static constexpr auto fields = core::Fields{
      core::field("c0", &TrainingLaw::c0, "", core::between(1e-3, 1e3),
                  "operations per parameter and token"),
      core::field("tokens_per_param", &TrainingLaw::tokens_per_param, "", core::between(1e-6, 1e9),
                  "r, tokens per parameter, over all parameters; 20 makes C = 120 P^2"),
      core::field("sparsity", &TrainingLaw::sparsity, "", core::between(1, 1e4),
                  "K, all parameters over those that work on a token; 1: dense"),
      core::field("gating", &TrainingLaw::gating,
                  "share of operations that experts add; counts if sparsity > 1"),
      core::field("utilisation", &TrainingLaw::utilisation,
                  "operations of the law / (peak × time)"),
      core::field("format", &TrainingLaw::format, "number format of the peak"),
      core::field(
          "node_watts", &TrainingLaw::node_watts,
          "power of one accelerator with its share of the node; 0.7 of the rated tdp + host unless "
          "given"),
      core::field(
          "purchase", &TrainingLaw::purchase,
          "price of one accelerator with its share of node and network; without it, only rent "
          "counts"),
  };
  [[nodiscard]] std::string problem() const;

  [[nodiscard]] double tokens(double parameters) const noexcept {
    return tokens_per_param * parameters;
  }
  /// Operations without the share of gating.
  [[nodiscard]] double flops(double parameters) const noexcept;
};

/// Cost of a run, under every draw.
struct LawCost {
  double tokens = 0;
  Draws flops, hours, node_joules, facility_joules;
  std::optional<Draws> dollars_owned, dollars_rented;
  Draws co2;  ///< kg
};

/// \param pulled        levers that are pulled
/// \param interactions  true if effects contained in two levers count once
///
/// Levers raise utilisation to 1 at most, in every draw.
/// \throws core::UserError if the accelerator has no peak of the law's format
[[nodiscard]] LawCost law_cost(const TrainingLaw& law, const Accelerator& accelerator,
                               const Facility& facility, double parameters, Outlook& outlook,
                               std::span<const LeverEntry> pulled = {}, bool interactions = true);

/// A price under every draw. Bills use the same draws if `key` is its key in the list.
template <class P>
[[nodiscard]] Draws drawn(const P& price, const std::string& key, Outlook& outlook) {
  return outlook.factor(key, price.at(0), price.sigma());
}

}  // namespace ohmlab::cost
