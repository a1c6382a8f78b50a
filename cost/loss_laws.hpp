#pragma once

#include <cmath>
#include <limits>
#include <string_view>

#include "../core/fields.hpp"
#include "outlook.hpp"

/// Laws of the loss of a transformer over its parameters and tokens.
namespace ohmlab::cost {

/// L(P, T) = E + A/P^alpha + B/T^beta in nats per token, its inverse and its optima.
struct LossConstants {
  double e = 0, a = 0, b = 0, alpha = 0, beta = 0;

  [[nodiscard]] double loss(double parameters, double tokens) const {
    return e + a * std::pow(parameters, -alpha) + b * std::pow(tokens, -beta);
  }
  /// Tokens at which this many parameters reach a loss; infinite if they never do.
  [[nodiscard]] double tokens_for(double loss, double parameters) const {
    const double left = loss - e - a * std::pow(parameters, -alpha);
    return left > 0 ? std::pow(b / left, 1 / beta) : std::numeric_limits<double>::infinity();
  }
  /// Parameters of least loss at `flops` = c0 P T (Hoffmann et al., equation 4).
  [[nodiscard]] double optimal_parameters(double flops, double c0 = 6) const {
    return std::pow(alpha * a / (beta * b), 1 / (alpha + beta)) *
           std::pow(flops / c0, beta / (alpha + beta));
  }
  /// Operations of the cheapest model that reaches a loss; infinite if none does.
  [[nodiscard]] double flops_for(double loss, double c0 = 6) const;
};

/// Fitted constants with their standard errors.
///
/// A and B are not drawn freely: the fit ties them to the exponents, and free draws would miss the
/// fitted data. Each term keeps its value at the pivot, the logarithmic middle of the fitted runs.
/// It turns about the pivot with its exponent.
struct LossFit {
  LossConstants best;
  double e_error = 0.03, alpha_error = 0.02, beta_error = 0.02;
  static constexpr double pivot_parameters = 1e9;  ///< runs have 70 M to 16 B parameters
  static constexpr double pivot_tokens = 5e10;     ///< runs have 5 B to 500 B tokens

  /// Constants under every draw of an outlook; repeated calls agree.
  [[nodiscard]] std::vector<LossConstants> draws(Outlook& outlook) const;
};

/// Fields of both entries of the catalogue.
struct LossLawEntry {
  double e = 0, a = 0, b = 0, alpha = 0, beta = 0, e_error = 0.03, alpha_error = 0.02,
         beta_error = 0.02;
  static constexpr auto fields = core::Fields{
      core::field("e", &LossLawEntry::e, "", core::at_least(0), "irreducible loss, nats per token"),
      core::field("a", &LossLawEntry::a, "", core::above(0), "weight of the parameter term"),
      core::field("b", &LossLawEntry::b, "", core::above(0), "weight of the token term"),
      core::field("alpha", &LossLawEntry::alpha, "", core::above(0), "exponent of the parameters"),
      core::field("beta", &LossLawEntry::beta, "", core::above(0), "exponent of the tokens"),
      core::field("e_error", &LossLawEntry::e_error, "", core::at_least(0), "standard error of e"),
      core::field("alpha_error", &LossLawEntry::alpha_error, "", core::at_least(0),
                  "standard error of alpha; a turns with it about 1e9 parameters"),
      core::field("beta_error", &LossLawEntry::beta_error, "", core::at_least(0),
                  "standard error of beta; b turns with it about 5e10 tokens"),
  };
  [[nodiscard]] LossFit fit() const {
    return {{e, a, b, alpha, beta}, e_error, alpha_error, beta_error};
  }
};

struct BesirogluRefit : LossLawEntry {
  static constexpr std::string_view name = "besiroglu";
  static constexpr std::string_view summary =
      "The refit of Chinchilla's third approach on its digitised runs, with bootstrapped errors.";
  static constexpr std::string_view equation =
      "L = 1.8172 + 482.01 / P^0.3478 + 2085.43 / T^0.3658";
  static constexpr std::string_view source =
      "Besiroglu et al., arXiv 2404.10102: E 1.8172 (0.03), A 482.01 (124.58), B 2085.43 "
      "(1293.23), alpha 0.3478 (0.02), beta 0.3658 (0.02); constants and errors confirmed in two "
      "secondary sources, the paper's abstract read";
  BesirogluRefit() : LossLawEntry{1.8172, 482.01, 2085.43, 0.3478, 0.3658} {}
};

struct HoffmannFit : LossLawEntry {
  static constexpr std::string_view name = "hoffmann";
  static constexpr std::string_view summary =
      "Chinchilla's third approach as published; its own intervals are implausibly narrow.";
  static constexpr std::string_view equation = "L = 1.6934 + 406.4 / P^0.3392 + 410.7 / T^0.2849";
  static constexpr std::string_view source =
      "Hoffmann et al., arXiv 2203.15556, unrounded exponents as quoted by Besiroglu et al., arXiv "
      "2404.10102; errors are those of the refit, for the published ones would need 600,000 runs";
  HoffmannFit() : LossLawEntry{1.6934, 406.4, 410.7, 0.3392, 0.2849} {}
};

struct LossLaw : core::OneOf<BesirogluRefit,  //
                             HoffmannFit> {
  static constexpr std::string_view name = "loss_law";
  static constexpr std::string_view question = "How does the loss fall with parameters and tokens?";

  [[nodiscard]] LossFit fit() const {
    return visit([](const auto& law) { return law.fit(); });
  }
};

}  // namespace ohmlab::cost
