#pragma once

#include <concepts>
#include <optional>
#include <string_view>
#include <utility>

#include "../core/fields.hpp"
#include "pulse/constant_step.hpp"
#include "pulse/exp_step.hpp"
#include "pulse/exponential_response.hpp"
#include "pulse/filament_gap.hpp"
#include "pulse/ideal.hpp"
#include "pulse/linear_ion_drift.hpp"
#include "pulse/linear_step.hpp"
#include "pulse/measured_table.hpp"
#include "pulse/neurosim_pg.hpp"
#include "pulse/piecewise_step.hpp"
#include "pulse/pow_step.hpp"
#include "pulse/pow_step_reference.hpp"
#include "pulse/saturating_step.hpp"
#include "pulse/soft_bounds.hpp"
#include "pulse/soft_bounds_reference.hpp"
#include "pulse/symmetry.hpp"
#include "pulse/vteam.hpp"

namespace ohmlab::devices {

/// The response of a cell to a pulse. Steps are templates over a pack; the same code runs on one
/// float.
template <class T>
concept PulseEntry = core::Described<T> && requires(const T& t, Columns<float, T::columns>& cell,
                                                    const Normals<float>& normals) {
  requires T::normals <= Normals<float>::most;
  { t.template draw<float>(normals) } -> std::same_as<Columns<float, T::columns>>;
  { t.template step<float>(cell, 0.0F, true, 0.0F) } -> std::same_as<float>;
  { t.change(cell, 0.0, true) } -> std::same_as<double>;
  { T::template clip<float>(cell, 0.0F) } -> std::same_as<float>;
  { T::held(cell, 0.0, 0.0) } -> std::same_as<double>;
  { T::at_bound(cell, 0.0F) } -> std::same_as<bool>;
  { T::range(cell) } -> std::same_as<std::pair<double, double>>;
  { t.states(cell) } -> std::same_as<std::optional<double>>;
  T::limit(cell, 0.0F);
  { t.granularity() } -> std::same_as<double>;
  { t.farthest() } -> std::same_as<double>;
  { t.cycle_noise() } -> std::same_as<double>;
  { t.write_noise() } -> std::same_as<double>;
};

struct Pulse
    : core::OneOf<IdealPulse,                                                               //
                  ConstantStep, LinearStep, SoftBounds, SoftBoundsReference,                //
                  ExpStep, ExponentialResponse, SaturatingStep, PowStep, PowStepReference,  //
                  PiecewiseStep, NeurosimPg, MeasuredTable,                                 //
                  Vteam, LinearIonDrift, FilamentGap> {
  static constexpr std::string_view name = "pulse";
  static constexpr std::string_view question = "How far does one programming pulse move a cell?";

  /// \throws core::UserError if the model names a file that was not found
  void require_files() const {
    visit([](const auto& pulse) {
      if constexpr (requires { pulse.require_files(); }) pulse.require_files();
    });
  }
  /// Mean step of a pulse, in units of w; pulsers plan with it.
  [[nodiscard]] double granularity() const {
    return visit([](const auto& pulse) { return pulse.granularity(); });
  }
};
static_assert(Pulse::each_is([]<class T>() { return PulseEntry<T>; }));

}  // namespace ohmlab::devices
