#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "options.hpp"

namespace ohmlab::fitting {

/// Reads of one cell in units of w, the first one before all pulses.
struct Ramp {
  std::string name;               ///< "FILE, column NAME"
  std::vector<double> reads;      ///< NaN: missing or saturated
  std::vector<std::int8_t> sign;  ///< of the pulse before each read: 1, -1, or 0 for none
  int group = 0;                  ///< the device or ramp that it belongs to
  int first_pulse = 0;            ///< pulses of its column before its first read
  int saturated = 0;              ///< reads that were left out
  bool held_back = false, excluded = false;

  /// The common sign of all pulses, or 0.
  [[nodiscard]] int direction() const;
  [[nodiscard]] bool fitted() const { return !held_back && !excluded; }
};

/// Measured ramps, and the scale of their states.
struct Measurement {
  std::vector<Ramp> ramps;
  std::vector<std::string> groups;  ///< names of devices or ramps
  double low = -1, high = 1;        ///< conductance in S, or normalised value, at w = -1 and +1
  bool siemens = false;             ///< whether these are conductances
  bool cut = false;                 ///< ramps are pieces of long ones
  std::vector<std::string> notes;   ///< one sentence each, for the report
};

/// Reads files and sorts their columns into ramps.
/// \throws core::UserError naming file, line, column and value; core::WorldError
[[nodiscard]] Measurement measure(std::span<const std::filesystem::path> files,
                                  const FitOptions& options);

}  // namespace ohmlab::fitting
