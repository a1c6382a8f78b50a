#pragma once

#include <string_view>

#include "../../cost/actions.hpp"
#include "train.hpp"

namespace ohmlab::crossbar {

/// Trains without random bits. The slots of a vector are points (u, v) that fill the unit square
/// evenly. A row is pulsed where u < P(x), a column where v < P(d). The coincidences of a cell are
/// the points in its rectangle.
///
/// u counts through the slots; v is the same count with its bits reversed (Hammersley's points).
/// Both are shifted from vector to vector by the additive sequence of the plastic number, which
/// leaves no bias. Both are also shifted from line to line, so that cells do not err together.
/// A line compares with one of two counters plus its own constant.
struct DeterministicPulser : PulseTrainLength {
  static constexpr std::string_view name = "deterministic";
  static constexpr std::string_view summary =
      "Trains from two counters that fill the square of probabilities evenly: less spread than "
      "random ones, and no random bits.";
  static constexpr std::string_view equation =
      "slot s of vector b in operation n, t = b + n: row i on where frac(s/BL + 0.7549 t + 0.6180 "
      "i) < P(x), column j where frac(reversed bits of s + 0.5698 t + 0.4142 j) < P(d); P as in "
      "\"stochastic\"";
  static constexpr std::string_view source =
      "low-discrepancy bit streams: Alaghi & Hayes, DATE 2014; shifts: Cranley & Patterson, SIAM "
      "J. Numer. Anal. 13, 904 (1976). That pulses of cells are made so is an assumption of this "
      "project";
  static constexpr auto fields = PulseTrainLength::fields;
  /// Posted for each line and slot: a comparison of 8 bits decides on a pulse.
  static constexpr cost::Action slot_action = cost::Action::edge_add;
  static constexpr double slot_bits = 8;
  [[nodiscard]] static constexpr bool aggregates() noexcept { return false; }
};

}  // namespace ohmlab::crossbar
