#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "../columns.hpp"
#include "../normals.hpp"
#include "../number.hpp"
#include "cell_bounds.hpp"
#include "step_table.hpp"

namespace ohmlab::devices {

/// Steps that were measured, over state and quantile, separately up and down; see `step_table.hpp`.
///
/// A file holds one device or several. Each cell copies one of them, chosen with equal chances when
/// it is made. States end at the first and the last one of the file. All noise is that of the
/// table, and independent from pulse to pulse.
///
/// The mean step is the mean over quantiles. It differs from the step without noise, the median,
/// where the law is skewed.
struct MeasuredTable : CellBounds<3> {
  static constexpr std::string_view name = "measured_table";
  static constexpr std::string_view summary =
      "Steps from a file of measurements, over state and quantile, of one device or of several.";
  static constexpr std::string_view equation =
      "w <- clip(w + Q(u; w)), u uniform, Q the quantiles of a step up or down of the device that "
      "the cell copies";
  static constexpr std::string_view source =
      "tables of steps over state and cumulative probability: Agarwal et al., IJCNN 2016, 929";

  core::DataPath file;
  double state_low = -1, state_high = 1;
  static constexpr auto fields = core::Fields{
      core::field(
          "file", &MeasuredTable::file,
          "table as text (docs/devices.md); relative to the config that names it, else below "
          "$OHMLAB_DATA",
          core::Need::required),
      core::field("state_low", &MeasuredTable::state_low, "", core::any,
                  "value in the file that is w = -1, e.g. g_min if states are conductances"),
      core::field("state_high", &MeasuredTable::state_high, "", core::any,
                  "value in the file that is w = +1; steps are converted alike"),
  };
  [[nodiscard]] std::string problem() const {
    return state_low < state_high ? "" : "expected state_low below state_high";
  }
  /// Reads the table. An entry that was made in code, without file, has that of an example.
  void read_files();
  /// \throws core::UserError if the file that the config names was not found
  void require_files() const;
  /// The table that steps are from.
  [[nodiscard]] const StepTable& table() const noexcept { return *table_; }

  enum Column { device = 2 };
  static constexpr int normals = 1;
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE Columns<V, columns> draw(const Normals<V>& xi) const noexcept {
    V chosen = number<V>(0);
    for (const float score : table_->choices()) {
      chosen += core::select(core::less(core::splat<V>(score), xi[0]), number<V>(1), number<V>(0));
    }
    return {{number<V>(table_->low()), number<V>(table_->high()), chosen}};
  }
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V step(const Columns<V, columns>& cell, V w, core::MaskOf<V> is_up,
                                     V xi) const noexcept {
    return hold(cell, w, V(w + table_->step<V>(cell[device], w, is_up, xi)));
  }
  /// Mean step of a pulse at w. It is not added to w, so that no digit is lost.
  [[nodiscard]] double change(const Cell& cell, double w, bool is_up) const noexcept {
    return table_->mean(static_cast<int>(cell[device]), w, is_up);
  }
  [[nodiscard]] double granularity() const noexcept { return table_->granularity(); }
  [[nodiscard]] std::optional<double> states(const Cell& cell) const noexcept {
    const auto [low, high] = range(cell);
    return (high - low) / granularity();
  }
  [[nodiscard]] double farthest() const noexcept {
    return std::max(-table_->low(), table_->high());
  }
  [[nodiscard]] double cycle_noise() const noexcept { return table_->noisy() ? 1 : 0; }
  [[nodiscard]] static double write_noise() noexcept { return 0; }

 private:
  std::shared_ptr<const StepTable> table_ = StepTable::example();
};

}  // namespace ohmlab::devices
