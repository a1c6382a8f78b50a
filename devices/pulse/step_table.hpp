#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../../core/simd.hpp"
#include "../columns.hpp"

namespace ohmlab::devices {

/// Steps of measured devices over state and quantile, on regular grids.
///
/// The quantile of a pulse is that of its standard normal z. Steps are tabulated over z from -4 to
/// 4 in steps of 1/8, so that a sample needs no normal law. Between the quantiles of a file a step
/// is linear in z, so that two quantiles make an exact normal law. Beyond the first and the last
/// quantile it is constant: no step is larger than those that were measured. Between states it is
/// linear in w.
class StepTable {
 public:
  static constexpr int per_unit = 8, reach = 4, scores = 2 * reach * per_unit + 1;

  /// Scale of the states in a file: the values that are w = -1 and w = +1.
  struct Scale {
    double low = -1, high = 1;
  };

  /// Reads the text of a table; see docs/devices.md.
  /// \param source  file, for messages
  /// \throws core::UserError naming file, line and value
  [[nodiscard]] static std::shared_ptr<const StepTable> parse(std::string_view text,
                                                              const std::string& source,
                                                              const Scale& scale);
  /// The table of entries that read no file: steps of 0.01 at w = 0 that shrink towards the bounds,
  /// with noise.
  [[nodiscard]] static std::shared_ptr<const StepTable> example();

  [[nodiscard]] int devices() const noexcept { return devices_; }
  [[nodiscard]] double low() const noexcept { return low_; }
  [[nodiscard]] double high() const noexcept { return high_; }
  /// True if some step differs from quantile to quantile.
  [[nodiscard]] bool noisy() const noexcept { return noisy_; }
  /// Mean step at w = 0 over devices and both directions.
  [[nodiscard]] double granularity() const noexcept { return granularity_; }
  /// Normal scores between which the devices 0, 1, … are chosen, each as often as another.
  [[nodiscard]] const std::vector<float>& choices() const noexcept { return choices_; }

  /// Mean of the steps of a device at w.
  [[nodiscard]] double mean(int device, double w, bool up) const noexcept;

  /// A step of a device at w, for a standard normal.
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V step(V device, V w, core::MaskOf<V> up, V xi) const noexcept {
    using I = core::IntOf<V>;
    const V state = place<V>(V((w - splat<V>(first_)) * splat<V>(per_state_)), states_ - 1);
    const V score = place<V>(V((xi + splat<V>(reach)) * splat<V>(per_unit)), scores - 1);
    const I i = core::to_int(V(core::min(state, splat<V>(static_cast<float>(states_ - 2)))));
    const I j = core::to_int(V(core::min(score, splat<V>(scores - 2))));
    const V along = state - core::to_float(i), across = score - core::to_float(j);
    const V row = (device + device + core::select(up, splat<V>(0), splat<V>(1)));
    const I at = (core::to_int(row) * states_ + i) * scores + j;
    const float* values = values_.data();
    const V a = gather<V>(values, at), b = gather<V>(values + 1, at);
    const V c = gather<V>(values + scores, at), d = gather<V>(values + scores + 1, at);
    const V here = a + across * (b - a), next = c + across * (d - c);
    return here + along * (next - here);
  }

 private:
  friend class StepTableReader;

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE static V splat(float x) noexcept {
    return core::splat<V>(x);
  }
  /// A place on a grid of so many intervals.
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE static V place(V x, int last) noexcept {
    return core::max(splat<V>(0), core::min(splat<V>(static_cast<float>(last)), x));
  }
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE static V gather(const float* from, core::IntOf<V> index) noexcept {
    if constexpr (core::width_of<V> == 1) {
      return from[index];
    } else {
      core::Lanes<V> out;
      const auto at = core::Lanes<core::I16>::of(index);
      for (int l = 0; l < 16; ++l) out.lane[l] = from[at.lane[l]];
      return out.pack();
    }
  }
  void finish();

  int devices_ = 0, states_ = 0;  ///< number of nodes of the grid of states
  double low_ = 0, high_ = 0;
  float first_ = 0, per_state_ = 0;  ///< first state; nodes per unit of w
  bool noisy_ = false;
  double granularity_ = 0;
  std::vector<float> values_;  ///< [device][up, down][state][score]
  std::vector<double> means_;  ///< [device][up, down][state]
  std::vector<float> choices_;
};

}  // namespace ohmlab::devices
