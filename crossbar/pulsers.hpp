#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>

#include "ohmlab/core/fields.hpp"

/// How an outer product becomes pulses.
namespace ohmlab::crossbar {

/// Random trains on rows and columns; a cell moves where pulses coincide.
struct StochasticPulser {
  static constexpr std::string_view name = "stochastic";
  static constexpr std::string_view summary =
      "Random pulse trains on rows and columns; a cell moves where two coincide.";
  static constexpr std::string_view equation =
      "P(x) = min(1, B|x|), P(d) = min(1, A|d|), A = B = sqrt(rate/(dw_min BL)), mean change rate x d; BL "
      "management: BL = "
      "ceil(rate max|x| max|d|/dw_min) up to desired_bl; update management: B, A times sqrt(max|d|/max|x|) "
      "and inverse";
  static constexpr std::string_view source =
      "Gokmen & Vlasov, Front. Neurosci. 10, 333 (2016); management: Gokmen, Onen & Haensch, Front. "
      "Neurosci. 11, 538 "
      "(2017). Both maxima are global scalars of one vector";
  std::int64_t desired_bl = 31;
  bool bl_management = true;
  bool update_management = true;
  bool aggregate = false;
  static constexpr auto fields = std::tuple{
      core::field("desired_bl", &StochasticPulser::desired_bl, "", core::between(1, 64),
                  "slots of a pulse train"),
      core::field("bl_management", &StochasticPulser::bl_management, "use fewer slots where they suffice"),
      core::field("update_management", &StochasticPulser::update_management,
                  "share probability evenly between rows and columns"),
      core::field(
          "aggregate", &StochasticPulser::aggregate,
          "move a cell by its pulses of one update together, with one draw for their noise, where that "
          "has the law of moving it pulse by pulse (constant_step out of reach of its bounds)"),
  };
};

/// As many steps as the outer product asks for, fractions included, without noise from cycle to cycle: what
/// is left of a device when its pulses are made continuous. Has no price.
struct ExactPulser {
  static constexpr std::string_view name = "exact";
  static constexpr std::string_view summary =
      "A cell moves by its own mean step times rate x d / dw_min; has no price.";
  static constexpr std::string_view equation =
      "w <- clip(w + |rate x d|/dw_min change(w)), change the mean step of the cell at w; "
      "summed in float64 over an update, then rounded to float32";
  static constexpr std::tuple<> fields{};
};

struct Pulser : core::OneOf<StochasticPulser,  //
                            ExactPulser> {
  static constexpr std::string_view name = "pulser";
  static constexpr std::string_view question = "How does an outer product become pulses?";
};

}  // namespace ohmlab::crossbar
