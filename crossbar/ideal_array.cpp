#include "ideal_array.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include "../core/math.hpp"
#include "../core/parallel.hpp"

namespace ohmlab::crossbar {
namespace {

// Fixed: results do not depend on the number of threads.
constexpr Index batch_slice = 32, row_slice = 64;
constexpr Index fewest_lanes = 64;  // as many as analog arrays have unless set

/// Lanes of a chip's logic: a line of the matrix at once.
double chip_lanes(Index rows, Index cols) {
  return static_cast<double>(std::max({rows, cols, fewest_lanes}));
}

/// Bits of the numbers: 1 if all are 0 or 1, else those of the format.
double bits_of(const ConstRows& x, double format_bits) {
  return (x.array() == 0 || x.array() == 1).all() ? 1 : format_bits;
}

/// Divides by two scales, at once in float32 if their product and its inverse are normal numbers.
void undo_scales(Rows y, double a, double b) {
  const float both = static_cast<float>(a) * static_cast<float>(b), inverse = 1 / both;
  if (std::isnormal(both) && std::isnormal(inverse)) {
    y *= inverse;
  } else {
    y = (y.cast<double>().array() / a / b).cast<float>().matrix();
  }
}

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
  context.tally->hold(component_, cost::Part::accelerator, 1);
  const auto cells = static_cast<double>(rows * cols);
  const double bits = format.visit([](const auto& f) { return f.bits; });
  if (bits < 32) edge_.holds(component_, cells * 32);  // the float32 weights beside their copy
  if (!edge_.own_logic()) {
    edge_.holds(component_, cells * bits);
    return;
  }
  context.tally->hold(component_, cost::Part::weight_bit, cells * bits);
  context.tally->hold(component_, cost::Part::edge_lane, chip_lanes(rows, cols));
}

/// A matrix as products use it: its numbers are values / scale. The scale of tiny numbers is beyond
/// float32.
struct IdealArray::Rounded {
  core::Matrix values;
  double scale = 1;
};

/// Rounds a matrix to the format, which must not be float32.
IdealArray::Rounded IdealArray::rounded(const ConstRows& x) const {
  Rounded out{core::Matrix(x.rows(), x.cols())};
  format_.visit([&](const auto& format) {
    const float most = x.size() > 0 ? x.cwiseAbs().maxCoeff() : 0.0F;
    if (format.largest > 0 && most > 0) out.scale = format.largest / static_cast<double>(most);
    if (format.shifts) out.scale = std::exp2(std::floor(std::log2(out.scale)));
    const bool fits = out.scale <= static_cast<double>(std::numeric_limits<float>::max());
    const float scale = fits ? static_cast<float>(out.scale) : 1;
    if (fits) out.scale = static_cast<double>(scale);  // the one that is applied
    core::for_slices(x.rows(), batch_slice, static_cast<double>(x.cols()),
                     [&](Index begin, Index end) noexcept {
      for (Index row = begin; row < end; ++row) {
        const float* from = x.row(row).data();
        float* to = out.values.row(row).data();
        if (fits) {
          for (Index j = 0; j < x.cols(); ++j) to[j] = format.rounded(from[j] * scale);
        } else {
          for (Index j = 0; j < x.cols(); ++j)
            to[j] = format.rounded(static_cast<float>(static_cast<double>(from[j]) * out.scale));
        }
      }
    });
  });
  return out;
}

/// Posts one product of a batch with the weights, or one update of the weights. Integer products of
/// a chip take an input bit by bit.
/// \param bits  bits of an input
void IdealArray::post_product(double multiplications, double bits) {
  format_.visit([&](const auto& format) {
    const bool by_bits = edge_.own_logic() && format.action == cost::Action::op_int8;
    edge_.tally().post(component_, format.action,
                       {.count = 2 * multiplications,
                        .serial = 2 * multiplications,
                        .parameter = by_bits ? bits : 0});
  });
  edge_.launches(component_);
}

/// Bits in which numbers are moved: those of the format, or one on a chip that is handed bits.
double IdealArray::moved_bits(const ConstRows& x) const {
  const double bits = format_.visit([](const auto& f) { return f.bits; });
  return edge_.own_logic() ? bits_of(x, bits) : bits;
}

/// Posts the search for the largest of so many numbers and their scaling, one operation each, if
/// the format has a scale. A scale that is a power of two shifts.
void IdealArray::post_scaling(double numbers) {
  format_.visit([&](const auto& format) {
    if (format.largest == 0) return;
    if (format.shifts) {
      edge_.adds(component_, 2 * numbers, 32);
    } else {
      edge_.multiplies(component_, 2 * numbers, 32);
    }
  });
}

/// Posts the rounded copy of changed weights: a write, and a read if the format has a scale.
void IdealArray::post_copy() {
  const auto cells = static_cast<double>(weights_.size());
  post_scaling(cells);
  format_.visit([&](const auto& format) {
    if (format.largest > 0) edge_.buffers(component_, cells, 0, 32);
    if (format.action != cost::Action::flop_fp32) edge_.buffers(component_, 0, cells, format.bits);
  });
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
  assert(offset.rows() == 1 || offset.rows() == values.rows());
  const Index width = values.cols();
  core::for_slices(values.rows(), batch_slice, static_cast<double>(10 * width),
                   [&](Index begin, Index end) noexcept {
    core::Vector uniforms(width);
    for (Index row = begin; row < end; ++row) {
      core::fill_uniform(comparator_, operation_, static_cast<std::uint64_t>(row * width),
                         {uniforms.data(), static_cast<std::size_t>(width)});
      for (Index j = 0; j < width; ++j) {
        values(row, j) =
            uniforms[j] < core::logistic(values(row, j) + offset(offset.rows() > 1 ? row : 0, j))
                ? 1.0F
                : 0.0F;
      }
    }
  });
  const auto decisions = static_cast<double>(values.size());
  edge_.adds(component_, 2 * decisions, 32);
  edge_.sigmoids(component_, decisions);
  edge_.random_words(component_, decisions, 32);
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
