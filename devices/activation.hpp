#pragma once

#include <cmath>
#include <optional>

#include "../core/fields.hpp"

namespace ohmlab::devices {

/// Activation energies of a cell, by the law of Arrhenius. One that is not given is unknown: the
/// device then holds at its reference temperature alone. 0 says that temperature does nothing.
///
/// A hot cell conducts g exp(-E/k (1/T - 1/T_ref)), as hopping and emission over a barrier do, with
/// E between `low` and `high`, linear in w. Time runs faster for its drift and diffusion, and for
/// the traces of its read noise, by exp(E/k (1/T_ref - 1/T)).
struct Activation {
  std::optional<double> low, high, drift, noise;
  static constexpr auto fields = core::Fields{
      core::field("low", &Activation::low, "eV", core::between(-1, 2),
                  "activation energy of the conductance at w = -1; below 0 heat lowers it"),
      core::field("high", &Activation::high, "eV", core::between(-1, 2),
                  "activation energy of the conductance at w = +1"),
      core::field("drift", &Activation::drift, "eV", core::between(-1, 5),
                  "activation energy of the rates of drift and diffusion"),
      core::field("noise", &Activation::noise, "eV", core::between(-1, 5),
                  "activation energy of the rates of read noise that goes on from read to read"),
  };

  static constexpr double boltzmann = 8.617333262e-5;  ///< eV/K
  /// Factor of a rate with an activation energy at a temperature, over that at another, both K.
  [[nodiscard]] static double acceleration(double energy, double temperature,
                                           double reference) noexcept {
    return std::exp(energy / boltzmann * (1 / reference - 1 / temperature));
  }
};

}  // namespace ohmlab::devices
