#include "cells.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>

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

}  // namespace

void CellPlane::check_time(const char* name, double seconds) {
  if (seconds >= 0 && std::isfinite(seconds)) return;
  throw core::UserError({}, name, std::to_string(seconds),
                        "expected a finite number of seconds from 0");
}

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
      written_(tiling.rows, tiling.cols),
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

PulseCount CellPlane::pulse(const PulseEvents& events, const PulseWay& way,
                            const UpdateTurn& turn) {
  PulseCount count;
  from_here(turn.now, [&](Matrix& w, std::uint32_t write_place) {
    count = pulse_cells(device_.pulse, events,
                        {.w = w,
                         .apparent = apparent_,
                         .written = written_.places(),
                         .pulses = pulses_,
                         .parameters = parameters_,
                         .first_cell = first_cell_,
                         .noise = noise_,
                         .noise_sum = noise_sum_,
                         .write = write_,
                         .operation = turn.operation,
                         .write_place = write_place,
                         .way = way},
                        turn.aggregate);
  });
  wear_out(static_cast<double>(events.slots));
  return count;
}

/// Calls write(states, place) with the present states of the cells and the place of the present
/// time. A cell that `write` gives this place keeps its new state. The others keep their written
/// states and drift on from them.
template <class Write>
void CellPlane::from_here(double now, const Write& write) {
  check_time("now", now);
  if (walk_.any()) advance(now);
  const std::uint32_t place = written_.place_of(now);
  if (device_.drift.keeps()) return write(w_, place);
  Matrix here = aged(w_, 0, now);
  write(here, place);
  for (Index k = 0; k < w_.size(); ++k) {
    if (written_.places().data()[k] == place) w_.data()[k] = here.data()[k];
  }
}

void CellPlane::move(const ConstRows& x, const ConstRows& d, double rate, double now,
                     bool upward_only) {
  from_here(now, [&](Matrix& states, std::uint32_t place) {
    CellNumbers& places = written_.places();
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
              if (count == 0 || (upward_only && count < 0)) continue;
              w = P::held(own, w, w + std::abs(count) * response.change(own, w, count > 0));
              written = true;
            }
            if (!written) continue;
            states(i, j) = apparent_(i, j) = static_cast<float>(w);
            places(i, j) = place;
          }
        }
      });
    });
  });
  pin_faulty();
}

CellPlane::Programmed CellPlane::program(const Matrix& target, const ProgramTurn& turn) {
  const Programmed out = write(target, ChosenCells::Constant(w_.rows(), w_.cols(), true), turn);
  for (Index i = 0; i < w_.rows(); ++i) walk_.restart(i, written_.at(i, 0));
  lives_.programmed(turn.pulses);
  wear_out(turn.pulses);
  return out;
}

CellPlane::Programmed CellPlane::program_again(const Matrix& target, const ChosenCells& chosen,
                                               const ProgramTurn& turn) {
  const auto pulses = static_cast<std::uint32_t>(std::ceil(turn.pulses));
  for (Index k = 0; k < w_.size(); ++k) pulses_.data()[k] += chosen.data()[k] ? pulses : 0;
  if (walk_.any()) advance(turn.start);
  const Programmed out = write(target, chosen, turn);
  wear_out(pulses);
  return out;
}

CellPlane::Programmed CellPlane::write(const Matrix& target, const ChosenCells& chosen,
                                       const ProgramTurn& turn) {
  check_time("start", turn.start);
  check_time("seconds_a_row", turn.seconds_a_row);
  if (!target.allFinite()) throw core::UserError({}, "target", "", "expected finite states");
  const float least = device_.lowest_state() ? 0.0F : std::numeric_limits<float>::lowest();  // S
  Matrix held = Matrix::Zero(w_.rows(), w_.cols());
  std::vector<double> missed(static_cast<std::size_t>(w_.rows())), ends(missed);
  double finished = turn.start;  // s
  for (Index i = 0; i < w_.rows(); ++i)
    ends[static_cast<std::size_t>(i)] = finished += chosen.row(i).any() ? turn.seconds_a_row : 0;
  const std::uint32_t first_place = written_.places_of(ends);
  CellNumbers& places = written_.places();
  device_.pulse.visit([&](const auto& response) {
    using P = std::remove_cvref_t<decltype(response)>;
    core::for_slices(w_.rows(), row_slice, static_cast<double>(50 * w_.cols()),
                     [&](Index begin, Index end) noexcept {
      for (Index i = begin; i < end; ++i) {
        for (Index j = 0; j < w_.cols(); ++j) {
          if (!chosen(i, j)) continue;
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
                                                              turn.operation, std::uint32_t{0}))[0];
            w = P::template clip<float>(
                own, state_of(std::max(least, g + static_cast<float>(sigma) * xi)));
          }
          w_(i, j) = apparent_(i, j) = w;
          places(i, j) = first_place + static_cast<std::uint32_t>(i);
        }
      }
    });
  });
  pin_faulty();
  for (const FaultyCell& faulty : faulty_) {
    if (!chosen.data()[faulty.cell]) continue;
    const Index i = faulty.cell / w_.cols();
    missed[static_cast<std::size_t>(i)] += held.data()[faulty.cell] == target.data()[faulty.cell] &&
                                           faulty.state != target.data()[faulty.cell];
    held.data()[faulty.cell] = faulty.state;
  }
  Programmed out{0, held.cast<double>().sum()};
  for (const double count : missed) out.out_of_reach += count;
  return out;
}

void CellPlane::state(core::Archive& archive) {
  archive.item("w", w_);
  archive.item("apparent", apparent_);
  written_.state(archive);
  archive.item("pulses", pulses_);
  archive.item("programming", lives_.programming());
  if (archive.restores()) lives_.restore(pulses_, w_, faulty_);
  trace_.state(archive);
  walk_.state(archive);
}

}  // namespace ohmlab::crossbar
