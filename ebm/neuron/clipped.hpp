#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../core/parallel.hpp"
#include "../family.hpp"
#include "../field.hpp"

namespace ohmlab::ebm {

/// A converter per column, then clipping to [0, 1]. The result is the exact minimum of the energy
/// over one layer while all others rest, nudged or not. Nothing is drawn.
struct ClippedNeuron {
  static constexpr std::string_view name = "clipped";
  static constexpr std::string_view summary =
      "Each column is converted to a number, which is clipped to the range from 0 to 1; nothing is "
      "random.";
  static constexpr std::string_view equation =
      "s_j = clip((x·w_j + b_j + nudge t_j)/(1 + nudge), 0, 1), the minimum of s²/2 - s (x·w_j + "
      "b_j) + nudge (s - t_j)²/2";
  static constexpr std::string_view source =
      "Scellier & Bengio, Front. Comput. Neurosci. 11, 24 (2017), with the layer's exact minimum "
      "in place of a step down its gradient";
  static constexpr bool gives_means = true;
  static constexpr bool draws_bits = false;
  static constexpr bool draws_one_of = false;
  static constexpr std::array families{Family::hopfield};
  static constexpr core::Fields<> fields{};

  void compute(const Field& field, Activity& out) const;
};

inline void ClippedNeuron::compute(const Field& field, Activity& out) const {
  constexpr core::Index batch_slice = 16;  // fixed: results do not depend on the number of threads
  const core::Index batch = field.batch(), width = field.units();
  out.mean.resize(batch, width);
  read_feeds(field, out.mean);
  const float nudge = field.nudge.strength;
  core::for_slices(batch, batch_slice, static_cast<double>(4 * width),
                   [&](core::Index begin, core::Index end) noexcept {
    for (core::Index row = begin; row < end; ++row) {
      float* mean = out.mean.row(row).data();
      const float* target = nudge != 0 ? field.nudge.target->row(row).data() : nullptr;
      for (core::Index j = 0; j < width; ++j) {
        float value = mean[j] + field.bias[j];
        if (target) value = (value + nudge * target[j]) / (1 + nudge);
        mean[j] = std::max(0.0F, std::min(1.0F, value));
      }
    }
  });
  out.state = out.mean;
  const auto values = static_cast<double>(out.mean.size());
  field.edge.adds(field.component, values, edge_bits);      // the bias
  field.edge.adds(field.component, 2 * values, edge_bits);  // two comparisons with the bounds
  if (nudge != 0) {
    field.edge.adds(field.component, values, edge_bits);
    field.edge.multiplies(field.component, 2 * values, edge_bits);
  }
  field.edge.buffers(field.component, values, values, edge_bits);
}

}  // namespace ohmlab::ebm
