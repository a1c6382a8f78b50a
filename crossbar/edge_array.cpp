// CAUTION: compiled with fused multiply-adds, as packed_matrix.cpp is; see CMakeLists.txt.
#include "edge_array.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "../core/parallel.hpp"
#include "../core/simd.hpp"

namespace ohmlab::crossbar {
namespace {

// Fixed: results do not depend on the number of threads.
constexpr Index block_slice = 256, edge_slice = 64, lanes = Gather::lanes;

/// Sums of one block of 16 lines for one vector. depth: entries of each line
OHMLAB_MULTIVERSION void sum_block(const float* x, const float* weights,
                                   const std::uint32_t* inputs, Index depth, float* sums) noexcept {
  float out[lanes] = {};
  for (Index k = 0; k < depth; ++k) {
    for (Index lane = 0; lane < lanes; ++lane)
      out[lane] += weights[k * lanes + lane] * x[inputs[k * lanes + lane]];
  }
  for (Index lane = 0; lane < lanes; ++lane) sums[lane] = out[lane];
}

/// Bits of the number of a line.
double place_bits(Index lines) {
  return std::max(1.0, std::ceil(std::log2(static_cast<double>(lines))));
}

}  // namespace

EdgeArray::EdgeArray(std::shared_ptr<const Crossings> crossings, const ArrayContext& context,
                     const NumberFormat& format, cost::Machine machine)
    : crossings_(std::move(crossings)),
      weights_(core::Vector::Zero(crossings_->size())),
      format_(format),
      comparator_(core::stream(context.seed, core::StreamId::comparator, context.layer)),
      edge_(*context.tally, machine,
            machine == cost::Machine::chip ? chip_lanes(rows(), cols()) : 1),
      component_(context.tally->component(context.name)) {
  assert(!context.conducts);
  const auto weights = static_cast<double>(weights_.size());
  work().holds_weights(weights, chip_lanes(rows(), cols()));
  if (crossings_->listed && !edge_.own_logic())
    edge_.holds(component_, weights * (place_bits(rows()) + place_bits(cols())));
}

const EdgeArray::Packed& EdgeArray::packed(Direction direction) {
  Packed& out = packed_[direction == Direction::to_cols ? 0 : 1];
  if (out.values.size() > 0) return out;
  const Gather& from = gather(direction);
  core::Matrix seen = weights_;
  out.scale = 1;
  if (!format_.is<Fp32>()) {
    RoundedNumbers rounded = rounded_to(format_, weights_);
    seen = std::move(rounded.values);
    out.scale = rounded.scale;
  }
  out.values.resize(static_cast<Index>(from.edges.size()));
  for (std::size_t k = 0; k < from.edges.size(); ++k)
    out.values[static_cast<Index>(k)] =
        from.edges[k] == Gather::none ? 0.0F : seen(0, static_cast<Index>(from.edges[k]));
  return out;
}

void EdgeArray::multiply(Direction direction, const ConstRows& x, Rows y) {
  const Gather& from = gather(direction);
  const Packed& weights = packed(direction);
  const bool exact = format_.is<Fp32>();
  const RoundedNumbers inputs = exact ? RoundedNumbers{} : rounded_to(format_, x);
  const ConstRows& seen = exact ? x : ConstRows(inputs.values);
  const auto blocks = static_cast<Index>(from.first.size()) - 1;
  const double each = static_cast<double>(from.first.back()) / static_cast<double>(blocks);
  core::for_slices(blocks, block_slice, each * static_cast<double>(x.rows()),
                   [&](Index begin, Index end) noexcept {
    float sums[lanes];
    for (Index row = 0; row < seen.rows(); ++row) {
      const float* const numbers = seen.row(row).data();
      float* const to = y.row(row).data();
      for (Index b = begin; b < end; ++b) {
        const Index first = from.first[static_cast<std::size_t>(b)],
                    last = from.first[static_cast<std::size_t>(b) + 1];
        sum_block(numbers, weights.values.data() + first, from.inputs.data() + first,
                  (last - first) / lanes, sums);
        const Index line = b * lanes, count = std::min(lanes, from.outputs - line);
        std::copy_n(sums, count, to + line);
      }
    }
  });
  if (!exact) undo_scales(y, inputs.scale, weights.scale);
}

/// Posts the numbers, weights and places that products take from memory.
/// \param edges  weights of one vector's products
void EdgeArray::post_gathering(Direction direction, const ConstRows& x, double bits, double edges) {
  const bool gathers = crossings_->listed && !edge_.own_logic();
  const auto vectors = static_cast<double>(x.rows());
  const double numbers = gathers ? vectors * edges : static_cast<double>(x.size());
  edge_.buffers(component_, numbers, 0, bits);
  if (!gathers) return;
  edge_.buffers(component_, edges, 0,
                place_bits(direction == Direction::to_cols ? rows() : cols()));
}

void EdgeArray::read(Direction direction, const ConstRows& x, Rows y, const Outputs& outputs) {
  const Gather& from = gather(direction);
  assert(x.cols() == (direction == Direction::to_rows ? cols() : rows()) && x.rows() == y.rows());
  assert(y.cols() == outputs.count && outputs.first >= 0 &&
         outputs.first + outputs.count <= from.outputs);
  if (outputs.count == from.outputs) {
    multiply(direction, x, y);
  } else {
    core::Matrix whole(x.rows(), from.outputs);
    multiply(direction, x, whole);
    y = whole.middleCols(outputs.first, outputs.count);
  }
  ++operation_;
  DigitalWork post = work();
  const double bits = post.moved_bits(x);
  if (bits > 1) post.scaling(static_cast<double>(x.size()));
  const auto first = static_cast<std::size_t>(outputs.first),
             end = static_cast<std::size_t>(outputs.first + outputs.count);
  const auto read = static_cast<double>(from.before[end] - from.before[first]);
  post.product(static_cast<double>(x.rows()) * read, bits);
  if (!edge_.own_logic()) edge_.buffers(component_, read, 0, bits);  // the weights
  post_gathering(direction, x, bits, read);
  edge_.buffers(component_, 0, static_cast<double>(y.size()), 32);
}

/// Products are digital already; there is no converter.
void EdgeArray::sense(Direction direction, const ConstRows& x, Rows y) { read(direction, x, y); }

void EdgeArray::decide(Direction direction, const ConstRows& x, const ConstRows& offset,
                       Rows bits) {
  read(direction, x, bits);
  compare_logistic(comparator_, operation_, offset, bits);
  work().decisions(static_cast<double>(bits.size()));
}

void EdgeArray::update(std::span<const OuterProduct> products) {
  for (const OuterProduct& product : products) add(product);
}

void EdgeArray::add(const OuterProduct& product) {
  const auto& [x, d, rate] = product;
  assert(x.cols() == rows() && d.cols() == cols() && x.rows() == d.rows());
  const bool exact = format_.is<Fp32>();
  const RoundedNumbers left = exact ? RoundedNumbers{} : rounded_to(format_, x),
                       right = exact ? RoundedNumbers{} : rounded_to(format_, d);
  const ConstRows& row_side = exact ? x : ConstRows(left.values);
  const ConstRows& col_side = exact ? d : ConstRows(right.values);
  // A line's numbers of all vectors one after the other.
  const core::Matrix inputs = row_side.transpose(),
                     steps = (static_cast<float>(rate / (left.scale * right.scale)) * col_side)
                                 .transpose();
  core::Vector& weights = to_change();
  const Index vectors = x.rows();
  core::for_slices(weights.size(), edge_slice, static_cast<double>(4 * vectors),
                   [&](Index begin, Index end) noexcept {
    for (Index e = begin; e < end; ++e) {
      const auto at = static_cast<std::size_t>(e);
      const float* const a = inputs.data() + crossings_->row[at] * vectors;
      const float* const b = steps.data() + crossings_->col[at] * vectors;
      float sum = 0;
      for (Index v = 0; v < vectors; ++v) sum += a[v] * b[v];
      weights[e] += sum;
    }
  });
  ++operation_;
  const auto edges = static_cast<double>(weights.size());
  DigitalWork post = work();
  const double left_bits = post.moved_bits(x), right_bits = post.moved_bits(d);
  if (left_bits > 1) post.scaling(static_cast<double>(x.size()));
  post_gathering(Direction::to_cols, x, left_bits, edges);
  if (right_bits > 1) post.scaling(static_cast<double>(d.size()));
  post_gathering(Direction::to_rows, d, right_bits, edges);
  post.product(static_cast<double>(vectors) * edges, std::min(left_bits, right_bits));
  edge_.buffers(component_, edges, edges, 32);
  post.copy(edges);
}

void EdgeArray::increment_edges(const core::Vector& change) {
  assert(change.size() == weights_.size());
  to_change() += change;
  ++operation_;
  const auto edges = static_cast<double>(weights_.size());
  edge_.adds(component_, edges, 32);
  edge_.buffers(component_, 2 * edges, edges, 32);
  edge_.launches(component_);
  work().copy(edges);
}

void EdgeArray::program_edges(const core::Vector& target) {
  assert(target.size() == weights_.size());
  to_change() = target;
  ++operation_;
  const auto edges = static_cast<double>(weights_.size());
  edge_.buffers(component_, 0, edges, 32);
  edge_.launches(component_);
  work().copy(edges);
}

core::Vector EdgeArray::at_crossings(const ConstRows& whole) const {
  assert(whole.rows() == rows() && whole.cols() == cols());
  core::Vector out(weights_.size());
  for (Index e = 0; e < out.size(); ++e) {
    const auto at = static_cast<std::size_t>(e);
    out[e] = whole(crossings_->row[at], crossings_->col[at]);
  }
  return out;
}

core::MatrixD EdgeArray::weights() const {
  core::MatrixD out = core::MatrixD::Zero(rows(), cols());
  for (Index e = 0; e < weights_.size(); ++e) {
    const auto at = static_cast<std::size_t>(e);
    out(crossings_->row[at], crossings_->col[at]) = static_cast<double>(weights_[e]);
  }
  return out;
}

}  // namespace ohmlab::crossbar
