#include "digital_work.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "../core/math.hpp"
#include "../core/parallel.hpp"

namespace ohmlab::crossbar {
namespace {

// Fixed: results do not depend on the number of threads. Fills are fastest in multiples of 64.
constexpr Index batch_slice = 32, line_slice = 4096;
constexpr Index fewest_lanes = 64;  // as many as analog arrays have unless set

/// Bits of the numbers: 1 if all are 0 or 1, else those of the format.
double bits_of(const ConstRows& x, double format_bits) {
  return (x.array() == 0 || x.array() == 1).all() ? 1 : format_bits;
}

}  // namespace

RoundedNumbers rounded_to(const NumberFormat& of, const ConstRows& x) {
  RoundedNumbers out{core::Matrix(x.rows(), x.cols())};
  of.visit([&](const auto& format) {
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

void undo_scales(Rows y, double a, double b) {
  const float both = static_cast<float>(a) * static_cast<float>(b), inverse = 1 / both;
  if (std::isnormal(both) && std::isnormal(inverse)) {
    y *= inverse;
  } else {
    y = (y.cast<double>().array() / a / b).cast<float>().matrix();
  }
}

void compare_logistic(const core::Stream& stream, std::uint64_t operation, const ConstRows& offset,
                      Rows values) {
  assert(offset.rows() == 1 || offset.rows() == values.rows());
  const Index width = values.cols(), parts = (width + line_slice - 1) / line_slice;
  const Index task = std::max<Index>(1, batch_slice / std::max<Index>(parts, 1));
  core::for_slices(values.rows() * parts, task,
                   static_cast<double>(10 * std::min(width, line_slice)),
                   [&](Index begin, Index end) noexcept {
    core::Vector uniforms(std::min(width, line_slice));
    for (Index part = begin; part < end; ++part) {
      const Index row = part / parts, first = part % parts * line_slice;
      const Index count = std::min(line_slice, width - first);
      core::fill_uniform(stream, operation, static_cast<std::uint64_t>(row * width + first),
                         {uniforms.data(), static_cast<std::size_t>(count)});
      float* const to = values.row(row).data() + first;
      const float* const with = offset.row(offset.rows() > 1 ? row : 0).data() + first;
      for (Index j = 0; j < count; ++j)
        to[j] = uniforms[j] < core::logistic(to[j] + with[j]) ? 1.0F : 0.0F;
    }
  });
}

double chip_lanes(Index rows, Index cols) {
  return static_cast<double>(std::max({rows, cols, fewest_lanes}));
}

void DigitalWork::holds_weights(double weights, double lanes) {
  cost::Tally& tally = edge_.tally();
  tally.hold(component_, cost::Part::accelerator, 1);
  const double bits = format_bits();
  if (bits < 32) edge_.holds(component_, weights * 32);  // the float32 weights beside their copy
  if (!edge_.own_logic()) {
    edge_.holds(component_, weights * bits);
    return;
  }
  tally.hold(component_, cost::Part::weight_bit, weights * bits);
  tally.hold(component_, cost::Part::edge_lane, lanes);
}

void DigitalWork::product(double multiplications, double bits) {
  format_.visit([&](const auto& format) {
    const bool by_bits = edge_.own_logic() && format.action == cost::Action::op_int8;
    edge_.tally().post(component_, format.action,
                       {.count = 2 * multiplications,
                        .serial = 2 * multiplications,
                        .parameter = by_bits ? bits : 0});
  });
  edge_.launches(component_);
}

double DigitalWork::moved_bits(const ConstRows& x) const {
  return edge_.own_logic() ? bits_of(x, format_bits()) : format_bits();
}

void DigitalWork::scaling(double numbers) {
  format_.visit([&](const auto& format) {
    if (format.largest == 0) return;
    if (format.shifts) {
      edge_.adds(component_, 2 * numbers, 32);
    } else {
      edge_.multiplies(component_, 2 * numbers, 32);
    }
  });
}

void DigitalWork::copy(double weights) {
  scaling(weights);
  format_.visit([&](const auto& format) {
    if (format.largest > 0) edge_.buffers(component_, weights, 0, 32);
    if (format.action != cost::Action::flop_fp32)
      edge_.buffers(component_, 0, weights, format.bits);
  });
}

void DigitalWork::decisions(double count) {
  edge_.adds(component_, 2 * count, 32);
  edge_.sigmoids(component_, count);
  edge_.random_words(component_, count, 32);
}

}  // namespace ohmlab::crossbar
