#include "mapped_cells.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

namespace ohmlab::crossbar {
namespace {

using core::Matrix;
using core::MatrixD;

/// Hash of a name (FNV-1a, 64 bits).
std::uint64_t number_of(std::string_view name) {
  std::uint64_t out = 0xcbf29ce484222325U;
  for (const char c : name) out = (out ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return out;
}

/// Faults have a seed of their own; arrays differ by name and place.
core::Stream fault_stream(const devices::Faults& faults, const ArrayContext& context) {
  const auto seed =
      static_cast<std::uint64_t>(faults.visit([](const auto& entry) { return entry.key(); }));
  return core::stream(seed ^ number_of(context.name), core::StreamId::faults, context.place());
}

}  // namespace

MappedCells::MappedCells(const Mapping& mapping, const devices::Device& device,
                         const Tiling& tiling, const ArrayContext& context,
                         const std::vector<double>& gains)
    : mapping_(mapping), device_(device), tiling_(tiling), gains_(gains) {
  const core::Stream faults = fault_stream(device.faults, context);
  for (std::uint32_t plane = 0; plane < gains.size() * of_group(); ++plane) {
    planes_.emplace_back(tiling, device, context.seed, context.place(), plane, faults);
    const double rest = mapping.planes()[plane % of_group()].rest;
    if (rest == 0) continue;
    planes_.back().program(Matrix::Constant(tiling.rows, tiling.cols, static_cast<float>(rest)),
                           {.operation = 0});
  }
}

void MappedCells::keep_references() {
  references_.assign(groups(), Matrix::Zero(tiling_.rows, tiling_.cols));
}

Matrix MappedCells::reference(std::size_t group) const {
  Matrix out = written_reference(group);
  if (!device_.heated()) return out;
  return out.unaryExpr(
      [&](float w) { return static_cast<float>(device_.heated_state(static_cast<double>(w))); });
}

Matrix MappedCells::written_reference(std::size_t group) const {
  return references_.empty() ? Matrix(Matrix::Zero(tiling_.rows, tiling_.cols))
                             : references_[group];
}

double MappedCells::symmetry_off() const {
  double squares = 0, count = 0;
  for (std::size_t p = 0; p < planes_.size(); ++p) {
    const Matrix off = planes_[p].symmetry_points() - written_reference(group_of(p));
    for (Index k = 0; k < off.size(); ++k) {
      if (!std::isfinite(off.data()[k])) continue;
      squares += static_cast<double>(off.data()[k]) * static_cast<double>(off.data()[k]);
      ++count;
    }
  }
  return count > 0 ? std::sqrt(squares / count) : 0;
}

int MappedCells::seen_groups() const {
  return static_cast<int>(
      std::count_if(gains_.begin(), gains_.end(), [](double gain) { return gain != 0; }));
}

MappedCells::States MappedCells::states(double now) const {
  States out;
  for (const CellPlane& plane : planes_) out.push_back(plane.seen(now));
  return out;
}

MappedCells::States MappedCells::with_trace(double now) const {
  States out;
  for (const CellPlane& plane : planes_) out.push_back(plane.with_trace(now));
  return out;
}

void MappedCells::advance(double now) {
  for (CellPlane& plane : planes_) plane.advance(now);
}

Matrix MappedCells::weights(const States& states) const {
  Matrix out;
  for (std::size_t p = 0; p < states.size(); ++p) {
    const auto factor = static_cast<float>(coefficient(p));
    if (factor == 0) continue;
    if (out.size() == 0) {
      out = factor * states[p];
    } else {
      out += factor * states[p];
    }
  }
  for (std::size_t group = 0; references_count() && group < groups(); ++group) {
    if (gains_[group] != 0) out -= static_cast<float>(gains_[group]) * reference(group);
  }
  return out;
}

MatrixD MappedCells::exact_weights(const States& states) const {
  MatrixD out;
  for (std::size_t p = 0; p < states.size(); ++p) {
    if (coefficient(p) == 0) continue;
    if (out.size() == 0) {
      out = coefficient(p) * states[p].cast<double>();
    } else {
      out += coefficient(p) * states[p].cast<double>();
    }
  }
  for (std::size_t group = 0; references_count() && group < groups(); ++group) {
    if (gains_[group] != 0) out -= gains_[group] * reference(group).cast<double>();
  }
  return out;
}

Matrix MappedCells::variance(double now) const {
  Matrix out;
  for (std::size_t p = 0; p < planes_.size(); ++p) {
    if (coefficient(p) == 0) continue;
    const Matrix of_plane = planes_[p].read_variance(now);
    if (of_plane.size() == 0) return {};
    const auto square = static_cast<float>(coefficient(p) * coefficient(p));
    if (out.size() == 0) {
      out = square * of_plane;
    } else {
      out += square * of_plane;
    }
  }
  return out;
}

MappedCells::Row MappedCells::row(std::size_t group, Index row, double now) {
  Row out{core::Vector::Zero(tiling_.cols), {}, 0};
  double w_sum = 0;
  for (std::size_t p = 0; p < of_group(); ++p) {
    CellPlane& plane = planes_[group * of_group() + p];
    const auto factor = static_cast<float>(mapping_.planes()[p].coefficient);
    const CellPlane::ReadRow seen = plane.read_row(row, now);
    out.values += factor * seen.states;
    w_sum += seen.states.cast<double>().sum();
    if (seen.variance.size() == 0) continue;
    if (out.variance.size() == 0) out.variance.setZero(tiling_.cols);
    out.variance += factor * factor * seen.variance;
  }
  if (references_count()) {
    const Matrix fixed = reference(group);
    out.values -= fixed.row(row);
    w_sum += fixed.row(row).cast<double>().sum();
  }
  out.conductance = conductance_sum(w_sum, cells_of(tiling_.cols));
  return out;
}

MappedCells::Row MappedCells::plane_row(std::size_t group, std::size_t plane, Index row,
                                        double now) {
  CellPlane::ReadRow seen = planes_[group * of_group() + plane].read_row(row, now);
  const double conductance =
      conductance_sum(seen.states.cast<double>().sum(), static_cast<double>(tiling_.cols));
  const auto rest = static_cast<float>(rest_of(plane));
  return {seen.states.array() - rest, std::move(seen.variance), conductance};
}

Matrix MappedCells::traced_rows(std::size_t group, std::size_t plane, Index first, Index count,
                                double now) {
  return planes_[group * of_group() + plane].traced_rows(first, count, now);
}

MatrixD MappedCells::conductances(const Matrix& states) const {
  return states.cast<double>().unaryExpr(
      [&](double w) { return std::max(0.0, device_.conductance(w)); });
}

double MappedCells::cells_of(Index weights) const {
  return static_cast<double>(weights * (mapping_.pulsed_cells() + mapping_.fixed_cells()));
}

double MappedCells::conductance_sum(double w_sum, double cells) const {
  if (!device_.g_min) return 0;
  return std::max(0.0,
                  cells * *device_.g_min + (w_sum + cells) / 2 * (*device_.g_max - *device_.g_min));
}

double MappedCells::conductance_of_one() const {
  return (device_.highest() - device_.lowest()) / 2 / std::abs(mapping_.planes()[0].coefficient);
}

PulseCount MappedCells::pulse(std::size_t group, const PulseEvents& events, double sign,
                              const UpdateTurn& turn) {
  PulseCount out;
  for (std::size_t p = 0; p < of_group(); ++p) {
    const PulseCount count = planes_[group * of_group() + p].pulse(
        events, {sign * mapping_.planes()[p].direction, mapping_.planes()[p].one_way}, turn);
    out.coincidences += count.coincidences;
    out.w_sum += count.w_sum;
  }
  return out;
}

void MappedCells::move(std::size_t group, const OuterProduct& change, double now) {
  const double rate = change.rate / mapping_.moved_by_one();
  for (std::size_t p = 0; p < of_group(); ++p) {
    planes_[group * of_group() + p].move(change.x, change.d, mapping_.planes()[p].direction * rate,
                                         now, mapping_.planes()[p].one_way);
  }
}

CellPlane::Programmed MappedCells::program(std::size_t group, const Matrix& values,
                                           const ProgramTurn& turn) {
  CellPlane::Programmed out;
  for (std::size_t p = 0; p < of_group(); ++p) {
    Matrix target = target_of(p, values);
    if (!references_.empty()) target += references_[group];
    const CellPlane::Programmed of = planes_[group * of_group() + p].program(target, turn);
    out.out_of_reach += of.out_of_reach;
    out.w_sum += of.w_sum;
  }
  return out;
}

CellPlane::Programmed MappedCells::program_again(std::size_t group, const Matrix& values,
                                                 const ChosenCells& chosen,
                                                 const ProgramTurn& turn) {
  CellPlane::Programmed out;
  for (std::size_t p = 0; p < of_group(); ++p) {
    const CellPlane::Programmed of =
        planes_[group * of_group() + p].program_again(target_of(p, values), chosen, turn);
    out.out_of_reach += of.out_of_reach;
    out.w_sum += of.w_sum;
  }
  return out;
}

/// States that are programmed into a plane for weights.
Matrix MappedCells::target_of(std::size_t plane, const Matrix& weights) const {
  const MappedPlane& of = mapping_.planes()[plane];
  return weights.unaryExpr([&](float v) { return of.state(v); });
}

MappedCells::Wear MappedCells::wear() const {
  Wear out;
  const auto n = static_cast<double>(planes_.size());
  for (const CellPlane& plane : planes_) {
    out.at_bound += plane.share_at_bound() / n;
    out.faulty += plane.share_faulty() / n;
    out.worn += plane.share_worn() / n;
    out.mean_pulses += plane.mean_pulses() / n;
    out.most_pulses = std::max(out.most_pulses, plane.most_pulses());
    out.largest_state = std::max(out.largest_state, plane.largest_state());
  }
  return out;
}

double MappedCells::mean_pulses(std::size_t group) const {
  double sum = 0;
  for (std::size_t p = 0; p < of_group(); ++p) sum += planes_[group * of_group() + p].mean_pulses();
  return sum / static_cast<double>(of_group());
}

void MappedCells::state(core::Archive& archive) {
  for (std::size_t p = 0; p < planes_.size(); ++p) {
    const core::Archive::Part part(archive, fmt::format("plane{}", p));
    planes_[p].state(archive);
  }
  for (std::size_t group = 0; group < references_.size(); ++group)
    archive.item(fmt::format("reference{}", group), references_[group]);
}

}  // namespace ohmlab::crossbar
