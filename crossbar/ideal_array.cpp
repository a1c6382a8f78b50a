#include "ohmlab/crossbar/ideal_array.hpp"

#include <cassert>

#include "ohmlab/core/math.hpp"
#include "ohmlab/core/parallel.hpp"

namespace ohmlab::crossbar {
namespace {

// Fixed: results do not depend on the number of threads.
constexpr Index batch_slice = 32, row_slice = 64;

}  // namespace

IdealArray::IdealArray(Index rows, Index cols, const ArrayContext& context)
    : weights_(core::Matrix::Zero(rows, cols)),
      comparator_(core::stream(context.seed, core::StreamId::comparator, context.layer)),
      edge_(*context.tally, cost::Edge::Place::accelerator, 1),
      component_(context.tally->component(context.name)) {
  context.tally->hold(component_, cost::Part::accelerator, 1);
}

void IdealArray::post_product(Index vectors) {
  const auto inputs = static_cast<double>(vectors * rows()), outputs = static_cast<double>(vectors * cols());
  const auto cells = static_cast<double>(weights_.size());
  const double flops = 2 * static_cast<double>(vectors) * cells;
  edge_.tally().post(component_, cost::Action::flop_fp32, {.count = flops, .serial = flops});
  edge_.buffers(component_, cells + inputs, outputs, 32);
}

void IdealArray::mvm(const ConstRows& x, Rows y) {
  assert(x.cols() == rows() && y.cols() == cols() && x.rows() == y.rows());
  if (packed_.empty()) packed_.pack(weights_);
  packed_.assign_product(x, y);
  ++operation_;
  post_product(x.rows());
}

void IdealArray::mvm_transposed(const ConstRows& x, Rows y) {
  assert(x.cols() == cols() && y.cols() == rows() && x.rows() == y.rows());
  if (packed_transposed_.empty()) packed_transposed_.pack_transposed(weights_);
  packed_transposed_.assign_product(x, y);
  ++operation_;
  post_product(x.rows());
}

void IdealArray::decide(const ConstVector& offset, Rows values) {
  const Index width = values.cols();
  core::for_slices(values.rows(), batch_slice, static_cast<double>(10 * width),
                   [&](Index begin, Index end) noexcept {
    core::Vector uniforms(width);
    for (Index row = begin; row < end; ++row) {
      core::fill_uniform(comparator_, operation_, static_cast<std::uint64_t>(row * width),
                         {uniforms.data(), static_cast<std::size_t>(width)});
      for (Index j = 0; j < width; ++j) {
        values(row, j) = uniforms[j] < core::logistic(values(row, j) + offset[j]) ? 1.0F : 0.0F;
      }
    }
  });
  const auto decisions = static_cast<double>(values.size());
  edge_.adds(component_, 2 * decisions, 32);
  edge_.sigmoids(component_, decisions);
  edge_.random_words(component_, decisions, 32);
}

void IdealArray::compare(const ConstRows& x, const ConstVector& offset, Rows bits) {
  mvm(x, bits);
  decide(offset, bits);
}

void IdealArray::compare_transposed(const ConstRows& x, const ConstVector& offset, Rows bits) {
  mvm_transposed(x, bits);
  decide(offset, bits);
}

void IdealArray::update(const ConstRows& x, const ConstRows& d, double rate) {
  assert(x.cols() == rows() && d.cols() == cols() && x.rows() == d.rows());
  PackedMatrix steps;
  steps.pack(static_cast<float>(rate) * d);
  core::Matrix columns(rows(), x.rows());
  core::for_slices(rows(), row_slice, static_cast<double>(x.rows()), [&](Index begin, Index end) noexcept {
    columns.middleRows(begin, end - begin) = x.middleCols(begin, end - begin).transpose();
  });
  steps.add_product(columns, to_change());
  ++operation_;
  const auto vectors = static_cast<double>(x.rows()), cells = static_cast<double>(weights_.size());
  edge_.tally().post(component_, cost::Action::flop_fp32,
                     {.count = 2 * vectors * cells, .serial = 2 * vectors * cells});
  edge_.buffers(component_, cells + static_cast<double>(x.size() + d.size()), cells, 32);
}

void IdealArray::increment(const ConstRows& change) {
  assert(change.rows() == rows() && change.cols() == cols());
  to_change() += change;
  ++operation_;
  const auto cells = static_cast<double>(weights_.size());
  edge_.adds(component_, cells, 32);
  edge_.buffers(component_, 2 * cells, cells, 32);
}

void IdealArray::program(const ConstRows& target) {
  assert(target.rows() == rows() && target.cols() == cols());
  to_change() = target;
  ++operation_;
  edge_.buffers(component_, 0, static_cast<double>(weights_.size()), 32);
}

}  // namespace ohmlab::crossbar
