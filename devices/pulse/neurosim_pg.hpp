#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "../../core/fields.hpp"
#include "../normals.hpp"
#include "../spread.hpp"
#include "bounds.hpp"
#include "nonlinearity_label.hpp"

namespace ohmlab::devices {

/// A cell moves by one pulse along a curve of conductance over pulse number. With x = (w - w_min)/R
/// from 0 to 1 and R = w_max - w_min:
///
///     x(P) = (1 - e^(-k P/pulses))/(1 - e^(-k)),  P the pulse number of the present x
///     up: P + 1 on the curve of label_up,  down: P - 1 on the curve of label_down
///     noise: range_std R ξ for each pulse, hence range_std R sqrt(n) for n of them
///
/// The pulse number need not be computed: one pulse moves x by (1 - q)(1/D - x), with q = e^(∓k /
/// pulses) and D = 1 - e^(-k), i.e. each curve is a soft bound at 1/D. For the curvature k of a
/// label see `curvature_of_label`. A positive label_up and a negative label_down give steps that
/// shrink towards the bound ahead, as the labels are published. A step does not change its sign
/// beyond the range.
struct NeurosimPg : Bounds {
  static constexpr std::string_view name = "neurosim_pg";
  static constexpr std::string_view summary =
      "A pulse moves a cell along an exponential curve of conductance over pulse number, with a "
      "nonlinearity label for either direction.";
  static constexpr std::string_view equation =
      "x = (1 - e^(-k P/pulses))/(1 - e^(-k)), P <- P +- 1; max_x(x - P/pulses) = 0.07 sqrt(2) "
      "label; noise = range_std (w_max - w_min) xi";
  static constexpr std::string_view source = "Chen, Peng & Yu, IEEE TCAD 37, 3067 (2018)";

  double label_up = 2.4, label_down = -4.88;
  double pulses_up = 97, pulses_down = 100;
  double w_max = 1, w_min = -1;
  Spread label_up_spread, label_down_spread, pulses_up_spread, pulses_down_spread, w_max_spread,
      w_min_spread;
  double range_std = 0.035;
  static constexpr auto fields = core::Fields{
      core::field("label_up", &NeurosimPg::label_up, "", core::between(-9, 9),
                  "nonlinearity label of the upward curve; positive: steps shrink on the way up"),
      core::field("label_up_spread", &NeurosimPg::label_up_spread,
                  "spread of label_up over devices; a cell's own is held within -9 and 9"),
      core::field("label_down", &NeurosimPg::label_down, "", core::between(-9, 9),
                  "nonlinearity label of the downward curve; negative: steps shrink on the way "
                  "down"),
      core::field("label_down_spread", &NeurosimPg::label_down_spread,
                  "spread of label_down over devices; a cell's own is held within -9 and 9"),
      core::field("pulses_up", &NeurosimPg::pulses_up, "", core::at_least(1),
                  "number of pulses from w_min to w_max"),
      core::field("pulses_up_spread", &NeurosimPg::pulses_up_spread,
                  "spread of pulses_up over devices; a cell's own is at least 1"),
      core::field("pulses_down", &NeurosimPg::pulses_down, "", core::at_least(1),
                  "number of pulses from w_max to w_min"),
      core::field("pulses_down_spread", &NeurosimPg::pulses_down_spread,
                  "spread of pulses_down over devices; a cell's own is at least 1"),
      core::field("w_max", &NeurosimPg::w_max, "", core::above(0), "mean upper bound of w"),
      core::field("w_max_spread", &NeurosimPg::w_max_spread,
                  "spread of the upper bound over devices; its sign is dropped"),
      core::field("w_min", &NeurosimPg::w_min, "", core::Range{.high = 0, .high_open = true},
                  "mean lower bound of w"),
      core::field("w_min_spread", &NeurosimPg::w_min_spread,
                  "spread of the lower bound over devices; its sign is dropped"),
      core::field("range_std", &NeurosimPg::range_std, "", core::at_least(0),
                  "noise of a step from cycle to cycle, as a share of the range"),
  };

