#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "scores.hpp"
#include "survey_records.hpp"

/// Hierarchical fit of the joules of one conversion over chips.
///
///   ln J = law(point) + chip + residual
///
/// `chip` is one normal draw for all points of a chip, `residual` one for each point. Constants of
/// the law by generalised least squares, both standard deviations by restricted maximum likelihood
/// (Patterson & Thompson, Biometrika 58, 545 (1971)).
namespace ohmlab::validation {

/// Supply at which the constants of a law stand, V.
inline constexpr double reference_volts = 0.9;

/// One conversion and the products that it sums.
struct Conversion {
  std::string chip;
  double bits = 8;      ///< bits of the converter
  double products = 1;  ///< rows of a sum × bits of an input that drive them at once
  double volts = 0.9;   ///< supply
  double node = 28e-9;  ///< m
  bool resistive = false;
  double measured = 0;  ///< ln J
};

/// Knowledge of a constant from elsewhere: a normal law.
struct Belief {
  std::size_t constant = 0;
  double mean = 0, sigma = 1;
};

/// A form of ln J over some constants.
struct ConversionLaw {
  std::string_view name, equation;
  std::vector<double> start;  ///< constants at which the search starts
  std::vector<Belief> beliefs;
  std::function<double(const Conversion&, const std::vector<double>& constants)> value;
};

/// The law of the shipped prices. Its constants: ln J of a converter of 8 bits, ln J of a product
/// for each row and input bit, and ln of the factor of resistive cells, all at 0.9 V.
///
/// Few chips have converters of many bits: without one of them the survey alone leaves the first
/// constant open by many orders of magnitude. So it starts from converters outside of macros, 1.9
/// pJ with sigma 1, the centre and the spread of designs of the list "blind".
[[nodiscard]] const ConversionLaw& macro_law();
/// Other forms that were compared with it, each chip left out.
[[nodiscard]] const std::vector<ConversionLaw>& rival_laws();

struct ConversionFit {
  std::vector<double> constants;
  std::vector<std::vector<double>> covariance;  ///< of the constants
  double chip_sigma = 1, residual_sigma = 0.5;  ///< standard deviations of ln J
  std::size_t chips = 0;

  /// Standard deviation of ln J of a new chip around the law.
  [[nodiscard]] double spread() const;
  /// Student's 95th percentile of one unit of standard deviation; degrees of freedom are those of
  /// the chips.
  [[nodiscard]] double student() const;
};

/// \param points  more chips than constants, some of them with two points
[[nodiscard]] ConversionFit fit_conversions(const std::vector<Conversion>& points,
                                            const ConversionLaw& law);

/// ln J of a conversion of a chip that the fit has not seen.
[[nodiscard]] Prediction predicted(const ConversionFit& fit, const ConversionLaw& law,
                                   const Conversion& point);

/// The rows of a survey that are fitted.
/// \param all  true: also rows that are excluded for their doubtful structure
[[nodiscard]] std::vector<Conversion> conversions(const Survey& survey, bool all = false);
/// Points without those of one chip.
[[nodiscard]] std::vector<Conversion> without_chip(const std::vector<Conversion>& points,
                                                   const std::string& chip);

/// Scores of a law on a survey, each chip predicted by the others. A chip has one vote, whatever
/// its number of points.
struct LawSkill {
  double median_factor = 0, inside = 0, interval_score = 0, spread = 0;
};
[[nodiscard]] LawSkill left_out_skill(const std::vector<Conversion>& points,
                                      const ConversionLaw& law);

}  // namespace ohmlab::validation
