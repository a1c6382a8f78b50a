#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "../../core/fields.hpp"
#include "../../core/math.hpp"
#include "../../core/matrix.hpp"
#include "../../core/rng.hpp"
#include "../../cost/edge.hpp"
#include "../edge_bits.hpp"
#include "../log_sums.hpp"

namespace ohmlab::ebm {

/// Groups of units of which exactly one is on. The winner of a group is drawn by the softmax of the
/// group's fields: one random number a group.
struct SoftmaxUnits {
  static constexpr std::string_view name = "softmax";
  static constexpr std::string_view summary =
      "Groups of units of which exactly one is on, such as the characters of a text window.";
  static constexpr std::string_view equation =
      "E(v) = -a·v; p(v_k=1) = exp(x_k)/Σ_l exp(x_l) over the units l of the group of k, x = a + "
      "Wh";
  static constexpr std::string_view source =
      "Hinton, UTML TR 2010-003, section 13.1; Salakhutdinov, Mnih & Hinton, ICML 2007";
  static constexpr bool draws_bits = true;
  static constexpr bool one_of = true;
  static constexpr bool tempers = true;

  std::int64_t groups = 1;
  static constexpr auto fields = core::Fields{
      core::field("groups", &SoftmaxUnits::groups, "", core::between(1, 1 << 20),
                  "number of groups of equal size, one after the other; for text windows their "
                  "`context`"),
  };

  [[nodiscard]] std::string problem_with(const core::Matrix& examples, bool binary) const {
    if (!binary) return "softmax units learn examples of 0 and 1 (data without `white`)";
    if (examples.cols() % groups != 0) {
      return fmt::format(
          "{} units make no {} groups of equal size: expected units.groups = number "
          "of units that are on in every example",
          examples.cols(), groups);
    }
    const core::Index size = examples.cols() / groups;
    for (core::Index row = 0; row < examples.rows(); ++row) {
      for (core::Index group = 0; group < groups; ++group) {
        const float on = examples.row(row).segment(group * size, size).sum();
        if (on != 1) {
          return fmt::format(
              "softmax units learn examples with exactly one unit on in each group "
              "of {}: example {} has {} on in group {}",
              size, row, on, group);
        }
      }
    }
    return "";
  }
  [[nodiscard]] static double scale() noexcept { return 1; }
  [[nodiscard]] static double reach() noexcept { return 1; }
  [[nodiscard]] static double start_bias(double mean) noexcept { return std::log(mean); }

  void draw(const core::Stream& stream, std::uint64_t operation, core::Index first, core::Rows x,
            core::Rows states) const noexcept {
    const core::Index size = x.cols() / groups;
    core::Matrix picks(x.rows(), groups);
    core::fill_uniform(stream, operation, static_cast<std::uint64_t>(first * groups),
                       {picks.data(), static_cast<std::size_t>(picks.size())});
    states.setZero();
    for (core::Index row = 0; row < x.rows(); ++row) {
      for (core::Index group = 0; group < groups; ++group) {
        auto mean = x.row(row).segment(group * size, size);
        normalise(mean);
        core::Index on = 0;
        for (float below = mean[0]; on + 1 < size && picks(row, group) >= below; ++on)
          below += mean[on + 1];
        states(row, group * size + on) = 1;
      }
    }
  }
  void post(cost::Edge& edge, cost::Tally::Component component, double rows, double width) const {
    const double units = rows * width;
    edge.adds(component, 2 * units, edge_bits);    // largest, sum
    edge.adds(component, 2 * units, random_bits);  // running sum, comparison with it
    edge.sigmoids(component, units);               // a table of exponentials
    edge.multiplies(component, units, edge_bits);
    edge.random_words(component, rows * static_cast<double>(groups), random_bits);
  }

  void means(core::MatrixD& x) const {
    for (core::Index row = 0; row < x.rows(); ++row) {
      each_group(x.row(row), [](auto group) {
        group = (group.array() - group.maxCoeff()).exp().matrix().eval();
        group /= group.sum();
      });
    }
  }
  void means(core::Vector& x) const {
    each_group(x, [](auto group) { normalise(group); });
  }
  [[nodiscard]] static double energy(const core::VectorD& v, const core::VectorD& bias) {
    return -v.dot(bias);
  }
  [[nodiscard]] static double base_energy(const core::VectorD&) noexcept { return 0; }
  [[nodiscard]] double log_sum(const core::VectorD& x) const {
    const auto size = static_cast<std::size_t>(x.size() / groups);
    double sum = 0;
    for (std::size_t group = 0; group < static_cast<std::size_t>(groups); ++group)
      sum += log_sum_exp(
          std::span(x.data(), static_cast<std::size_t>(x.size())).subspan(group * size, size));
    return sum;
  }

 private:
  /// Fields of one group become means.
  static void normalise(auto& group) noexcept {
    const float highest = group.maxCoeff();
    for (core::Index k = 0; k < group.size(); ++k) group[k] = core::exp(group[k] - highest);
    group /= group.sum();
  }
  void each_group(auto&& row, const auto& visit) const {
    const core::Index size = row.size() / groups;
    for (core::Index group = 0; group < groups; ++group) visit(row.segment(group * size, size));
  }
};

}  // namespace ohmlab::ebm
