#pragma once

#include <cassert>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../core/math.hpp"
#include "../../core/matrix.hpp"
#include "../../core/rng.hpp"
#include "../../cost/edge.hpp"
#include "../edge_bits.hpp"
#include "../log_sums.hpp"

namespace ohmlab::ebm {

/// Units that are 0 or 1, each by its own field.
struct BinaryUnits {
  static constexpr std::string_view name = "binary";
  static constexpr std::string_view summary = "Units of 0 or 1, each drawn by its own field.";
  static constexpr std::string_view equation =
      "E(v) = -a·v; p(v_i=1) = 1/(1+exp(-x_i)), x = a + Wh";
  static constexpr std::string_view source =
      "Hinton, A practical guide to training RBMs, UTML TR 2010-003";
  static constexpr bool draws_bits = true;
  static constexpr bool one_of = false;
  static constexpr bool tempers = true;
  static constexpr core::Fields<> fields{};

  [[nodiscard]] static std::string problem_with(const core::Matrix&, bool binary) {
    return binary ? "" : "binary units learn examples of 0 and 1 (data without `white`)";
  }
  [[nodiscard]] static double scale() noexcept { return 1; }
  [[nodiscard]] static double reach() noexcept { return 1; }
  [[nodiscard]] static double start_bias(double mean) noexcept {
    return std::log(mean / (1 - mean));
  }

  static void draw(const core::Stream& stream, std::uint64_t operation, core::Index first,
                   core::Rows x, core::Rows states) noexcept {
    for (core::Index row = 0; row < x.rows(); ++row)
      draw_part(stream, operation, static_cast<std::uint64_t>((first + row) * x.cols()), x.cols(),
                x.row(row).data(), states.row(row).data());
  }
  /// Units on successive places of a fill, from `first` on.
  static void draw_part(const core::Stream& stream, std::uint64_t operation, std::uint64_t first,
                        core::Index count, float* mean, float* state) noexcept {
    core::fill_uniform(stream, operation, first, {state, static_cast<std::size_t>(count)});
    for (core::Index j = 0; j < count; ++j) {
      mean[j] = core::logistic(mean[j]);
      state[j] = state[j] < mean[j] ? 1.0F : 0.0F;
    }
  }
  static void post(cost::Edge& edge, cost::Tally::Component component, double rows, double width) {
    const double decisions = rows * width;
    edge.adds(component, decisions, random_bits);  // comparison with the random number
    edge.sigmoids(component, decisions);
    edge.random_words(component, decisions, random_bits);
  }

  static void means(core::MatrixD& x) { x = (1 + (-x.array()).exp()).inverse(); }
  static void means(core::Vector& x) {
    x = x.unaryExpr([](float field) { return core::logistic(field); }).eval();
  }
  [[nodiscard]] static double energy(const core::VectorD& v, const core::VectorD& bias) {
    return -v.dot(bias);
  }
  [[nodiscard]] static double base_energy(const core::VectorD&) noexcept { return 0; }
  [[nodiscard]] static double log_sum(const core::VectorD& x) { return softplus_sum(x); }
};

}  // namespace ohmlab::ebm
