#pragma once

#include <string_view>

#include "../../core/fields.hpp"
#include "../../core/math.hpp"
#include "../fits/rram_wan.hpp"
#include "../polynomial.hpp"

namespace ohmlab::devices {

/// Filamentary resistive memory relaxes: the distribution of written cells widens. No change of its
/// mean was published. With the programming error of the same kind (quartic), the spread at 1 s, 1
/// day and 2 days is the published one. Between these ages it grows with the logarithm of time, an
/// assumption; after 2 days it stays. Where the fit at a later age lies below an earlier one (by up
/// to 2 %), the earlier holds.
///
/// Each write draws how a cell relaxes. Ages of the same write share that draw: the spread at each
/// age is the published one, a trace in time is not.
struct RramWanDrift {
  static constexpr std::string_view name = "rram_wan";
  static constexpr std::string_view summary =
      "Filamentary resistive memory: the spread of written cells widens from 1 s to 2 days, the "
      "mean stays.";
  static constexpr std::string_view equation =
      "g(t) = max(0, g + sqrt(s(t)^2 - s(1 s)^2) xi), xi of each write; s at 1 s, 1 day, 2 days: "
      "quartics of x = min(g/g_max, 1) with g_max = 40 uS, between them linear in ln t";
  static constexpr std::string_view source =
      "Wan et al., Nature 608, 504 (2022), extended data figure 3d, by a published fit";
  static constexpr bool keeps = false, needs_range = true, each_write = true;
  static constexpr core::Fields<> fields{};

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V conductance(V g, V age, V xi, float g_max) const noexcept {
    const V x = held_between(V(g / core::splat<V>(g_max)), 0, 1);
    const V first = core::max(polynomial(RramWanFit::second, x), number<V>(0));
    const V second = core::max(polynomial(RramWanFit::day, x), first);
    const V third = core::max(polynomial(RramWanFit::two_days, x), second);
    constexpr double log_day = 11.366742954792146, log_two = 0.6931471805599453;  // ln 86400, ln 2
    const V log_age = core::log(core::max(age, number<V>(1)));
    const V in_first = held_between(V(log_age * number<V>(1 / log_day)), 0, 1);
    const V in_second =
        held_between(V((log_age - number<V>(log_day)) * number<V>(1 / log_two)), 0, 1);
    const V spread = first + (second - first) * in_first + (third - second) * in_second;  // uS
    const V widening = core::sqrt(core::max(V(spread * spread - first * first), number<V>(0)));
    const V unit = core::splat<V>(g_max) * number<V>(1e-6 / RramWanFit::g_max);
    return core::max(V(g + widening * unit * xi), number<V>(0));
  }
};

}  // namespace ohmlab::devices
