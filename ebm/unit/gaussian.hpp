#pragma once

#include <cassert>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../core/matrix.hpp"
#include "../../core/rng.hpp"
#include "../../cost/edge.hpp"
#include "../normals.hpp"

namespace ohmlab::ebm {

/// Units of any number, normal about their mean. The network holds them in units of `sigma`: lines
/// carry u = v/sigma, and weights are logits per standard deviation.
struct GaussianUnits {
  static constexpr std::string_view name = "gaussian";
  static constexpr std::string_view summary =
      "Units of any number with a fixed standard deviation: digital logic adds noise to the "
      "converted mean.";
  static constexpr std::string_view equation =
      "E(v) = Σ (v_i - a_i)²/(2 sigma²), coupled by -Σ (v_i/sigma) W_ij h_j; v ~ N(a + sigma W h, "
      "sigma²)";
  static constexpr std::string_view source =
      "Welling, Rosen-Zvi & Hinton, NIPS 17 (2004); Hinton, UTML TR 2010-003, eq. (17)";
  static constexpr bool draws_bits = false;
  static constexpr bool one_of = false;
  /// At another inverse temperature units have another standard deviation, which no gain of
  /// drivers gives.
  static constexpr bool tempers = false;

  double sigma = 0.25;
  double full_scale = 2;
  static constexpr auto fields = core::Fields{
      core::field("sigma", &GaussianUnits::sigma, "", core::above(0),
                  "standard deviation of a unit about its mean, in units of the examples"),
      core::field("full_scale", &GaussianUnits::full_scale, "", core::above(0),
                  "largest value, in units of the examples, that drivers of an array turn into "
                  "their full scale; larger ones are cut off"),
  };

  [[nodiscard]] static std::string problem_with(const core::Matrix&, bool binary) {
    return binary ? "Gaussian units learn gray examples: these are 0 and 1 (for images, set "
                    "`threshold` and `white`)"
                  : "";
  }
  [[nodiscard]] double scale() const noexcept { return sigma; }
  [[nodiscard]] double reach() const noexcept { return full_scale / sigma; }
  [[nodiscard]] double start_bias(double mean) const noexcept { return mean / sigma; }

  static void draw(const core::Stream& stream, std::uint64_t operation, core::Index first,
                   core::Rows x, core::Rows states) noexcept {
    assert(states.outerStride() == states.cols());
    core::fill_normal(stream, operation, static_cast<std::uint64_t>(first * states.cols()),
                      {states.data(), static_cast<std::size_t>(states.size())});
    states += x;
  }
  static void post(cost::Edge& edge, cost::Tally::Component component, double rows, double width) {
    post_normals(edge, component, rows * width);
    edge.adds(component, rows * width, edge_bits);  // the noise
  }

  static void means(const core::MatrixD&) noexcept {}
  static void means(const core::Vector&) noexcept {}
  [[nodiscard]] static double energy(const core::VectorD& u, const core::VectorD& bias) {
    return (u - bias).squaredNorm() / 2;
  }
  [[nodiscard]] static double base_energy(const core::VectorD& bias) {
    return bias.squaredNorm() / 2;
  }
  [[nodiscard]] static double log_sum(const core::VectorD& x) {
    return x.squaredNorm() / 2 + static_cast<double>(x.size()) * std::log(2 * std::numbers::pi) / 2;
  }
};

}  // namespace ohmlab::ebm
