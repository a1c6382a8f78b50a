#pragma once

#include <array>
#include <cassert>
#include <string_view>

#include "../../core/fields.hpp"
#include "../family.hpp"
#include "../field.hpp"
#include "adc.hpp"

namespace ohmlab::ebm {

/// One noisy comparison per column: the noise of the circuit is the sampler. It gives states, never
/// means. Columns of several arrays that feed one unit are joined, so that their currents add up.
struct ComparatorNeuron {
  static constexpr std::string_view name = "comparator";
  static constexpr std::string_view summary =
      "One noisy comparison per column draws the state without converter, logistic function or "
      "random number; no means.";
  static constexpr std::string_view equation = "s_j = [x·w_j + b_j + noise > 0]";
  static constexpr std::string_view source =
      "Mahmoodi et al., Nat. Commun. 10, 5113 (2019); the noise is the array's";
  static constexpr bool gives_means = false;
  static constexpr bool draws_bits = true;
  static constexpr bool draws_one_of = false;
  static constexpr std::array families{Family::boltzmann};
  static constexpr core::Fields<> fields{};

  void compute(const Field& field, Activity& out) const;
};

inline void ComparatorNeuron::compute(const Field& field, Activity& out) const {
  if (field.inv_temp != 1) {
    // A comparator's noise is what it is. Digital machines, which have none, multiply the field.
    assert(field.edge.machine() != cost::Machine::array);
    AdcNeuron{}.compute(field, out);
    out.mean = out.state;
    return;
  }
  out.state.resize(field.batch(), field.units());
  const Feed& last = field.feeds.back();
  if (field.feeds.size() == 1 && !field.held) {
    last.array.decide(last.direction, last.inputs, field.bias, out.state);
  } else {
    core::Matrix offset = field.bias.replicate(field.batch(), 1),
                 current(field.batch(), field.units());
    if (field.held) {
      offset += *field.held;
      field.edge.adds(field.component, static_cast<double>(offset.size()), edge_bits);
    }
    for (std::size_t f = 0; f + 1 < field.feeds.size(); ++f) {
      field.feeds[f].array.sense(field.feeds[f].direction, field.feeds[f].inputs, current);
      offset += current;
      if (field.edge.machine() != cost::Machine::array)  // currents cannot be joined
        field.edge.adds(field.component, static_cast<double>(current.size()), 32);
    }
    last.array.decide(last.direction, last.inputs, offset, out.state);
  }
  out.mean = out.state;
  field.edge.buffers(field.component, 0, static_cast<double>(out.state.size()), 1);
}

}  // namespace ohmlab::ebm
