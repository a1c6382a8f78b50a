#include "cells.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "../core/errors.hpp"
#include "../core/parallel.hpp"
#include "../core/rng.hpp"
#include "cell_normals.hpp"
#include "pulse_kernel.hpp"

namespace ohmlab::crossbar {
namespace {

using core::ConstRows;
using core::Index;
using core::Matrix;

constexpr Index row_slice = 4;  // fixed: results do not depend on the number of threads

void check_time(const char* name, double seconds) {
  if (seconds >= 0 && std::isfinite(seconds)) return;
  throw core::UserError({}, name, std::to_string(seconds),
                        "expected a finite number of seconds from 0");
}

}  // namespace

CellPlane::CellPlane(const Tiling& tiling, devices::Device device, std::uint64_t seed,
                     std::uint32_t layer, std::uint32_t plane, const core::Stream& fault_stream)
    : device_(std::move(device)),
      noise_(core::stream(seed, core::StreamId::pulse_noise, layer)),
      noise_sum_(core::stream(seed, core::StreamId::pulse_noise_sum, layer)),
      write_(core::stream(seed, core::StreamId::write_noise, layer)),
      programming_(core::stream(seed, core::StreamId::programming, layer)),
      drifting_(core::stream(seed, core::StreamId::drift, layer)),
      first_cell_(plane * static_cast<std::uint32_t>(tiling.rows * tiling.cols)),
      aging_(device_.acceleration(device_.activation.drift)),
      lowest_(device_.lowest_state().value_or(std::numeric_limits<float>::lowest())),
      w_(Matrix::Zero(tiling.rows, tiling.cols)),
      apparent_(w_),
      written_(core::MatrixD::Zero(tiling.rows, tiling.cols)),
      drift_(tiling.rows, tiling.cols),
      faulty_(faulty_cells(device_.faults, tiling, state_of(0), fault_stream, first_cell_)),
      lives_(device_, faulty_, core::stream(seed, core::StreamId::wear, layer), first_cell_),
      trace_(device_, tiling.rows, tiling.cols,
             core::stream(seed, core::StreamId::noise_trace, layer), first_cell_),
      walk_(device_, tiling.rows, core::stream(seed, core::StreamId::diffusion, layer),
            first_cell_) {
  device_.pulse.require_files();
  const Index rows = tiling.rows, cols = tiling.cols;
  pulses_.setZero(rows, cols);
  device_.pulse.visit([&](const auto& pulse) {
    using P = std::remove_cvref_t<decltype(pulse)>;
    parameters_.assign(P::columns, Matrix(rows, cols));
    CellNormals normals(core::stream(seed, core::StreamId::device_variation, layer), first_cell_,
                        P::normals);
    normals.share({.share = device_.neighbour_share, .range = device_.neighbour_range}, rows, cols);
    core::for_slices(rows, row_slice, static_cast<double>(100 * cols),
                     [&](Index begin, Index end) noexcept {
      for (Index i = begin; i < end; ++i) {
        for (Index j = 0; j < cols; ++j) {
          auto own = pulse.template draw<float>(normals.of(i, j, cols));
          if (device_.lowest_state()) P::limit(own, lowest_);
          for (int c = 0; c < P::columns; ++c)
            parameters_[static_cast<std::size_t>(c)](i, j) = own[c];
          drift_(i, j) = core::normals(
              core::random_block(drifting_, cell_number(i, j), 0, std::uint32_t{0}))[0];
        }
      }
    });
  });
  lives_.begin(w_.size());
  pin_faulty();
}

void CellPlane::advance(Index first, Index count, double now) {
  trace_.advance(first, count, now);
  if (!walk_.any()) return;
  walk_.advance(first, count, now, {.w = w_, .apparent = apparent_, .parameters = parameters_});
  pin_faulty();
}

/// Counts at most so many new pulses on each cell.
void CellPlane::wear_out(double pulses) {
  lives_.add_worn(pulses_, pulses, w_, faulty_);
  pin_faulty();
}

void CellPlane::count_programming(double pulses) {
  lives_.programmed(pulses);
  wear_out(pulses);
}

/// Keeps faulty cells in their constant states after a write. Within one update, pulses heat a
/// stuck cell as if each had moved it.
void CellPlane::pin_faulty() {
  for (const FaultyCell& faulty : faulty_)
    w_.data()[faulty.cell] = apparent_.data()[faulty.cell] = faulty.state;
}

std::uint32_t CellPlane::cell_number(Index i, Index j) const noexcept {
  return first_cell_ + static_cast<std::uint32_t>(i * w_.cols() + j);
}

float CellPlane::conductance(float w) const noexcept {
  const double low = device_.lowest(), high = device_.highest();
  return static_cast<float>(low + (static_cast<double>(w) + 1) / 2 * (high - low));
}

float CellPlane::state_of(float g) const noexcept {
  const double low = device_.lowest(), high = device_.highest();
  return static_cast<float>(2 * (static_cast<double>(g) - low) / (high - low) - 1);
}

template <class P>
devices::Columns<float, P::columns> CellPlane::parameters_of(Index i, Index j) const noexcept {
  devices::Columns<float, P::columns> out;
  for (int c = 0; c < P::columns; ++c) out[c] = parameters_[static_cast<std::size_t>(c)](i, j);
  return out;
}

PulseCount CellPlane::pulse(const PulseEvents& events, double direction, const UpdateTurn& turn) {
  PulseCount count;
  from_here(turn.now, [&](Matrix& w) {
    count = pulse_cells(device_.pulse, events,
                        {.w = w,
                         .apparent = apparent_,
                         .written = written_,
                         .pulses = pulses_,
                         .parameters = parameters_,
                         .first_cell = first_cell_,
                         .noise = noise_,
                         .noise_sum = noise_sum_,
                         .write = write_,
                         .operation = turn.operation,
                         .now = turn.now,
                         .direction = direction},
                        turn.aggregate);
  });
  wear_out(static_cast<double>(events.slots));
  return count;
}

/// Calls write(states) with the present states of the cells. A cell whose clock `write` restarts
/// keeps its new state. The others keep their written states and drift on from them.
template <class Write>
void CellPlane::from_here(double now, const Write& write) {
  check_time("now", now);
  if (walk_.any()) advance(now);
  if (device_.drift.keeps()) return write(w_);
  Matrix here = aged(w_, 0, now);
  constexpr double untouched = -1;  // no clock is before 0
  const core::MatrixD before =
      std::exchange(written_, core::MatrixD::Constant(w_.rows(), w_.cols(), untouched));
  write(here);
  for (Index k = 0; k < w_.size(); ++k) {
    if (written_.data()[k] == untouched) {
      written_.data()[k] = before.data()[k];
    } else {
      w_.data()[k] = here.data()[k];
    }
  }
}

void CellPlane::move(const ConstRows& x, const ConstRows& d, double rate, double now) {
  from_here(now, [&](Matrix& states) {
    device_.pulse.visit([&](const auto& response) {
      using P = std::remove_cvref_t<decltype(response)>;
      const auto work = static_cast<double>(10 * x.rows() * states.cols());
      const double granularity = response.granularity();
      core::for_slices(states.rows(), row_slice, work, [&](Index begin, Index end) noexcept {
        for (Index i = begin; i < end; ++i) {
          for (Index j = 0; j < states.cols(); ++j) {
            const auto own = parameters_of<P>(i, j);
            auto w = static_cast<double>(states(i, j));
            bool written = false;
            for (Index b = 0; b < x.rows(); ++b) {
              const double count =
                  rate * static_cast<double>(x(b, i)) * static_cast<double>(d(b, j)) / granularity;
              if (count == 0) continue;
              w = P::held(own, w, w + std::abs(count) * response.change(own, w, count > 0));
              written = true;
            }
            if (!written) continue;
            states(i, j) = apparent_(i, j) = static_cast<float>(w);
            written_(i, j) = now;
          }
        }
      });
    });
  });
  pin_faulty();
}

CellPlane::Programmed CellPlane::program(const Matrix& target, std::uint64_t operation,
                                         double start, double seconds_a_row) {
  check_time("start", start);
  check_time("seconds_a_row", seconds_a_row);
  if (!target.allFinite()) throw core::UserError({}, "target", "", "expected finite states");
  const float least = device_.lowest_state() ? 0.0F : std::numeric_limits<float>::lowest();  // S
  Matrix held(w_.rows(), w_.cols());
  std::vector<double> missed(static_cast<std::size_t>(w_.rows()));
  device_.pulse.visit([&](const auto& response) {
    using P = std::remove_cvref_t<decltype(response)>;
    core::for_slices(w_.rows(), row_slice, static_cast<double>(50 * w_.cols()),
                     [&](Index begin, Index end) noexcept {
      for (Index i = begin; i < end; ++i) {
        for (Index j = 0; j < w_.cols(); ++j) {
          const auto own = parameters_of<P>(i, j);
          const auto reached = P::template clip<float>(own, target(i, j));
          held(i, j) = reached;
          missed[static_cast<std::size_t>(i)] += reached != target(i, j);
          const float g = std::max(least, conductance(reached));
          const double sigma = device_.programming.sigma(static_cast<double>(g), device_.lowest(),
                                                         device_.highest());
          float w = reached;
          if (sigma > 0) {
            const float xi = core::normals(core::random_block(programming_, cell_number(i, j),
                                                              operation, std::uint32_t{0}))[0];
            w = P::template clip<float>(
                own, state_of(std::max(least, g + static_cast<float>(sigma) * xi)));
          }
          w_(i, j) = apparent_(i, j) = w;
          written_(i, j) = start + static_cast<double>(i + 1) * seconds_a_row;
        }
      }
    });
  });
  for (Index i = 0; i < w_.rows(); ++i) walk_.restart(i, written_(i, 0));
  pin_faulty();
  for (const FaultyCell& faulty : faulty_) {
    const Index i = faulty.cell / w_.cols();
    missed[static_cast<std::size_t>(i)] += held.data()[faulty.cell] == target.data()[faulty.cell] &&
                                           faulty.state != target.data()[faulty.cell];
    held.data()[faulty.cell] = faulty.state;
  }
  Programmed out{0, held.cast<double>().sum()};
  for (const double count : missed) out.out_of_reach += count;
  return out;
}

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
    const auto write = std::bit_cast<std::uint64_t>(written_(i, j));
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
          const auto age = static_cast<float>(aging_ * (now - written_(first + i, j)));
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
        const double age = now - written_(first + i, j);
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

void CellPlane::state(core::Archive& archive) {
  archive.item("w", w_);
  archive.item("apparent", apparent_);
  archive.item("written", written_);
  archive.item("pulses", pulses_);
  archive.item("programming", lives_.programming());
  if (archive.restores()) lives_.restore(pulses_, w_, faulty_);
  trace_.state(archive);
  walk_.state(archive);
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

}  // namespace ohmlab::crossbar
