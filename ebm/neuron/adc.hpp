#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "../../core/fields.hpp"
#include "../../core/parallel.hpp"
#include "../family.hpp"
#include "../field.hpp"

namespace ohmlab::ebm {

/// A converter per column, then the law of the layer's units in digital logic: a logistic function
/// and a random number, a softmax and one random number a group, or the sum with a normal number.
struct AdcNeuron {
  static constexpr std::string_view name = "adc";
  static constexpr std::string_view summary =
      "Each column is converted to a number; a digital logistic function gives the mean, a digital "
      "random number the state. Units of another kind follow their own law.";
  static constexpr std::string_view equation =
      "p_j = 1/(1+exp(-(x·w_j + b_j))), s_j = [u_j < p_j], u uniform in [0,1); one of a "
      "group: p_j = exp(x·w_j + b_j)/Σ_k exp(x·w_k + b_k); Gaussian: s_j = x·w_j + b_j + n_j, n "
      "standard normal";
  static constexpr std::string_view source =
      "Hinton, A practical guide to training RBMs, UTML TR 2010-003";
  static constexpr bool gives_means = true;
  static constexpr bool draws_bits = true;
  static constexpr bool draws_one_of = true;
  static constexpr std::array families{Family::boltzmann};
  static constexpr core::Fields<> fields{};

  void compute(const Field& field, Activity& out) const;

 private:
  static constexpr core::Index line_slice = 4096;  // fixed, as batch_slice below
  /// Draws wide layers part by part, so that threads share a row. The bits are the same.
  template <class Law>
  static void draw_wide(const Law& law, const Field& field, Activity& out) {
    const core::Index width = field.units(), parts = (width + line_slice - 1) / line_slice;
    core::for_slices(field.batch() * parts, 1, static_cast<double>(4 * line_slice),
                     [&](core::Index task, core::Index) noexcept {
      const core::Index row = task / parts, first = task % parts * line_slice,
                        count = std::min(line_slice, width - first);
      auto x = out.mean.row(row).segment(first, count);
      x = field.inv_temp * (x + field.bias.segment(first, count));
      law.draw_part(field.random, field.operation, static_cast<std::uint64_t>(row * width + first),
                    count, x.data(), out.state.row(row).data() + first);
    });
  }
};

inline void AdcNeuron::compute(const Field& field, Activity& out) const {
  constexpr core::Index batch_slice = 16;  // fixed: results do not depend on the number of threads
  const core::Index batch = field.batch(), width = field.units();
  out.mean.resize(batch, width);
  out.state.resize(batch, width);
  read_feeds(field, out.mean);
  const auto units = static_cast<double>(out.mean.size());
  field.layer.law.visit([&](const auto& law) {
    assert(law.tempers || field.inv_temp == 1);
    if constexpr (requires { &std::remove_cvref_t<decltype(law)>::draw_part; }) {
      if (width > line_slice) {
        draw_wide(law, field, out);
        law.post(field.edge, field.component, static_cast<double>(batch),
                 static_cast<double>(width));
        return;
      }
    }
    core::for_slices(batch, batch_slice, static_cast<double>(4 * width),
                     [&](core::Index begin, core::Index end) noexcept {
      auto x = out.mean.middleRows(begin, end - begin);
      x = field.inv_temp * (x.rowwise() + field.bias);
      law.draw(field.random, field.operation, begin, x, out.state.middleRows(begin, end - begin));
    });
    law.post(field.edge, field.component, static_cast<double>(batch), static_cast<double>(width));
  });
  if (field.inv_temp != 1) field.edge.multiplies(field.component, units, edge_bits);
  field.edge.adds(field.component, units, edge_bits);  // the bias
  field.edge.buffers(field.component, units, units, edge_bits);
}

}  // namespace ohmlab::ebm
