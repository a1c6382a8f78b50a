#pragma once

#include <array>
#include <cassert>
#include <string_view>

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
