#pragma once

#include <cstdint>

#include "../../core/fields.hpp"

namespace ohmlab::crossbar {

/// Parameters of all pulsers of trains. The train of a line has BL slots. The share of its slots
/// with a pulse is
///
///     P(x) = min(1, B|x|), P(d) = min(1, A|d|), A = B = sqrt(rate/(dw_min BL))
///
/// A cell moves by a step where pulses of its row and its column coincide, by rate x d on average.
/// BL management: BL = ceil(rate max|x| max|d|/dw_min) up to desired_bl. Update management: B, A
/// times sqrt(max|d|/max|x|) and its inverse. Both maxima are global scalars of one vector.
struct PulseTrainLength {
  std::int64_t desired_bl = 31;
  bool bl_management = true;
  bool update_management = true;
  static constexpr auto fields = core::Fields{
      core::field("desired_bl", &PulseTrainLength::desired_bl, "", core::between(1, 64),
                  "slots of a pulse train"),
      core::field("bl_management", &PulseTrainLength::bl_management,
                  "use fewer slots where they suffice"),
      core::field("update_management", &PulseTrainLength::update_management,
                  "share probability evenly between rows and columns"),
  };
  static constexpr bool priced = true;
};

}  // namespace ohmlab::crossbar