  /// The mean step up is rise + rise_slope w, that down fall + fall_slope w (negative).
  enum Column { rise, fall, rise_slope = 4, fall_slope, noise };
  static constexpr int columns = 7;
  static constexpr int normals = 6;

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE Columns<V, columns> draw(const Normals<V>& xi) const noexcept {
    Columns<V, columns> cell;
    cell[upper] = core::abs(w_max_spread.of(w_max, xi[4]));
    cell[lower] = -core::abs(w_min_spread.of(w_min, xi[5]));
    const V range = cell[upper] - cell[lower];
    cell[noise] = number<V>(range_std) * range;
    const V up = label_up_spread.of(label_up, xi[0]),
            down = label_down_spread.of(label_down, xi[1]);
    const V ups = core::max(pulses_up_spread.of(pulses_up, xi[2]), number<V>(1));
    const V downs = core::max(pulses_down_spread.of(pulses_down, xi[3]), number<V>(1));
    draw_curve<rise, rise_slope>(cell, up, ups);
    draw_curve<fall, fall_slope>(cell, down, V(-downs));
    return cell;
  }
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V step(const Columns<V, columns>& cell, V w, core::MaskOf<V> is_up,
                                     V xi) const noexcept {
    const V mean =
        core::select(is_up, core::max(V(cell[rise] + cell[rise_slope] * w), number<V>(0)),
                     core::min(V(cell[fall] + cell[fall_slope] * w), number<V>(0)));
    return hold(cell, w, V(w + (mean + cell[noise] * xi)));
  }
  /// Mean step of a pulse at w. It is not added to w, so that no digit is lost.
  [[nodiscard]] static double change(const Columns<float, columns>& cell, double w,
                                     bool is_up) noexcept {
    const auto of = [&](int c) { return static_cast<double>(cell[c]); };
    return is_up ? std::max(of(rise) + of(rise_slope) * w, 0.0)
                 : std::min(of(fall) + of(fall_slope) * w, 0.0);
  }
  /// Mean of the numbers of pulses up and down.
  [[nodiscard]] std::optional<double> states(const Columns<float, columns>&) const noexcept {
    return (pulses_up + pulses_down) / 2;
  }
  /// Mean of the steps up and down of the mean device in the middle of its range.
  [[nodiscard]] double granularity() const noexcept {
    const auto cell = draw<float>({});
    const double middle = (w_max + w_min) / 2;
    return (change(cell, middle, true) - change(cell, middle, false)) / 2;
  }
  [[nodiscard]] double farthest() const noexcept { return std::max(w_max, -w_min); }
  [[nodiscard]] double cycle_noise() const noexcept { return range_std; }
  [[nodiscard]] double write_noise() const noexcept { return 0; }

 private:
  /// The step along a curve, as a linear function of w. `pulses` is negative for the way down.
  template <int constant, int slope>
  OHMLAB_INLINE static void draw_curve(Columns<float, columns>& cell, float label,
                                       float pulses) noexcept {
    const double k = curvature_of_label(std::clamp(static_cast<double>(label), -9.0, 9.0));
    const double n = pulses, low = cell[lower], range = static_cast<double>(cell[upper]) - low;
    const double left = -std::expm1(-k / n);  // 1 - q
    const double step_at_low = std::abs(k) < 1e-9 ? 1 / n : left / -std::expm1(-k);
    cell[slope] = static_cast<float>(-left);
    cell[constant] = static_cast<float>(range * step_at_low + left * low);
  }
  template <int constant, int slope>
  OHMLAB_INLINE static void draw_curve(Columns<core::F16, columns>& cell, core::F16 label,
                                       core::F16 pulses) noexcept {
    for (int lane = 0; lane < 16; ++lane) {
      Columns<float, columns> one;
      one[upper] = cell[upper][lane];
      one[lower] = cell[lower][lane];
      draw_curve<constant, slope>(one, label[lane], pulses[lane]);
      cell[constant][lane] = one[constant];
      cell[slope][lane] = one[slope];
    }
  }
};

}  // namespace ohmlab::devices
