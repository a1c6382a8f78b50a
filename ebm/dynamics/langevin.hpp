#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "../family.hpp"
#include "../network.hpp"
#include "../phase.hpp"

namespace ohmlab::ebm {

/// States of hidden units that Gaussian units move by.
///
/// means: the drift is the gradient of the marginal law of the Gaussian units.
///
/// samples: the drift is the gradient of their law given drawn hidden units, whose mean it is.
enum class DriftBy { means, samples };
constexpr std::array<std::string_view, 2> enum_names(DriftBy) { return {"means", "samples"}; }

/// Gaussian units move by a share of the way to their mean and by noise; all other units are drawn.
/// There is no test of acceptance: the law that is sampled is off by an error that falls with
/// `step`.
struct LangevinDynamics {
  static constexpr std::string_view name = "langevin";
  static constexpr std::string_view summary =
      "Unadjusted Langevin dynamics of Gaussian units; all other units are drawn.";
  static constexpr std::string_view equation =
      "u <- u + step (a + W h - u) + sqrt(2 step) n, n standard normal, u in standard deviations; "
      "h "
      "~ p(h|u), or its mean";
  static constexpr std::string_view source =
      "Roberts & Tweedie, Bernoulli 2, 341 (1996); Welling & Teh, ICML 2011";
  static constexpr std::array families{Family::boltzmann};
  static constexpr double numbers_of_unit = 1;
  double step = 0.1;
  DriftBy drift = DriftBy::means;
  static constexpr auto fields = core::Fields{
      core::field("step", &LangevinDynamics::step, "",
                  core::Range{.low = 0, .high = 1, .low_open = true},
                  "share of the way to its mean that a Gaussian unit goes in one sweep"),
      core::field("drift", &LangevinDynamics::drift,
                  "states of the other units that give the mean: their own means, or drawn ones"),
  };

  /// Where Gaussian units are free, all others are computed first: means belong to what they see.
  /// \param free  one flag per layer
  void run(Network& network, const std::vector<bool>& free, const std::vector<Nudge>& nudges,
           std::int64_t sweeps, States& states) const;

 private:
  void move(Network& network, std::size_t layer, States& states) const;
};

}  // namespace ohmlab::ebm
