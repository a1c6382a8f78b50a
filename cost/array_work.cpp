#include "array_work.hpp"

#include <algorithm>
#include <cmath>

#include "sum_bits.hpp"

namespace ohmlab::cost {
namespace {

constexpr double word_bits = 16;  // bits of weights and targets at the edge

double tile_of(double lines, double tile) { return tile > 0 ? std::min(tile, lines) : lines; }

/// Posts one stage of `reads` reads. In a pipeline the first read passes all stages. The others
/// follow at the pace of the slowest stage, which prices decide.
void post_stage(const ArrayAccount& account, Action action, double reads, Posting posting) {
  if (account.parts.pipelined && reads > 1) {
    const double later = (reads - 1) / reads;
    account.tally.post(account.component, action,
                       {.serial = posting.serial * later,
                        .parameter = posting.parameter,
                        .seconds = posting.seconds * later,
                        .overlapped = true});
    posting.serial /= reads;
    posting.seconds /= reads;
  }
  account.tally.post(account.component, action, posting);
}

/// Posts numbers that pass between tiles. A pipeline carries them while others are read.
void post_carried(const ArrayAccount& account, const Mesh::Carried& carried, double vectors) {
  if (carried.hops.count > 0) post_stage(account, Action::network_hop, vectors, carried.hops);
  if (carried.links.count > 0) post_stage(account, Action::chip_link, vectors, carried.links);
}

/// Work of the edge logic on `count` numbers of `bits`, of which `in_turn` follow one another.
struct EdgeWork {
  double count, in_turn, bits;
};
void post_edge(const ArrayAccount& account, Action action, const EdgeWork& work) {
  account.tally.post(
      account.component, action,
      {.count = work.count, .serial = work.in_turn / account.parts.lanes, .parameter = work.bits});
}

}  // namespace

ArrayLines::ArrayLines(const ArrayParts& parts, double all_rows, double all_cols) noexcept
    : rows(all_rows),
      cols(all_cols),
      tile_rows(tile_of(rows, parts.tile_rows)),
      tile_cols(tile_of(cols, parts.tile_cols)),
      row_tiles(std::ceil(rows / tile_rows)),
      col_tiles(std::ceil(cols / tile_cols)) {}

void hold_array(const ArrayAccount& account, const ArrayLines& lines, double copies) {
  auto& [tally, component, parts] = account;
  const double weights = lines.rows * lines.cols * copies, ends = lines.ends();
  const double cells = weights * parts.groups, driven = copies * ends * parts.groups;
  tally.hold(component, Part::cell, cells * parts.pulsed, parts.endurance);
  if (parts.fixed > 0) tally.hold(component, Part::cell, cells * parts.fixed);
  tally.hold(component, Part::line_driver, driven);
  tally.hold(component, parts.driver.part, driven, parts.driver.drive_bits);
  tally.hold(component, parts.converter.part, copies * std::ceil(ends / parts.converter.lines_each),
             parts.converter.bits);
  if (parts.holds_readings()) tally.hold(component, Part::hold_capacitor, copies * ends);
  const double tiles = lines.row_tiles * lines.col_tiles;
  if (tiles > 1 || parts.networked) {
    tally.hold(component, Part::router, copies * tiles);
    tally.hold(component, Part::chip,
               copies * tiles / static_cast<double>(parts.mesh.tiles_per_chip));
  }
  if (parts.comparators) tally.hold(component, Part::comparator, copies * ends);
  tally.hold(component, Part::edge_lane, copies * parts.lanes);
}

void post_read(const ArrayAccount& account, const ArrayLines& lines, const ReadWork& work) {
  auto& [tally, component, parts] = account;
  const double inputs = work.to_rows ? lines.cols : lines.rows;
  const double all_outputs = work.to_rows ? lines.rows : lines.cols;
  const double outputs = work.outputs < 0 ? all_outputs : work.outputs;
  const double input_lines = work.to_rows ? lines.tile_cols : lines.tile_rows,
               output_lines = work.to_rows ? lines.tile_rows : lines.tile_cols;
  const double input_tiles = work.to_rows ? lines.col_tiles : lines.row_tiles,
               output_tiles = work.to_rows ? lines.row_tiles : lines.col_tiles;
  const double slices = parts.driver.slices, volts = parts.v_read;
  const double reads = work.vectors * slices, in_turn = work.in_turn * slices;
  const double conversions = reads * outputs * input_tiles;
  const auto stage = [&](Action action, const Posting& posting) {
    post_stage(account, action, in_turn, posting);
  };

  stage(Action::array_read, {.count = reads,
                             .serial = in_turn,
                             .joules = volts * volts * parts.t_read * work.heat,
                             .seconds = in_turn * parts.t_read});
  tally.post(component, Action::line_charge,
             {.count = volts * volts * work.swings * output_tiles * parts.seen_groups,
              .parameter = output_lines});
  if (work.floated > 0) {
    tally.post(component, Action::line_charge,
               {.count = volts * volts * work.floated, .parameter = input_lines});
  }
  stage(parts.driver.action, {.count = reads * inputs * output_tiles * parts.seen_groups,
                              .serial = in_turn,
                              .parameter = parts.driver.drive_bits});
  // A tile passes its share of the inputs on to the next tile that reads it.
  post_carried(
      account,
      parts.mesh.carried(work.vectors * inputs * parts.driver.bits, parts.mesh.along(output_tiles),
                         work.in_turn, input_lines * parts.driver.bits),
      work.in_turn);
  if (parts.floats || (work.converted ? parts.converter.lines_each : slices) > 1) {
    // Currents of tiles add up before they are held for comparators. Voltages are held tile by
    // tile.
    const bool together = !work.converted && !parts.floats;
    tally.post(component, Action::sample_hold,
               {.count = together ? reads * outputs : conversions, .serial = in_turn});
  }
  if (!work.converted) return;

  stage(parts.converter.action, {.count = conversions,
                                 .serial = in_turn * parts.converter.turns(),
                                 .parameter = parts.converter.bits});
  const double sum_bits = cost::sum_bits(parts.converter.bits, input_tiles, slices);
  if (slices * input_tiles > 1) {
    const double sums = outputs * (slices * input_tiles - 1);
    post_edge(account, Action::edge_add, {work.vectors * sums, work.in_turn * sums, sum_bits});
  }
  if (input_tiles > 1) {
    post_carried(
        account,
        parts.mesh.carried(work.vectors * outputs * sum_bits, parts.mesh.along(input_tiles),
                           work.in_turn, output_lines * sum_bits),
        work.in_turn);
  }
  // Outputs times the scale of the weights.
  post_edge(account, Action::edge_multiply,
            {work.vectors * outputs, work.in_turn * outputs, word_bits});
}

void post_rest(const ArrayAccount& account, const ArrayLines& lines, const RestWork& work) {
  auto& [tally, component, parts] = account;
  const double square = parts.v_read * parts.v_read;
  tally.post(component, Action::array_read,
             {.count = work.vectors,
              .serial = work.vectors,
              .joules = square * work.seconds * work.heat,
              .seconds = work.vectors * work.seconds});
  tally.post(component, Action::line_charge,
             {.count = square * work.row_swings, .parameter = lines.cols});
  tally.post(component, Action::line_charge,
             {.count = square * work.col_swings, .parameter = lines.rows});
  tally.post(component, parts.driver.action,
             {.count = work.vectors * work.sources,
              .serial = work.vectors,
              .parameter = parts.driver.drive_bits});
}

void post_measurements(const ArrayAccount& account, double vectors, double numbers) {
  auto& [tally, component, parts] = account;
  if (parts.converter.lines_each > 1)
    tally.post(component, Action::sample_hold, {.count = numbers, .serial = vectors});
  tally.post(component, parts.converter.action,
             {.count = numbers,
              .serial = vectors * parts.converter.turns(),
              .parameter = parts.converter.bits});
}

void post_decisions(const ArrayAccount& account, double vectors, double decisions) {
  auto& [tally, component, parts] = account;
  post_stage(account, Action::comparator_decision, vectors,
             {.count = decisions, .serial = vectors});
  tally.post(component, parts.driver.action,
             {.count = decisions * parts.driver.slices, .parameter = parts.driver.drive_bits});
}

void post_update(const ArrayAccount& account, const ArrayLines& lines, const UpdateWork& work) {
  auto& [tally, component, parts] = account;
  const double half = parts.half_pulse * parts.t_pulse, whole = parts.whole_pulse * parts.t_pulse;
  const double half_volts2 = parts.v_write * parts.v_write / 4;
  tally.post(
      component, Action::array_pulse,
      {.count = work.coincidences,
       .joules = half * work.line_conductances + (whole - 2 * half) * work.cell_conductances});
  tally.post(component, Action::pulse_slot,
             {.serial = work.slots_in_turn, .seconds = work.slots_in_turn * parts.t_pulse});
  tally.post(component, Action::pulse_drive,
             {.count = parts.pulsed *
                       (work.row_pulses * lines.col_tiles + work.col_pulses * lines.row_tiles)});
  tally.post(component, Action::line_charge,
             {.count = half_volts2 * parts.pulsed * work.row_pulses * lines.col_tiles,
              .parameter = lines.tile_cols});
  tally.post(component, Action::line_charge,
             {.count = half_volts2 * parts.pulsed * work.col_pulses * lines.row_tiles,
              .parameter = lines.tile_rows});
  tally.post(
      component, parts.pulser.action,
      {.count = work.slots * (work.selected_rows + lines.cols), .parameter = parts.pulser.bits});
  // Pulses are made once per line and pass to its other tiles while earlier slots are applied.
  Mesh::post(
      tally, component,
      parts.mesh.carried(work.slots * work.selected_rows, parts.mesh.along(lines.col_tiles), 0, 0));
  Mesh::post(tally, component,
             parts.mesh.carried(work.slots * lines.cols, parts.mesh.along(lines.row_tiles), 0, 0));
  // Update management: largest element of each side, and scale of the probabilities.
  constexpr double bits = 8;
  const double elements = work.selected_rows + lines.cols;
  for (const Action action : {Action::edge_add, Action::edge_multiply}) {
    post_edge(account, action, {work.vectors * elements, work.vectors_in_turn * elements, bits});
  }
}

void post_programming(const ArrayAccount& account, const ArrayLines& lines, double conductances,
                      double rounds) {
  post_programming(account, lines,
                   {.rows = lines.rows,
                    .cells = lines.rows * lines.cols * account.parts.pulsed,
                    .conductances = conductances,
                    .rounds = rounds});
}

void post_programming(const ArrayAccount& account, const ArrayLines& lines,
                      const ProgramWork& work) {
  auto& [tally, component, parts] = account;
  const double rounds = work.rounds, conductances = work.conductances;
  const double weights = work.cells / parts.pulsed;
  const double accesses = work.cells * rounds, in_turn = rounds * work.rows;
  const double drives = in_turn * lines.col_tiles * parts.pulsed;
  const double write2 = parts.v_write * parts.v_write, read2 = parts.v_read * parts.v_read;
  tally.post(component, Action::array_pulse,
             {.count = accesses,
              .serial = in_turn,
              .joules = rounds * conductances * parts.whole_pulse * parts.t_pulse,
              .seconds = in_turn * parts.t_pulse});
  tally.post(component, Action::pulse_drive, {.count = accesses});
  tally.post(component, Action::array_read,
             {.count = in_turn,
              .serial = in_turn,
              .joules = rounds * conductances * read2 * parts.t_verify,
              .seconds = in_turn * parts.t_verify});
  tally.post(component, Action::line_charge,
             {.count = write2 * accesses, .parameter = lines.tile_rows});
  tally.post(component, Action::line_charge,
             {.count = read2 * drives, .parameter = lines.tile_cols});
  tally.post(component, parts.driver.action,
             {.count = drives, .serial = in_turn, .parameter = parts.driver.drive_bits});
  tally.post(component, parts.converter.action,
             {.count = accesses,
              .serial = in_turn * parts.converter.turns(),
              .parameter = parts.converter.bits});
  if (parts.converter.lines_each > 1)
    tally.post(component, Action::sample_hold, {.count = accesses, .serial = in_turn});
  constexpr double compared_bits = 8;
  post_edge(account, Action::edge_add, {accesses, accesses, compared_bits});
  // Targets come from main memory while the array programs earlier ones.
  if (work.loaded) tally.post(component, Action::memory_read, {.count = word_bits * weights / 8});
  // Targets pass from the corner of the mesh to its tiles while cells are pulsed, on average half
  // the way.
  for (const double tiles : {lines.row_tiles, lines.col_tiles}) {
    Mesh::post(tally, component,
               parts.mesh.carried(word_bits * weights / 2, parts.mesh.along(tiles), 0, 0));
  }
}

}  // namespace ohmlab::cost
