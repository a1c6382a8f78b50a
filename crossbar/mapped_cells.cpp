#include "mapped_cells.hpp"

#include <algorithm>
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
                         const Tiling& tiling, const ArrayContext& context)
    : mapping_(mapping), device_(device), tiling_(tiling) {
  const core::Stream faults = fault_stream(device.faults, context);
  for (std::uint32_t plane = 0; plane < mapping_.planes().size(); ++plane)
    planes_.emplace_back(tiling, device, context.seed, context.place(), plane, faults);
}

MappedCells::States MappedCells::states(double now) const {
  States out;
  for (const CellPlane& plane : planes_) out.push_back(plane.seen(now));
  return out;
}

Matrix MappedCells::weights(const States& states) const {
  Matrix out = static_cast<float>(coefficient(0)) * states[0];
  for (std::size_t p = 1; p < states.size(); ++p)
    out += static_cast<float>(coefficient(p)) * states[p];
  return out;
}

MatrixD MappedCells::exact_weights(const States& states) const {
  MatrixD out = coefficient(0) * states[0].cast<double>();
  for (std::size_t p = 1; p < states.size(); ++p) out += coefficient(p) * states[p].cast<double>();
  return out;
}

Matrix MappedCells::variance(double now) const {
  Matrix out;
  for (std::size_t p = 0; p < planes_.size(); ++p) {
    const Matrix of_plane = planes_[p].read_variance(now);
    if (of_plane.size() == 0) return {};
    const auto square = static_cast<float>(coefficient(p) * coefficient(p));
    if (p == 0) {
      out = square * of_plane;
    } else {
      out += square * of_plane;
    }
  }
  return out;
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
  return (device_.highest() - device_.lowest()) / 2 / std::abs(coefficient(0));
}

PulseCount MappedCells::pulse(const PulseEvents& events, double sign, const UpdateTurn& turn) {
  PulseCount out;
  for (std::size_t p = 0; p < planes_.size(); ++p) {
    const PulseCount count = planes_[p].pulse(events, sign * mapping_.planes()[p].direction, turn);
    out.coincidences += count.coincidences;
    out.w_sum += count.w_sum;
  }
  return out;
}

void MappedCells::move(const ConstRows& x, const ConstRows& d, double rate, double now) {
  for (std::size_t p = 0; p < planes_.size(); ++p)
    planes_[p].move(x, d, mapping_.planes()[p].direction * rate, now);
}

CellPlane::Programmed MappedCells::program(const Matrix& weights, std::uint64_t operation,
                                           double start, double seconds_a_row) {
  CellPlane::Programmed out;
  for (std::size_t p = 0; p < planes_.size(); ++p) {
    const auto share = static_cast<float>(mapping_.planes()[p].target);
    const CellPlane::Programmed of =
        planes_[p].program(share * weights, operation, start, seconds_a_row);
    out.out_of_reach += of.out_of_reach;
    out.w_sum += of.w_sum;
  }
  return out;
}

MappedCells::Wear MappedCells::wear() const {
  Wear out;
  const auto n = static_cast<double>(planes_.size());
  for (const CellPlane& plane : planes_) {
    out.at_bound += plane.share_at_bound() / n;
    out.faulty += plane.share_faulty() / n;
    out.mean_pulses += plane.mean_pulses() / n;
    out.most_pulses = std::max(out.most_pulses, plane.most_pulses());
    out.largest_state = std::max(out.largest_state, plane.largest_state());
  }
  return out;
}

void MappedCells::state(core::Archive& archive) {
  for (std::size_t p = 0; p < planes_.size(); ++p) {
    const core::Archive::Part part(archive, fmt::format("plane{}", p));
    planes_[p].state(archive);
  }
}

}  // namespace ohmlab::crossbar
