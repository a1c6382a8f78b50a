#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../core/archive.hpp"
#include "../core/matrix.hpp"
#include "../cost/edge.hpp"
#include "figure.hpp"

namespace ohmlab::crossbar {

class ResistorGrid;

using core::ConstRows;
using core::ConstVector;
using core::Index;
using core::Rows;

/// Place of an array in its model: keys of its draws and the tally of its work.
struct ArrayContext {
  std::uint64_t seed = 1;
  std::uint32_t layer = 0;       ///< number of the array in its model; separates random streams
  std::uint32_t copy = 0;        ///< number among the copies of the array; separates streams, too
  std::string name = "weights";  ///< component in the tally
  cost::Tally* tally = nullptr;  ///< outlives the array
  /// Rows × cols: 1 where there is a cell, else 0; null: a cell everywhere.
  const core::Matrix* edges = nullptr;
  bool conducts = false;  ///< true if weights are conductances of a circuit, never negative

  /// Key of the random streams. Models have far fewer layers than 2^20.
  [[nodiscard]] constexpr std::uint32_t place() const noexcept { return layer + (copy << 20U); }
};

/// Direction of a read.
enum class Direction {
  to_cols,  ///< row lines are driven, column lines read: y = x W
  to_rows,  ///< column lines are driven, row lines read: y = x Wᵀ
};

/// A contiguous range of lines that are read.
struct Outputs {
  Index first = 0;
  Index count = 0;
};

enum class ComparatorNoise { gaussian, logistic };
constexpr std::array<std::string_view, 2> enum_names(ComparatorNoise) {
  return {"gaussian", "logistic"};
}

/// One outer product of a change of weights: rate · Σ_b x_bᵀ d_b. Views of matrices that outlive
/// it.
struct OuterProduct {
  ConstRows x;  ///< vectors × rows
  ConstRows d;  ///< vectors × cols
  double rate = 1;
};

/// Law of one noisy decision of an array's comparators, for reads of one direction: the bit is 1
/// where field + noise > 0.
struct DecisionLaw {
  ComparatorNoise noise = ComparatorNoise::logistic;
  /// Standard deviation (gaussian) or scale (logistic) of the comparator's noise, in logits.
  double scale = 1;
  core::MatrixD weights;  ///< weights as these reads count them, in logits, rows × cols
  /// Variance of one read of each weight, in logits², rows × cols; empty without noise.
  core::MatrixD variance;
};

/// A matrix W of weights held in cells, rows × cols. It is the only interface between learning and
/// hardware.
///
/// Vectors are rows of a matrix. An array takes one vector at a time: a batch of B costs B
/// sequential reads or updates. Copies of the array divide the reads among them. An array numbers
/// its operations, and the number keys the random draws.
class Array {
 public:
  Array() = default;
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;
  virtual ~Array() = default;

  [[nodiscard]] virtual Index rows() const noexcept = 0;
  [[nodiscard]] virtual Index cols() const noexcept = 0;

  /// y = x W, or x Wᵀ through the same cells driven from the other side. Only the lines `outputs`
  /// are converted. An output does not depend on the lines read beside it. x: B × lines driven, y:
  /// B × outputs.
  virtual void read(Direction direction, const ConstRows& x, Rows y, const Outputs& outputs) = 0;
  /// The same for all lines.
  void read(Direction direction, const ConstRows& x, Rows y) {
    read(direction, x, y, {0, direction == Direction::to_cols ? cols() : rows()});
  }

  /// Currents before any converter, in units of weights, with the noise of the cells. For lines
  /// that several arrays share.
  virtual void sense(Direction direction, const ConstRows& x, Rows y) = 0;

  /// One noisy decision per line read: bits = 1 where (x W + offset + noise) > 0, else 0. x: B ×
  /// lines driven, offset: 1 or B × lines read, bits: B × lines read. The noise is that of the
  /// comparator. On an ideal array it is logistic, so that P(1) is the logistic function.
  virtual void decide(Direction direction, const ConstRows& x, const ConstRows& offset,
                      Rows bits) = 0;

  /// One change of all weights: W += Σ of the products, e.g. one of each learning phase, as far as
  /// the pulses of the cells realise it. Cells start from their drifted states. Ages of pulsed
  /// cells count from the end of the pulses.
  virtual void update(std::span<const OuterProduct> products) = 0;
  /// A change of one product: W += rate · Σ_b x_bᵀ d_b. x: B × rows, d: B × cols.
  void update(const ConstRows& x, const ConstRows& d, double rate) {
    const OuterProduct product{x, d, rate};
    update(std::span(&product, 1));
  }

  /// One change of all weights: W += change, row after row. Each row is driven alone with its own
  /// changes on the columns, so that every cell moves once, by its net change. change: rows × cols.
  virtual void increment(const ConstRows& change) = 0;

  /// Writes a target row after row, with the programming error of the cells. The age of each row
  /// counts from the end of its own programming. target: rows × cols.
  virtual void program(const ConstRows& target) = 0;

  /// Lets time pass, in which cells only drift.
  /// \throws core::UserError unless seconds are finite and >= 0
  virtual void wait(double seconds) = 0;

  /// Figures of the state of the hardware beside its weights: clipping, bounds, wear.
  [[nodiscard]] virtual std::vector<Figure> figures() const = 0;
  /// Reason why this array cannot be billed, e.g. a device that cites no voltage; "" if it can.
  [[nodiscard]] virtual std::string unpriced() const = 0;

  /// The digital logic at this array's edge, which posts its work to the array's tally.
  [[nodiscard]] virtual cost::Edge& edge() noexcept = 0;

  /// Reads from now on belong to this phase of an update; the first at the start.
  /// \returns true if copies take phases in turn, so that these reads go through other cells
  virtual bool begin_phase(std::size_t /*phase*/) { return false; }

  /// State that a killed job needs to resume with the same bits. To be taken between updates.
  virtual void state(core::Archive& archive) = 0;

  /// The weights as the cells hold them now, free of read noise, at no cost. For scoring and tests.
  [[nodiscard]] virtual core::MatrixD weights() const = 0;
  /// The weights as reads of one direction count them, through wires or on floating lines; rows ×
  /// cols.
  [[nodiscard]] virtual core::MatrixD effective_weights(Direction) const { return weights(); }
  /// Conductance of a cell at weight 0, in units of weights, where weights shall be conductances
  /// (`ArrayContext::conducts`): a cell conducts weight + rest_conductance.
  /// \throws core::UserError if no single cell makes up a weight
  [[nodiscard]] virtual double rest_conductance() const { return 0; }
  /// The array as part of a circuit of arrays joined at their lines; null if it can only multiply.
  /// \throws core::UserError if it is made of cells, but not of single ohmic ones on lines that
  /// float freely
  [[nodiscard]] virtual ResistorGrid* resistors() { return nullptr; }
  /// Conductances of the cells of each weight, fixed cells included, S, rows × cols. A `Circuit`
  /// joins lines by them. Empty where weights are not conductances.
  [[nodiscard]] virtual std::vector<core::MatrixD> conductances() const { return {}; }
  /// Present law of `decide`, at no cost. For exact laws of small machines.
  [[nodiscard]] virtual DecisionLaw decision_law(Direction direction) const = 0;
};

}  // namespace ohmlab::crossbar
