#pragma once

#include "mesh.hpp"
#include "tally.hpp"

/// The work of reading and writing an array of cells, counted here and nowhere else. Simulated
/// arrays post the work of their own lines, closed forms and published macros that of average ones.
namespace ohmlab::cost {

/// The parts of an array that set its work.
struct ArrayParts {
  double tile_rows = 0, tile_cols = 0;  ///< lines of one tile at most; 0: all of them
  double pulsed = 1, fixed = 1;         ///< cells of a weight: written, and resting at w = 0

  struct Driver {
    Action action = Action::dac_drive;
    Part part = Part::dac;
    double bits = 7;        ///< of a number
    double drive_bits = 7;  ///< of one drive, the parameter of action and part
    double slices = 1;      ///< reads one after another that one product takes
  } driver;
  struct Converter {
    Action action = Action::adc_convert;
    Part part = Part::adc;
    double bits = 9;        ///< parameter of action and part
    double lines_each = 1;  ///< lines that take turns at one
  } converter;
  struct Pulser {
    Action action = Action::pulse_random_bit;  ///< for each line and slot of a train
    double bits = 0;                           ///< its parameter
  } pulser;

  bool floats = false;  ///< whether lines float to a voltage, which is sampled
  bool pipelined =
      false;  ///< drivers, cells and converters work on successive vectors at the same time
  bool comparators = true;         ///< whether there is one at each line
  bool networked = false;          ///< whether a lone tile has a router too: it is one of many
  double v_read = 0, v_write = 0;  ///< V
  double t_read = 0, t_pulse = 0;  ///< s
  double t_verify = 0;             ///< s, of a read while cells are programmed
  double half_pulse =
      0;  ///< V², v i/g of a cell at half of v_write; times t_pulse and its conductance: heat
  double whole_pulse = 0;  ///< V², the same at v_write
  double endurance = 0;    ///< pulses that a cell survives; 0: not known
  double lanes = 64;       ///< of digital logic at the edge
  Mesh mesh;

  /// True if readings wait in capacitors: for their turn at a converter, for the other slices of
  /// their input, or because lines that float are sampled.
  [[nodiscard]] bool holds_readings() const noexcept {
    return floats || driver.slices > 1 || converter.lines_each > 1;
  }
};

/// The lines of one matrix, and the tiles that they run through.
struct ArrayLines {
  ArrayLines(const ArrayParts& parts, double rows, double cols) noexcept;
  double rows, cols;
  double tile_rows, tile_cols;  ///< lines of one tile
  double row_tiles,
      col_tiles;  ///< tiles along each side: of the rows' lines, of the columns' lines
  /// Ends of lines that have a driver and a converter.
  [[nodiscard]] double ends() const noexcept { return rows * col_tiles + cols * row_tiles; }
};

/// Holds the parts of so many copies of an array.
void hold_array(Tally& tally, Tally::Component component, const ArrayParts& parts,
                const ArrayLines& lines, double copies);

/// The work of reading some vectors. Voltages are in read voltages, times in reads.
struct ReadWork {
  bool to_rows = false;   ///< whether columns are driven and rows read
  double vectors = 1;     ///< number
  double in_turn = 1;     ///< of them, one after another
  double heat = 0;        ///< S, Σ over vectors, cells and slices of G ∫ v i/g dt
  double swings = 0;      ///< Σ of squared steps of the driven lines, before tiles multiply them
  double floated = 0;     ///< Σ of squared voltages of lines that were read and float
  bool converted = true;  ///< else currents go to comparators, or join those of other arrays
  double outputs = -1;    ///< lines that were converted; all of them if below 0
};

/// Slices of an input follow one another; their sum is formed where they are read, so that what
/// passes between tiles is passed once.
void post_read(Tally& tally, Tally::Component component, const ArrayParts& parts,
               const ArrayLines& lines, const ReadWork& work);

/// So many decisions of comparators on fields that were read. The bias reaches a comparator as an
/// analog offset, made as an input is, one a unit and decision.
void post_decisions(Tally& tally, Tally::Component component, const ArrayParts& parts,
                    double vectors, double decisions);

/// The work of pulse trains.
struct UpdateWork {
  double vectors = 1;                   ///< number of outer products
  double vectors_in_turn = 1;           ///< of them, one after another
  double slots = 0, slots_in_turn = 0;  ///< of their trains
  double selected_rows = 0;             ///< lines whose trains are made; all columns' are
  double row_pulses = 0, col_pulses = 0;
  double coincidences = 0;  ///< pulses that moved a cell
  /// S: Σ over pulses of the conductance of their line, Σ over coincidences of that of their cell.
  double line_conductances = 0, cell_conductances = 0;
};

/// A row and a column pulse are half the write voltage each: alone they half-select every cell on
/// their line, together they give one cell the whole.
void post_update(Tally& tally, Tally::Component component, const ArrayParts& parts,
                 const ArrayLines& lines, const UpdateWork& work);

/// Row after row, each cell is pulsed and read until it is right.
/// \param conductances  S, sum of the cells', near whose end value they are pulsed and read
/// \param rounds        pulses, each with a read, that a cell takes
void post_programming(Tally& tally, Tally::Component component, const ArrayParts& parts,
                      const ArrayLines& lines, double conductances, double rounds);

}  // namespace ohmlab::cost
