#pragma once

#include <cstdint>

#include "../../transformer/scale/on_arrays.hpp"
#include "machine_cost.hpp"
#include "settings.hpp"
#include "sheet.hpp"

/// The parts of the framework, each of which writes its figures and its text.
namespace ohmlab::foundation {

/// What all parts share.
struct Foundation {
  const Settings& config;
  cost::Prices prices;
  cost::DrawOptions options;
  results::System simulated, twin;  ///< as they were, before any extrapolation
  std::int64_t steps = 1;           ///< sampling steps that were simulated
  scale::ArrayHardware hardware;
  std::string device;  ///< who measured or specified the cells

  /// The action of the arrays' converters, by which they are priced.
  [[nodiscard]] std::string conversion() const {
    return std::string(cost::name(hardware.parts.converter.action));
  }
  [[nodiscard]] cost::Outlook outlook() const { return cost::Outlook(options); }
  /// The EBM at a size: as many examples as the law has tokens, times `efficiency`.
  [[nodiscard]] Scale scale(double parameters, double efficiency, double steps_factor = 1) const;
  /// What the config asks the sampling steps to be, over what was simulated.
  [[nodiscard]] double steps_asked() const;
};

/// One cell of the 2x2 at one size.
struct Quadrant {
  std::string system, title;
  MachineCost cost;
};
/// EBM analog, EBM digital, transformer analog, transformer digital; the EBM's with the whole band
/// of its sample efficiency, or at its median.
[[nodiscard]] std::vector<Quadrant> quadrants(const Foundation& of, double parameters,
                                              bool efficiency_band, const Scale& ebm);

void add_law(const Foundation& of, Sheet& sheet);
void add_levers(const Foundation& of, Sheet& sheet);
void add_paths(const Foundation& of, Sheet& sheet);
void add_equal_loss(const Foundation& of, Sheet& sheet);
void add_break_even(const Foundation& of, Sheet& sheet);

}  // namespace ohmlab::foundation
