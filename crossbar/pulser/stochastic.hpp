#pragma once

#include <string_view>

#include "../../core/fields.hpp"
#include "../../cost/actions.hpp"
#include "train.hpp"

namespace ohmlab::crossbar {

/// Random trains on rows and columns; a cell moves where pulses coincide.
struct StochasticPulser : PulseTrainLength {
  static constexpr std::string_view name = "stochastic";
  static constexpr std::string_view summary =
      "Random pulse trains on rows and columns; a cell moves where two coincide.";
  static constexpr std::string_view equation =
      "P(x) = min(1, B|x|), P(d) = min(1, A|d|), A = B = sqrt(rate/(dw_min BL)), mean change rate "
      "x d; BL management: BL = ceil(rate max|x| max|d|/dw_min) up to desired_bl; update "
      "management: B, A times sqrt(max|d|/max|x|) and inverse";
  static constexpr std::string_view source =
      "Gokmen & Vlasov, Front. Neurosci. 10, 333 (2016); management: Gokmen, Onen & Haensch, "
      "Front. Neurosci. 11, 538 (2017). Both maxima are global scalars of one vector";
  bool aggregate = false;
  static constexpr auto fields = core::joined(
      PulseTrainLength::fields,
      core::Fields{core::field("aggregate", &StochasticPulser::aggregate,
                               "apply all pulses of an update to a cell at once, with one draw for "
                               "their noise, where the law is the same as pulse by pulse "
                               "(constant_step out of reach of its bounds)")});
  /// Posted for each line and slot: a random bit decides on a pulse.
  static constexpr cost::Action slot_action = cost::Action::pulse_random_bit;
  static constexpr double slot_bits = 0;
  [[nodiscard]] bool aggregates() const noexcept { return aggregate; }
};

}  // namespace ohmlab::crossbar
