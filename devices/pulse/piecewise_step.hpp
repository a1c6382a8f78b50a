#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "step_spread.hpp"

namespace ohmlab::devices {

/// The step is the cell's own step times a factor that is interpolated linearly between nodes.
/// Nodes lie at equal distances from the cell's lower to its upper bound, the first at the lower
/// one in either direction.
struct PiecewiseStep : StepSpread {
  static constexpr std::string_view name = "piecewise_step";
  static constexpr std::string_view summary =
      "The step is interpolated between given values over the range of the cell.";
  static constexpr std::string_view equation =
      "w <- clip(w +- step n(w) (1 + dw_min_std xi)); n(w) interpolates nodes_up or nodes_down "
      "from "
      "w_min to w_max";
  static constexpr std::string_view source = "Rasch et al., arXiv 2104.02184";

  std::vector<double> nodes_up{1, 1}, nodes_down{1, 1};
  static constexpr auto fields = core::joined(
      StepSpread::fields,
      core::Fields{core::field("nodes_up", &PiecewiseStep::nodes_up, "", core::at_least(0),
                               "upward steps in units of dw_min, from w_min to w_max"),
                   core::field("nodes_down", &PiecewiseStep::nodes_down, "", core::at_least(0),
                               "downward steps in units of dw_min, from w_min to w_max")});
  [[nodiscard]] std::string problem() const {
    return nodes_up.size() < 2 || nodes_down.size() < 2
               ? "expected at least two nodes_up and two nodes_down"
               : "";
  }

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V step(const Columns<V, columns>& cell, V w, core::MaskOf<V> is_up,
                                     V xi) const noexcept {
    const V size = core::select(is_up, cell[up], V(-cell[down]));
    const V last =
        core::select(is_up, number<V>(last_of(nodes_up)), number<V>(last_of(nodes_down)));
    // A NaN, of a cell without range, becomes `last`: an index is always one of a node.
    const V share = (w - cell[lower]) / (cell[upper] - cell[lower]);
    const V place = core::max(number<V>(0), core::min(last, V(share * last)));
    const V before = core::min(core::to_float(core::to_int(place)), V(last - number<V>(1)));
    const auto index = core::to_int(before);
    const V left = node_at<V>(is_up, index), right = node_at<V>(is_up, index + 1);
    const V factor = left + (place - before) * (right - left);
    return hold(cell, w, V(w + size * factor * (number<V>(1) + number<V>(dw_min_std) * xi)));
  }
  /// Mean step of a pulse at w. It is not added to w, so that no digit is lost.
  [[nodiscard]] double change(const Columns<float, columns>& cell, double w,
                              bool is_up) const noexcept {
    const std::vector<double>& nodes = is_up ? nodes_up : nodes_down;
    const auto [low, high] = range(cell);
    const double last = last_of(nodes);
    const double share = low < high ? (w - low) / (high - low) : 1;
    const double place = std::clamp(share * last, 0.0, last);
    const auto index = static_cast<std::size_t>(std::min(place, last - 1));
    const double factor =
        nodes[index] + (place - static_cast<double>(index)) * (nodes[index + 1] - nodes[index]);
    return factor * (is_up ? static_cast<double>(cell[up]) : -static_cast<double>(cell[down]));
  }
  /// The mean of the steps up and down of the mean device at w = 0.
  [[nodiscard]] double granularity() const noexcept {
    const auto cell = draw<float>({});
    return (change(cell, 0, true) - change(cell, 0, false)) / 2;
  }

 private:
  [[nodiscard]] static double last_of(const std::vector<double>& nodes) noexcept {
    return static_cast<double>(nodes.size() - 1);
  }
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V node_at(core::MaskOf<V> is_up,
                                        core::IntOf<V> index) const noexcept {
    if constexpr (core::width_of<V> == 1) {
      return static_cast<float>((is_up ? nodes_up : nodes_down)[static_cast<std::size_t>(index)]);
    } else {
      V out;
      for (int lane = 0; lane < 16; ++lane) {
        out[lane] = node_at<float>(is_up[lane] != 0, index[lane]);
      }
      return out;
    }
  }
};

}  // namespace ohmlab::devices
