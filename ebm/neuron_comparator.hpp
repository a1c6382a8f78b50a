#pragma once

#include <string_view>
#include <tuple>

#include "ohmlab/ebm/reading.hpp"

namespace ohmlab::ebm {

/// One noisy comparison per column: the circuit's noise is the sampler. It gives states, never means.
struct ComparatorNeuron {
  static constexpr std::string_view name = "comparator";
  static constexpr std::string_view summary =
      "One noisy comparison per column draws the state without converter, logistic function or random "
      "number; no "
      "means.";
  static constexpr std::string_view equation = "s_j = [x·w_j + b_j + noise > 0]";
  static constexpr std::string_view source =
      "Mahmoodi et al., Nat. Commun. 10, 5113 (2019); the noise is the array's";
  static constexpr bool gives_means = false;
  static constexpr std::tuple<> fields{};

  void compute(const Reading& reading, Activity& out) const;
};

inline void ComparatorNeuron::compute(const Reading& reading, Activity& out) const {
  out.state.resize(reading.inputs.rows(), units(reading));
  if (reading.side == Side::hidden) {
    reading.array.compare(reading.inputs, reading.bias, out.state);
  } else {
    reading.array.compare_transposed(reading.inputs, reading.bias, out.state);
  }
  out.mean = out.state;
  reading.array.edge().buffers(neurons(reading), 0, static_cast<double>(out.state.size()), 1);
}

}  // namespace ohmlab::ebm
