#pragma once

#include "../../core/matrix.hpp"

namespace ohmlab::ebm {

/// Exact values of the Ising model on a torus.
struct TorusMoments {
  double log_z = 0;   ///< ln Σ exp(K Σ s s'), in nats
  double energy = 0;  ///< mean of -Σ s s' per site, in units of the coupling J
};

/// Ising model of spins ±1 on a torus of `rows` × `cols` sites with equal couplings K = βJ > 0 and
/// no field.
///
/// Z = ½ (2 sinh 2K)^(N/2) Σ of four products of 2cosh or 2sinh(½ rows γ_l), cosh γ_l =
/// cosh²2K / sinh 2K - cos(π l / cols), γ_0 = 2K + ln tanh K. Kaufman, Phys. Rev. 76, 1232 (1949);
/// Ferdinand & Fisher, Phys. Rev. 185, 832 (1969).
/// \pre K > 0; both sides are at least 3
[[nodiscard]] TorusMoments kaufman(core::Index rows, core::Index cols, double K);

}  // namespace ohmlab::ebm
