#pragma once

#include <cstdint>

#include "../../transformer/scale/on_arrays.hpp"
#include "machine_cost.hpp"
#include "settings.hpp"
#include "sheet.hpp"

/// Parts of the framework; each writes its figures and its text.
namespace ohmlab::foundation {

/// Data that all parts share.
struct Foundation {
  const Settings& config;
  cost::Prices prices;
  cost::DrawOptions options;
  results::System simulated, twin;  ///< before any extrapolation
  std::int64_t steps = 1;           ///< sampling steps that were simulated
  scale::ArrayHardware hardware;
  std::string device;  ///< source of the cells' data

  /// Action of the arrays' converters, which names their price.
  [[nodiscard]] std::string conversion() const {
    return std::string(cost::name(hardware.parts.converter.action));
  }
  [[nodiscard]] cost::Outlook outlook() const { return cost::Outlook(options); }
  /// Scale of the EBM at a size: as many examples as the law has tokens, times `efficiency`.
  [[nodiscard]] Scale scale(double parameters, double efficiency, double steps_factor = 1) const;
  /// Sampling steps that the config asks for, over the simulated ones; 1 if it asks for none.
  [[nodiscard]] double steps_asked() const;
};

/// One cell of the 2x2 at one size.
struct Quadrant {
  std::string system, title;
  MachineCost cost;
};
/// Costs of EBM analog, EBM digital, transformer analog and transformer digital. With
/// `efficiency_band`, EBM costs have the band of the sample efficiency, else its median.
[[nodiscard]] std::vector<Quadrant> quadrants(const Foundation& of, double parameters,
                                              bool efficiency_band, const Scale& ebm);

/// The transformer on one accelerator: operations of the law and of causal attention.
[[nodiscard]] results::System transformer_digital(const Foundation& of, double parameters);

/// The ratios that answer the question, at the smallest size.
void add_headline(const Foundation& of, Sheet& sheet);
void add_law(const Foundation& of, Sheet& sheet);
void add_levers(const Foundation& of, Sheet& sheet);
void add_paths(const Foundation& of, Sheet& sheet);
void add_equal_loss(const Foundation& of, Sheet& sheet);
void add_break_even(const Foundation& of, Sheet& sheet);

}  // namespace ohmlab::foundation
