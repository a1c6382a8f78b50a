#pragma once

#include "mesh.hpp"
#include "tally.hpp"

/// Work of reading and writing an array of cells, counted only here. Simulated arrays post the work
/// of their own lines. Closed forms and published macros post the work of average lines.
namespace ohmlab::cost {

/// The parts of an array that set its work.
struct ArrayParts {
  double tile_rows = 0, tile_cols = 0;  ///< most lines of one tile; 0: one tile holds all
  double pulsed = 1, fixed = 1;         ///< cells per weight and group: pulsed, and kept at w = 0
  /// Groups of cells: all, and those that reads of the weights drive. Groups have lines and drivers
  /// of their own. Their currents are scaled and added before they are converted, so that they
  /// share converters.
  double groups = 1, seen_groups = 1;

  struct Driver {
    Action action = Action::dac_drive;
    Part part = Part::dac;
    double bits = 7;        ///< bits of one input
    double drive_bits = 7;  ///< bits of one drive; parameter of action and part
    double slices = 1;      ///< reads of one product, one after another
  } driver;
  struct Converter {
    Action action = Action::adc_convert;
    Part part = Part::adc;
    double bits = 9;        ///< bits of a result; parameter of action and part
    double lines_each = 1;  ///< number of lines that share one converter
    double filling = 0;     ///< turns before a chain of stages gives its first result
    /// Turns, one after another, in which a converter serves its lines.
    [[nodiscard]] double turns() const noexcept { return lines_each + filling; }
  } converter;
  struct Pulser {
    Action action = Action::pulse_random_bit;  ///< action for each line and slot of a train
    double bits = 0;                           ///< parameter of the action
  } pulser;

  bool floats = false;  ///< true if lines float to a voltage, which is sampled
  bool pipelined =
      false;  ///< drivers, cells and converters work on successive vectors at the same time
  bool comparators = true;         ///< true if each line has a comparator
  bool networked = false;          ///< true if a lone tile has a router, as one of many
  double v_read = 0, v_write = 0;  ///< V
  double t_read = 0, t_pulse = 0;  ///< s
  double t_verify = 0;             ///< s, time of a read while cells are programmed
  double half_pulse =
      0;  ///< V², v i/g of a cell at v_write / 2; heat is this × t_pulse × conductance
  double whole_pulse = 0;  ///< V², the same at v_write
  double endurance = 0;    ///< pulses that a cell survives; 0: unknown
  double lanes = 64;       ///< lanes of digital logic at the edge
  Mesh mesh;

  /// True if readings wait in capacitors: for their turn at a converter, for the other slices of
  /// their input, or because lines that float are sampled.
  [[nodiscard]] bool holds_readings() const noexcept {
    return floats || driver.slices > 1 || converter.lines_each > 1;
  }
};

/// Where the work of one array is posted.
struct ArrayAccount {
  Tally& tally;
  Tally::Component component;
  const ArrayParts& parts;
};

/// The lines of one matrix and the tiles that they cross.
struct ArrayLines {
  ArrayLines(const ArrayParts& parts, double rows, double cols) noexcept;
  double rows, cols;
  double tile_rows, tile_cols;  ///< number of lines of one tile
  double row_tiles,
      col_tiles;  ///< number of tiles that the rows are split over, and the columns
  /// Number of line ends; each has a driver and uses a converter.
  [[nodiscard]] double ends() const noexcept { return rows * col_tiles + cols * row_tiles; }
};

/// Declares the parts of `copies` copies of an array.
void hold_array(const ArrayAccount& account, const ArrayLines& lines, double copies);

/// Work of reading vectors. Units are v_read for voltages and t_read for times.
struct ReadWork {
  bool to_rows = false;   ///< true if columns are driven and rows read
  double vectors = 1;     ///< number of vectors
  double in_turn = 1;     ///< number of vectors read one after another
  double heat = 0;        ///< S, Σ over vectors, cells and slices of G ∫ v i/g dt
  double swings = 0;      ///< Σ of squared voltage steps of the driven lines, not yet times tiles
  double floated = 0;     ///< Σ of squared voltages of floating lines that were read
  bool converted = true;  ///< false: currents go to comparators, or join those of other arrays
  double outputs = -1;    ///< number of lines that were converted; all if below 0
};

/// Posts reads. Slices of an input follow one another and are summed at their tile. Each sum passes
/// between tiles once.
void post_read(const ArrayAccount& account, const ArrayLines& lines, const ReadWork& work);

/// Work of circuits that come to rest, vector after vector. The unit of voltages is v_read.
struct RestWork {
  double vectors = 1;
  double seconds = 0;     ///< s, of one vector
  double heat = 0;        ///< S, Σ over vectors and cells of G Δv²
  double row_swings = 0;  ///< Σ over vectors and rows of v²
  double col_swings = 0;  ///< Σ over vectors and columns of v²
  double sources = 0;     ///< sources per vector, each with a driver
};
/// \pre one tile holds all lines
void post_rest(const ArrayAccount& account, const ArrayLines& lines, const RestWork& work);

/// Posts conversions of line voltages. A converter that lines share takes them in turn.
void post_measurements(const ArrayAccount& account, double vectors, double numbers);

/// Posts comparator decisions on fields that were read. The bias is an analog offset, driven like
/// an input, once per unit and decision.
void post_decisions(const ArrayAccount& account, double vectors, double decisions);

/// Work of pulse trains.
struct UpdateWork {
  double vectors = 1;                   ///< number of outer products
  double vectors_in_turn = 1;           ///< number of products made one after another
  double slots = 0, slots_in_turn = 0;  ///< slots of the trains: all, and in turn
  double selected_rows = 0;             ///< rows with trains; all columns have trains
  double row_pulses = 0, col_pulses = 0;
  double coincidences = 0;  ///< pulses that moved a cell
  /// S: Σ of line conductances over pulses, Σ of cell conductances over coincidences.
  double line_conductances = 0, cell_conductances = 0;
};

/// A row pulse and a column pulse have half the write voltage each. One alone half-selects every
/// cell on its line; both together give one cell the full voltage.
void post_update(const ArrayAccount& account, const ArrayLines& lines, const UpdateWork& work);

/// Work of write-and-verify.
struct ProgramWork {
  double rows, cells;   ///< rows with cells that are written, and number of these cells
  double conductances;  ///< S, sum over these cells at their end values
  double rounds;        ///< pulses per cell, each with a read
  bool loaded = true;   ///< true if targets come from main memory; otherwise from the edge
};

/// Each cell is pulsed and read until it is right, row after row.
void post_programming(const ArrayAccount& account, const ArrayLines& lines,
                      const ProgramWork& work);
/// The same for all cells of all lines.
void post_programming(const ArrayAccount& account, const ArrayLines& lines, double conductances,
                      double rounds);

}  // namespace ohmlab::cost
