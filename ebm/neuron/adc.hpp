#pragma once

#include <array>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../core/math.hpp"
#include "../../core/parallel.hpp"
#include "../family.hpp"
#include "../field.hpp"

namespace ohmlab::ebm {

/// A converter per column, then a logistic function and a random number in digital logic. Where
/// exactly one unit of a layer is on, a softmax of all of them and one random number.
struct AdcNeuron {
  static constexpr std::string_view name = "adc";
  static constexpr std::string_view summary =
      "Each column is converted to a number; a digital logistic function gives the mean, a digital "
      "random number the state.";
  static constexpr std::string_view equation =
      "p_j = 1/(1+exp(-(x·w_j + b_j))), s_j = [u_j < p_j], u uniform in [0,1); one of all: p_j = "
      "exp(x·w_j + b_j)/Σ_k exp(x·w_k + b_k)";
  static constexpr std::string_view source =
      "Hinton, A practical guide to training RBMs, UTML TR 2010-003";
  static constexpr bool gives_means = true;
  static constexpr bool draws_bits = true;
  static constexpr bool draws_one_of = true;
  static constexpr std::array families{Family::boltzmann};
  static constexpr core::Fields<> fields{};

  void compute(const Field& field, Activity& out) const;

 private:
  static void draw_one_of(const Field& field, Activity& out);
};

inline void AdcNeuron::compute(const Field& field, Activity& out) const {
  constexpr core::Index batch_slice = 16;  // fixed: results do not depend on the number of threads
  const core::Index batch = field.batch(), width = field.units();
  out.mean.resize(batch, width);
  out.state.resize(batch, width);
  read_feeds(field, out.mean);
  if (field.layer.one_of) return draw_one_of(field, out);
  core::for_slices(batch, batch_slice, static_cast<double>(4 * width),
                   [&](core::Index begin, core::Index end) noexcept {
    const core::Index first = begin * width, count = (end - begin) * width;
    core::fill_uniform(field.random, field.operation, static_cast<std::uint64_t>(first),
                       {out.state.data() + first, static_cast<std::size_t>(count)});
    for (core::Index row = begin; row < end; ++row) {
      float* mean = out.mean.row(row).data();
      float* state = out.state.row(row).data();
      for (core::Index j = 0; j < width; ++j) {
        mean[j] = core::logistic(field.inv_temp * (mean[j] + field.bias[j]));
        state[j] = state[j] < mean[j] ? 1.0F : 0.0F;
      }
    }
  });
  const auto decisions = static_cast<double>(out.mean.size());
  if (field.inv_temp != 1) field.edge.multiplies(field.component, decisions, edge_bits);
  field.edge.adds(field.component, decisions, edge_bits);    // the bias
  field.edge.adds(field.component, decisions, random_bits);  // comparison with the random number
  field.edge.sigmoids(field.component, decisions);
  field.edge.random_words(field.component, decisions, random_bits);
  field.edge.buffers(field.component, decisions, decisions, edge_bits);
}

/// Softmax of the fields in `out.mean`, and the unit that a random number picks.
inline void AdcNeuron::draw_one_of(const Field& field, Activity& out) {
  const core::Index batch = field.batch(), width = field.units();
  core::Vector picks(batch);
  core::fill_uniform(field.random, field.operation, 0,
                     {picks.data(), static_cast<std::size_t>(batch)});
  out.state.setZero();
  for (core::Index row = 0; row < batch; ++row) {
    auto mean = out.mean.row(row);
    mean += field.bias;
    const float highest = mean.maxCoeff();
    for (core::Index j = 0; j < width; ++j)
      mean[j] = core::exp(field.inv_temp * (mean[j] - highest));
    mean /= mean.sum();
    core::Index on = 0;
    for (float below = mean[0]; on + 1 < width && picks[row] >= below; ++on) below += mean[on + 1];
    out.state(row, on) = 1;
  }
  const auto units = static_cast<double>(out.mean.size()), draws = static_cast<double>(batch);
  if (field.inv_temp != 1) field.edge.multiplies(field.component, units, edge_bits);
  field.edge.adds(field.component, 3 * units, edge_bits);    // bias, largest, sum
  field.edge.adds(field.component, 2 * units, random_bits);  // running sum, comparison with it
  field.edge.sigmoids(field.component, units);               // a table of exponentials
  field.edge.multiplies(field.component, units, edge_bits);
  field.edge.random_words(field.component, draws, random_bits);
  field.edge.buffers(field.component, units, units, edge_bits);
}

}  // namespace ohmlab::ebm
