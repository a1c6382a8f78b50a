#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <utility>

#include "../core/parallel.hpp"
#include "../core/rng.hpp"
#include "cells.hpp"

// Cells as reads and figures see them.
namespace ohmlab::crossbar {

using core::ConstRows;
using core::Index;
using core::Matrix;

namespace {
constexpr Index row_slice = 4;  // fixed: results do not depend on the number of threads
}  // namespace

Matrix CellPlane::seen(double now) const { return seen_rows(0, w_.rows(), now); }

Matrix CellPlane::seen_rows(Index first, Index count, double now) const {
  check_time("now", now);
  Matrix out = aged(apparent_.middleRows(first, count), first, now);
  for (const FaultyCell& faulty : faulty_) {
    const Index at = faulty.cell - first * w_.cols();
    if (at >= 0 && at < out.size()) out.data()[at] = faulty.state;
  }
  if (device_.heated()) {
    out = out.unaryExpr(
        [&](float w) { return static_cast<float>(device_.heated_state(static_cast<double>(w))); });
  }
  return out;
}

Matrix CellPlane::with_trace(double now) const { return traced(seen(now), 0); }

/// Adds the present offsets of read noise to the seen states of some rows. Open lines have none.
Matrix CellPlane::traced(Matrix seen, Index first) const {
  if (!device_.read_noise.has_trace()) return seen;
  trace_.add_to(seen, first);
  for (const FaultyCell& faulty : faulty_) {
    const Index at = faulty.cell - first * w_.cols();
    if (faulty.open && at >= 0 && at < seen.size()) seen.data()[at] = faulty.state;
  }
  return seen.cwiseMax(lowest_);
}

/// Standard normal by which a cell drifts: its own, or that of its last write. The time of a write
/// stands for its number, so that nothing more need be kept; without a clock all writes are one.
template <class D>
float CellPlane::drift_normal(Index i, Index j) const noexcept {
  if constexpr (D::each_write) {
    const auto write = std::bit_cast<std::uint64_t>(written_.at(i, j));
    return core::normals(
        core::random_block(drifting_, cell_number(i, j), write, std::uint32_t{1}))[0];
  } else {
    return drift_(i, j);
  }
}

/// Present states of the cells of some rows that the last write left in `states`. A state that has
/// not drifted keeps its bits.
Matrix CellPlane::aged(const ConstRows& states, Index first, double now) const {
  if (device_.drift.keeps()) return states.cwiseMax(lowest_);
  Matrix out(states.rows(), states.cols());
  const auto g_max = static_cast<float>(device_.highest());
  device_.drift.visit([&](const auto& drift) {
    using D = std::remove_cvref_t<decltype(drift)>;
    core::for_slices(out.rows(), row_slice, static_cast<double>(50 * out.cols()),
                     [&](Index begin, Index end) noexcept {
      for (Index i = begin; i < end; ++i) {
        for (Index j = 0; j < out.cols(); ++j) {
          const float g = std::max(0.0F, conductance(states(i, j)));
          const auto age = static_cast<float>(aging_ * (now - written_.at(first + i, j)));
          const auto left =
              drift.template conductance<float>(g, age, drift_normal<D>(first + i, j), g_max);
          out(i, j) =
              left == g ? std::max(lowest_, states(i, j)) : std::max(lowest_, state_of(left));
        }
      }
    });
  });
  return out;
}

Matrix CellPlane::read_variance(double now) const {
  check_time("now", now);
  if (!device_.read_noise.draws_afresh()) return {};
  return variance_of(seen(now), 0, now);
}

/// Variance of one read of the cells of some rows in these present states.
Matrix CellPlane::variance_of(Matrix seen, Index first, double now) const {
  const double low = device_.lowest(), high = device_.highest();
  core::for_slices(seen.rows(), row_slice, static_cast<double>(50 * seen.cols()),
                   [&](Index begin, Index end) noexcept {
    for (Index i = begin; i < end; ++i) {
      for (Index j = 0; j < seen.cols(); ++j) {
        const double age = now - written_.at(first + i, j);
        const double g = std::max(0.0, static_cast<double>(conductance(seen(i, j))));
        const double was = std::max(0.0, static_cast<double>(conductance(apparent_(first + i, j))));
        const double sigma = 2 * device_.read_noise.fresh(was, g, age, {low, high}) / (high - low);
        seen(i, j) = static_cast<float>(sigma * sigma);
      }
    }
  });
  for (const FaultyCell& faulty : faulty_) {
    const Index at = faulty.cell - first * w_.cols();
    if (faulty.open && at >= 0 && at < seen.size()) seen.data()[at] = 0;
  }
  return seen;
}

CellPlane::ReadRow CellPlane::read_row(Index row, double now) {
  advance(row, 1, now);
  const Matrix states = seen_rows(row, 1, now);
  ReadRow out{traced(states, row).row(0), {}};
  if (device_.read_noise.draws_afresh()) out.variance = variance_of(states, row, now).row(0);
  return out;
}

Matrix CellPlane::traced_rows(Index first, Index count, double now) {
  advance(first, count, now);
  return traced(seen_rows(first, count, now), first);
}

Matrix CellPlane::symmetry_points() const {
  Matrix out(w_.rows(), w_.cols());
  device_.pulse.visit([&](const auto& response) {
    using P = std::remove_cvref_t<decltype(response)>;
    for (Index i = 0; i < w_.rows(); ++i) {
      for (Index j = 0; j < w_.cols(); ++j) {
        const std::optional<double> point =
            devices::symmetry_point(response, parameters_of<P>(i, j));
        out(i, j) = point ? static_cast<float>(*point) : std::numeric_limits<float>::quiet_NaN();
      }
    }
  });
  return out;
}

double CellPlane::share_faulty() const {
  return static_cast<double>(faulty_.size()) / static_cast<double>(w_.size());
}

double CellPlane::share_worn() const {
  return static_cast<double>(lives_.worn(faulty_)) / static_cast<double>(w_.size());
}

double CellPlane::share_at_bound() const {
  return device_.pulse.visit([&](const auto& response) {
    using P = std::remove_cvref_t<decltype(response)>;
    double count = 0;
    for (Index i = 0; i < w_.rows(); ++i) {
      for (Index j = 0; j < w_.cols(); ++j) count += P::at_bound(parameters_of<P>(i, j), w_(i, j));
    }
    return count / static_cast<double>(w_.size());
  });
}

double CellPlane::largest_state() const { return static_cast<double>(w_.cwiseAbs().maxCoeff()); }
double CellPlane::mean_pulses() const { return pulses_.cast<double>().mean(); }
double CellPlane::most_pulses() const { return static_cast<double>(pulses_.maxCoeff()); }

double CellPlane::bytes() const {
  const auto cells = static_cast<double>(w_.size());
  const double common =
      sizeof(w_(0, 0)) + sizeof(apparent_(0, 0)) + sizeof(drift_(0, 0)) + sizeof(pulses_(0, 0));
  const double own = static_cast<double>(parameters_.size()) * sizeof(float);
  return cells * (common + own) + written_.bytes() + trace_.bytes() + lives_.bytes();
}

}  // namespace ohmlab::crossbar
