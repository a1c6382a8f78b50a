#include "analog_groups.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "../core/parallel.hpp"
#include "../core/rng.hpp"
#include "drive.hpp"
#include "row_reads.hpp"

namespace ohmlab::crossbar {
namespace {

using core::Matrix;
using core::Vector;

constexpr Index row_slice = 64;  // fixed: results do not depend on the number of threads
constexpr int most_slots = 64;   // of one train
constexpr double activity_bits = 16;

/// A vector that selects one row.
Matrix one_row(Index rows, Index row) {
  Matrix out = Matrix::Zero(1, rows);
  out(0, row) = 1;
  return out;
}

/// The lines of the one tile row that a row runs through.
cost::ArrayLines lines_of_row(const cost::ArrayParts& costs, const Tiling& tiling) {
  return {costs, static_cast<double>(tiling.tile_rows), static_cast<double>(tiling.cols)};
}

/// Trains of whole pulses, and the values whose signs they take.
struct CountedTrains {
  PulseTrains trains;
  Matrix x, d;
};

/// |steps| slots of each column of a row, from the first slot on, cut into vectors of 64 slots.
/// Rows that have no steps get no vector.
CountedTrains counted_trains(Index rows, Index first, const Matrix& steps) {
  const auto first_bits = [](std::int64_t count) {
    return count >= most_slots ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
  };
  struct Part {
    Index row;
    std::int64_t begin, slots;
  };
  std::vector<Part> parts;
  for (Index i = 0; i < steps.rows(); ++i) {
    const auto longest = static_cast<std::int64_t>(steps.row(i).cwiseAbs().maxCoeff());
    for (std::int64_t begin = 0; begin < longest; begin += most_slots)
      parts.push_back({i, begin, std::min<std::int64_t>(most_slots, longest - begin)});
  }
  const auto vectors = static_cast<Index>(parts.size());
  CountedTrains out{{}, Matrix::Zero(vectors, rows), Matrix(vectors, steps.cols())};
  PulseTrains& trains = out.trains;
  trains.vectors = vectors;
  trains.rows = rows;
  trains.cols = steps.cols();
  trains.row_bits.assign(static_cast<std::size_t>(vectors * rows), 0);
  trains.col_bits.assign(static_cast<std::size_t>(vectors * trains.cols), 0);
  for (Index b = 0; b < vectors; ++b) {
    const auto& [row, begin, slots] = parts[static_cast<std::size_t>(b)];
    out.x(b, first + row) = 1;
    out.d.row(b) = steps.row(row);
    trains.slots.push_back(slots);
    trains.total_slots += static_cast<double>(slots);
    trains.row_bits[static_cast<std::size_t>(b * rows + first + row)] = first_bits(slots);
    trains.row_pulses += static_cast<double>(slots);
    for (Index j = 0; j < trains.cols; ++j) {
      const auto count = static_cast<std::int64_t>(std::abs(steps(row, j))) - begin;
      if (count <= 0) continue;
      trains.col_bits[static_cast<std::size_t>(b * trains.cols + j)] = first_bits(count);
      trains.col_pulses += static_cast<double>(std::min(count, slots));
    }
  }
  trains.asked = trains.obtained = trains.col_pulses;
  return out;
}

}  // namespace

AnalogGroups::AnalogGroups(const WrittenParts& parts, const ArrayContext& context)
    : parts_(parts),
      train_stream_(core::stream(context.seed, core::StreamId::pulse_train, context.place())),
      path_stream_(core::stream(context.seed, core::StreamId::update_path, context.place())),
      row_stream_(core::stream(context.seed, core::StreamId::read_noise, context.place())) {}

void AnalogGroups::pulse(std::size_t group, const Change& change, double factor,
                         const Vector& signs) {
  const auto write_signed = [&](const ConstRows& x, const ConstRows& d, double rate,
                                Index selected_rows) {
    if (signs.size() == 0) return write(group, {x, d, rate}, selected_rows);
    const Matrix turned = x * signs.asDiagonal();
    write(group, {turned, d, rate}, selected_rows);
  };
  for (const OuterProduct& product : change.products)
    write_signed(product.x, product.d, factor * product.rate, rows());
  // One vector per row selects that row alone. No trains are made for the other rows.
  if (change.matrix)
    write_signed(Matrix::Identity(rows(), rows()), *change.matrix, factor * change.rate, 1);
}

void AnalogGroups::pulse_row(std::size_t group, Index row, const Vector& values) {
  write(group, {one_row(rows(), row), Matrix(values), 1}, 1);
}

/// Moves cells without pulses.
template <>
void AnalogGroups::write_by(const ExactPulser&, std::size_t group, const OuterProduct& product,
                            Index) {
  parts_.cells.move(group, product, parts_.clock.now);
}

template <class P>
void AnalogGroups::write_by(const P& pulser, std::size_t group, const OuterProduct& product,
                            Index selected_rows) {
  const PulseTrains trains = draw_trains({product.x, product.d, product.rate, granularity()},
                                         pulser, train_stream_, parts_.clock.operation);
  steps_asked_ += trains.asked;
  steps_obtained_ += trains.obtained;
  apply(group, trains, product, pulser.aggregates(), parts_.costs, selected_rows);
}

void AnalogGroups::write(std::size_t group, const OuterProduct& product, Index selected_rows) {
  parts_.model.pulser.visit(
      [&](const auto& pulser) { write_by(pulser, group, product, selected_rows); });
  ++parts_.clock.operation;
}

void AnalogGroups::step_rows(std::size_t group, Index first, const Matrix& steps) {
  if (steps.isZero(0)) return;
  if (parts_.model.pulser.is<ExactPulser>()) {
    Matrix rows_selected = Matrix::Zero(steps.rows(), rows());
    rows_selected.middleCols(first, steps.rows()).setIdentity();
    parts_.cells.move(group, {rows_selected, steps, granularity()}, parts_.clock.now);
  } else {
    const CountedTrains counted = counted_trains(rows(), first, steps);
    cost::ArrayParts costs = parts_.costs;
    costs.pulser = {DeterministicPulser::slot_action, DeterministicPulser::slot_bits};
    apply(group, counted.trains, {counted.x, counted.d, 1}, false, costs, 1);
  }
  ++parts_.clock.operation;
}

void AnalogGroups::pulse_all(std::size_t group, bool up) {
  const Matrix x = Matrix::Ones(1, rows()), d = Matrix::Ones(1, cols());
  const OuterProduct product{x, d, up ? granularity() : -granularity()};
  if (parts_.model.pulser.is<ExactPulser>()) {
    parts_.cells.move(group, product, parts_.clock.now);
  } else {
    PulseTrains trains;
    trains.vectors = 1;
    trains.rows = rows();
    trains.cols = cols();
    trains.row_bits.assign(static_cast<std::size_t>(rows()), 1);
    trains.col_bits.assign(static_cast<std::size_t>(cols()), 1);
    trains.slots = {1};
    trains.total_slots = 1;
    trains.row_pulses = static_cast<double>(rows());
    trains.col_pulses = static_cast<double>(cols());
    trains.asked = trains.obtained = trains.row_pulses * trains.col_pulses;
    cost::ArrayParts costs = parts_.costs;
    costs.pulser = {DeterministicPulser::slot_action, DeterministicPulser::slot_bits};
    apply(group, trains, product, false, costs, rows());
  }
  ++parts_.clock.operation;
}

void AnalogGroups::set_reference(std::size_t group, const Matrix& states) {
  if (states.isZero(0)) {
    parts_.cells.set_reference(group, states);
    return;
  }
  const devices::Device& device = parts_.model.device;
  Matrix written = states;
  for (Index k = 0; k < written.size(); ++k) {
    const double g = std::max(0.0, device.conductance(static_cast<double>(states.data()[k])));
    const double sigma = device.programming_error(g) * 2 / (device.highest() - device.lowest());
    if (sigma == 0) continue;
    const auto xi = core::normals(core::random_block(path_stream_, static_cast<std::uint32_t>(k),
                                                     parts_.clock.operation, std::uint32_t{0}));
    written.data()[k] += static_cast<float>(sigma) * xi[0];
  }
  ++parts_.clock.operation;
  parts_.cells.set_reference(group, written);
  const auto cells = static_cast<double>(written.size());
  cost::ArrayParts fixed = parts_.costs;
  fixed.pulsed = parts_.cells.fixed_cells();
  cost::post_programming({parts_.edge.tally(), parts_.component, fixed}, parts_.lines,
                         parts_.cells.conductance_sum(written.cast<double>().sum(), cells),
                         parts_.model.verify_pulses);
  parts_.clock.now +=
      parts_.model.verify_pulses * parts_.lines.rows * (fixed.t_pulse + fixed.t_verify);
}

/// Applies trains. All pulses act at the end, so that their duration does not age the written
/// cells.
/// \param signs  values whose signs the pulses take
void AnalogGroups::apply(std::size_t group, const PulseTrains& trains, const OuterProduct& signs,
                         bool aggregate, const cost::ArrayParts& costs, Index selected_rows) {
  const PulseEvents events(trains, signs.x, signs.d);
  parts_.clock.now += trains.total_slots * costs.t_pulse;
  const PulseCount count =
      parts_.cells.pulse(group, events, signs.rate < 0 ? -1 : 1,
                         {parts_.clock.operation, parts_.clock.now, aggregate});
  core::VectorD row_pulses = core::VectorD::Zero(rows()), col_pulses = core::VectorD::Zero(cols());
  for (Index b = 0; b < trains.vectors; ++b) {
    for (Index i = 0; i < rows(); ++i) row_pulses[i] += std::popcount(trains.row(b, i));
    for (Index j = 0; j < cols(); ++j) col_pulses[j] += std::popcount(trains.col(b, j));
  }
  const SeenCells::Lines& conductances = parts_.seen.lines(group);
  const auto vectors = static_cast<double>(trains.vectors);
  cost::post_update(
      {parts_.edge.tally(), parts_.component, costs}, parts_.lines,
      {.vectors = vectors,
       .vectors_in_turn = vectors,
       .slots = trains.total_slots,
       .slots_in_turn = trains.total_slots,
       .selected_rows = static_cast<double>(selected_rows),
       .row_pulses = trains.row_pulses,
       .col_pulses = trains.col_pulses,
       .coincidences = count.coincidences,
       .line_conductances = row_pulses.dot(conductances.rows) + col_pulses.dot(conductances.cols),
       .cell_conductances = parts_.cells.conductance_sum(count.w_sum, count.coincidences)});
}

Vector AnalogGroups::read_row(std::size_t group, Index row) {
  return read_cells(
      row, crossbar::read_row(parts_.cells, parts_.model.wires, group, row, parts_.clock.now));
}

/// Drives one row at full scale, the other rows of its tile at zero.
Vector AnalogGroups::read_cells(Index row, const MappedCells::Row& cells) {
  const AnalogArrayModel& model = parts_.model;
  const cost::ArrayParts& costs = parts_.costs;
  cost::ReadWork work{.converted = true};
  Vector out = Vector::Zero(cols()), noise(cols());
  const auto of_periphery = static_cast<float>(model.output_noise * model.output_noise);
  const Tiling& tiling = parts_.cells.tiling();
  const Index width = parts_.drivers.exact() ? cols() : tiling.tile_cols;
  const double share_of_tile = parts_.drivers.exact() ? 1.0 : 1 / parts_.lines.col_tiles;
  for (std::int64_t slice = 0; slice < model.dac.slices(); ++slice) {
    const std::uint64_t operation = parts_.clock.operation++;
    Vector line(cols()), variance = Vector::Constant(cols(), of_periphery);
    for (Index tile = 0; tile * width < cols(); ++tile) {
      const DrivenLines driven = drive(model.dac, model.device.conduction,
                                       {.noisy = cells.variance.size() > 0,
                                        .slow_noise = model.device.read_noise.slow(),
                                        .v_read = costs.v_read,
                                        .drivers = &parts_.drivers,
                                        .end = tiling.end(Direction::to_rows, tile, row),
                                        .operation = operation},
                                       Matrix::Ones(1, 1), slice);
      const Index first = tile * width, count = std::min(width, cols() - first);
      line.segment(first, count) = driven.product(0, 0) * cells.values.segment(first, count);
      if (cells.variance.size() > 0) {
        variance.segment(first, count) += driven.noise(0, 0) * cells.variance.segment(first, count);
      }
      work.swings += driven.swings * share_of_tile;
      work.heat += driven.heat[0] * cells.conductance * share_of_tile;
    }
    core::fill_normal(row_stream_, operation, 0,
                      {noise.data(), static_cast<std::size_t>(noise.size())});
    line += variance.cwiseSqrt().cwiseProduct(noise);
    const float share = model.dac.visit([&](const auto& dac) { return dac.share(slice); });
    parts_.converters.convert({.end = tiling.end(Direction::to_cols, row / tiling.tile_rows, 0),
                               .operation = operation,
                               .first = 0},
                              line.data(), cols());
    out += share * line;
  }
  cost::ArrayParts one_group = costs;
  one_group.seen_groups = 1;
  cost::post_read({parts_.edge.tally(), parts_.component, one_group},
                  lines_of_row(costs, parts_.cells.tiling()), work);
  parts_.clock.now += costs.driver.slices * costs.t_read;
  return out;
}

void AnalogGroups::refresh_pairs(std::size_t group, double full) {
  const cost::Tally::Stage stage(parts_.edge.tally(), "train: refresh");
  const std::span<const MappedPlane> planes = parts_.model.mapping.planes();
  Matrix values = Matrix::Zero(rows(), cols());
  ChosenCells chosen = ChosenCells::Constant(rows(), cols(), false);
  for (Index row = 0; row < rows(); ++row) {
    for (std::size_t p = 0; p < planes.size(); ++p) {
      const Vector reading = read_cells(
          row, read_plane_row(parts_.cells, parts_.model.wires, group, p, row, parts_.clock.now));
      values.row(row) += static_cast<float>(planes[p].coefficient) * reading;
      chosen.row(row) =
          chosen.row(row) || reading.array() > static_cast<float>(full - planes[p].rest);
    }
  }
  const double weights = static_cast<double>(values.size());
  post({.added = weights * static_cast<double>(planes.size() + 1),
        .read = weights,
        .written = weights});
  const auto pairs = static_cast<double>(chosen.count());
  if (pairs == 0) return;
  const double pulses = 1 + parts_.model.verify_pulses;  // the first one resets
  const double seconds = pulses * (parts_.costs.t_pulse + parts_.costs.t_verify);
  const CellPlane::Programmed done = parts_.cells.program_again(
      group, values, chosen, {parts_.clock.operation++, parts_.clock.now, seconds, pulses});
  const auto written_rows = static_cast<double>(chosen.rowwise().any().count());
  const double cells = pairs * parts_.costs.pulsed;
  cost::post_programming({parts_.edge.tally(), parts_.component, parts_.costs}, parts_.lines,
                         {.rows = written_rows,
                          .cells = cells,
                          .conductances = parts_.cells.conductance_sum(done.w_sum, cells),
                          .rounds = pulses,
                          .loaded = false});
  parts_.clock.now += written_rows * seconds;
  pairs_refreshed_ += pairs;
}

void AnalogGroups::add(const Change& change, Matrix& into) {
  const auto cells = static_cast<double>(into.size());
  if (change.matrix) {
    into += static_cast<float>(change.rate) * *change.matrix;
    post({.added = cells});
  }
  for (const OuterProduct& product : change.products) {
    const auto rate = static_cast<float>(product.rate);
    core::for_slices(into.rows(), row_slice, static_cast<double>(product.d.size()),
                     [&](Index begin, Index end) noexcept {
      into.middleRows(begin, end - begin).noalias() +=
          rate * product.x.middleCols(begin, end - begin).transpose() * product.d;
    });
    const double products = static_cast<double>(product.x.rows()) * cells;
    cost::Edge& edge = parts_.edge;
    edge.multiplies(parts_.component, products, activity_bits);
    edge.buffers(parts_.component, static_cast<double>(product.x.size() + product.d.size()), 0,
                 activity_bits);
    post({.added = products});
  }
  post({.read = cells, .written = cells});
}

void AnalogGroups::draw(std::span<float> numbers) {
  core::fill_uniform(path_stream_, parts_.clock.operation++, 0, numbers);
  parts_.edge.random_words(parts_.component, static_cast<double>(numbers.size()), path_bits);
}

void AnalogGroups::post(const Work& work) {
  cost::Edge& edge = parts_.edge;
  if (work.multiplied > 0) edge.multiplies(parts_.component, work.multiplied, path_bits);
  if (work.added > 0) edge.adds(parts_.component, work.added, path_bits);
  edge.buffers(parts_.component, work.read, work.written, path_bits);
}

double AnalogGroups::steps_cut() const noexcept {
  return steps_asked_ > 0 ? std::max(0.0, 1 - steps_obtained_ / steps_asked_) : 0;
}

void AnalogGroups::state(core::Archive& archive) {
  archive.item("steps_asked", steps_asked_);
  archive.item("steps_obtained", steps_obtained_);
  archive.item("pairs_refreshed", pairs_refreshed_);
}

}  // namespace ohmlab::crossbar
