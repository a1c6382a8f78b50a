#pragma once

#include <concepts>
#include <string_view>

#include "../core/fields.hpp"
#include "programming/cmo_hfox.hpp"
#include "programming/gaussian.hpp"
#include "programming/hermes.hpp"
#include "programming/none.hpp"
#include "programming/pcm.hpp"
#include "programming/polynomial.hpp"
#include "programming/rram_milo.hpp"
#include "programming/rram_wan.hpp"
#include "programming/sonos.hpp"

namespace ohmlab::devices {

/// Standard deviation that write-and-verify leaves around a target, S.
template <class T>
concept ProgrammingEntry = core::Described<T> && requires(const T& t) {
  { t.sigma(1.0, 0.0, 1.0) } -> std::same_as<double>;
  { T::needs_range } -> std::convertible_to<bool>;  // cannot do without g_min and g_max
};

struct Programming
    : core::OneOf<NoProgrammingError,  //
                  GaussianProgramming, PolynomialProgramming, PcmProgramming, HermesProgramming,
                  RramWanProgramming, RramMiloProgramming, CmoHfoxProgramming, SonosProgramming> {
  static constexpr std::string_view name = "programming";
  static constexpr std::string_view question =
      "How far from its target does write-and-verify leave a cell?";

  /// Standard deviation of the programmed conductance around a target, S.
  [[nodiscard]] double sigma(double g, double g_min, double g_max) const {
    return visit([&](const auto& p) { return p.sigma(g, g_min, g_max); });
  }
};
static_assert(Programming::each_is([]<class T>() { return ProgrammingEntry<T>; }));

}  // namespace ohmlab::devices
