#include "ideal_array.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "../core/parallel.hpp"
#include "digital_work.hpp"

namespace ohmlab::crossbar {
namespace {

constexpr Index row_slice = 64;  // fixed: results do not depend on the number of threads

}  // namespace

IdealArray::IdealArray(Index rows, Index cols, const ArrayContext& context,
                       const NumberFormat& format, cost::Machine machine)
    : weights_(core::Matrix::Zero(rows, cols)),
      edges_(context.edges ? *context.edges : core::Matrix()),
      conducts_(context.conducts),
      format_(format),
      comparator_(core::stream(context.seed, core::StreamId::comparator, context.layer)),
      edge_(*context.tally, machine, machine == cost::Machine::chip ? chip_lanes(rows, cols) : 1),
      component_(context.tally->component(context.name)) {
  DigitalWork(format_, edge_, component_)
      .holds_weights(static_cast<double>(rows * cols), chip_lanes(rows, cols));
}

struct IdealArray::Rounded : RoundedNumbers {};

IdealArray::Rounded IdealArray::rounded(const ConstRows& x) const {
  return {rounded_to(format_, x)};
}

void IdealArray::post_product(double multiplications, double bits) {
  DigitalWork(format_, edge_, component_).product(multiplications, bits);
}

double IdealArray::moved_bits(const ConstRows& x) const {
  cost::Edge edge = edge_;
  return DigitalWork(format_, edge, component_).moved_bits(x);
}

void IdealArray::post_scaling(double numbers) {
  DigitalWork(format_, edge_, component_).scaling(numbers);
}

void IdealArray::post_copy() {
  DigitalWork(format_, edge_, component_).copy(static_cast<double>(weights_.size()));
}

void IdealArray::read(Direction direction, const ConstRows& x, Rows y, const Outputs& outputs) {
  const bool transposed = direction == Direction::to_rows;
  const Index all = transposed ? rows() : cols();
  assert(x.cols() == (transposed ? cols() : rows()) && x.rows() == y.rows());
  assert(y.cols() == outputs.count && outputs.first >= 0 && outputs.first + outputs.count <= all);
  if (outputs.count == all) {
    multiply(direction, x, y);
  } else {
    core::Matrix whole(x.rows(), all);
    multiply(direction, x, whole);
    y = whole.middleCols(outputs.first, outputs.count);
  }
  ++operation_;
  const double bits = moved_bits(x);
  if (bits > 1) post_scaling(static_cast<double>(x.size()));
  const auto read = static_cast<double>(outputs.count * x.cols());  // weights
  post_product(static_cast<double>(x.rows()) * read, bits);
  const double fetched = edge_.own_logic() ? 0 : read;  // a chip keeps weights at its multipliers
  edge_.buffers(component_, fetched + static_cast<double>(x.size()), 0, bits);
  edge_.buffers(component_, 0, static_cast<double>(y.size()), 32);
}

/// Products with the weights in their format.
void IdealArray::multiply(Direction direction, const ConstRows& x, Rows y) {
  const bool transposed = direction == Direction::to_rows;
  PackedMatrix& packed = transposed ? packed_transposed_ : packed_;
  const bool exact = format_.is<Fp32>();
  if (packed.empty()) {
    const Rounded weights = exact ? Rounded{} : rounded(weights_);
    const core::Matrix& seen = exact ? weights_ : weights.values;
    packed_scale_ = weights.scale;
    if (transposed) {
      packed.pack_transposed(seen);
    } else {
      packed.pack(seen);
    }
  }
  if (exact) {
    packed.assign_product(x, y);
  } else {
    const Rounded inputs = rounded(x);
    packed.assign_product(inputs.values, y);
    undo_scales(y, inputs.scale, packed_scale_);
  }
}

/// Products are digital already; there is no converter.
void IdealArray::sense(Direction direction, const ConstRows& x, Rows y) { read(direction, x, y); }

/// Turns fields into decisions. offset: 1 or B × lines
void IdealArray::compare(const ConstRows& offset, Rows values) {
  compare_logistic(comparator_, operation_, offset, values);
  DigitalWork(format_, edge_, component_).decisions(static_cast<double>(values.size()));
}

void IdealArray::decide(Direction direction, const ConstRows& x, const ConstRows& offset,
                        Rows bits) {
  read(direction, x, bits);
  compare(offset, bits);
}

/// Keeps weights without an edge at zero, and conductances from falling below it.
void IdealArray::keep_bounds() {
  if (edges_.size() == 0 && !conducts_) return;
  core::for_slices(rows(), row_slice, static_cast<double>(cols()),
                   [&](Index begin, Index end) noexcept {
    auto weights = weights_.middleRows(begin, end - begin).array();
    if (edges_.size() > 0) weights *= edges_.middleRows(begin, end - begin).array();
    if (conducts_) weights = weights.max(0.0F);
  });
}

void IdealArray::update(std::span<const OuterProduct> products) {
  for (const OuterProduct& product : products) add(product);
  keep_bounds();
}

void IdealArray::add(const OuterProduct& product) {
  const auto& [x, d, rate] = product;
  assert(x.cols() == rows() && d.cols() == cols() && x.rows() == d.rows());
  const bool exact = format_.is<Fp32>();
  const Rounded left = exact ? Rounded{} : rounded(x), right = exact ? Rounded{} : rounded(d);
  const ConstRows& inputs = exact ? x : ConstRows(left.values);
  PackedMatrix steps;
  steps.pack(static_cast<float>(rate / (left.scale * right.scale)) *
             (exact ? d : ConstRows(right.values)));
  core::Matrix columns(rows(), x.rows());
  core::for_slices(rows(), row_slice, static_cast<double>(x.rows()),
                   [&](Index begin, Index end) noexcept {
    columns.middleRows(begin, end - begin) = inputs.middleCols(begin, end - begin).transpose();
  });
  steps.add_product(columns, to_change());
  ++operation_;
  const auto cells = static_cast<double>(weights_.size());
  const double left_bits = moved_bits(x), right_bits = moved_bits(d);
  for (const auto& [numbers, bits] :
       {std::pair{x.size(), left_bits}, std::pair{d.size(), right_bits}}) {
    if (bits > 1) post_scaling(static_cast<double>(numbers));
    edge_.buffers(component_, static_cast<double>(numbers), 0, bits);
  }
  post_product(static_cast<double>(x.rows()) * cells, std::min(left_bits, right_bits));
  edge_.buffers(component_, cells, cells, 32);
  post_copy();
}

void IdealArray::increment(const ConstRows& change) {
  assert(change.rows() == rows() && change.cols() == cols());
  core::Matrix& weights = to_change();
  core::for_slices(rows(), row_slice, static_cast<double>(cols()),
                   [&](Index begin, Index end) noexcept {
    weights.middleRows(begin, end - begin) += change.middleRows(begin, end - begin);
  });
  keep_bounds();
  ++operation_;
  const auto cells = static_cast<double>(weights_.size());
  edge_.adds(component_, cells, 32);
  edge_.buffers(component_, 2 * cells, cells, 32);
  edge_.launches(component_);
  post_copy();
}

void IdealArray::program(const ConstRows& target) {
  assert(target.rows() == rows() && target.cols() == cols());
  to_change() = target;
  keep_bounds();
  ++operation_;
  edge_.buffers(component_, 0, static_cast<double>(weights_.size()), 32);
  edge_.launches(component_);
  post_copy();
}

}  // namespace ohmlab::crossbar
