#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../core/archive.hpp"
#include "../core/matrix.hpp"
#include "../cost/edge.hpp"
#include "figure.hpp"

namespace ohmlab::crossbar {

using core::ConstRows;
using core::ConstVector;
using core::Index;
using core::Rows;

/// What an array is told about its place: where its draws come from and where its work is posted.
struct ArrayContext {
  std::uint64_t seed = 1;
  std::uint32_t layer = 0;       ///< number of the array in its model; separates random streams
  std::uint32_t copy = 0;        ///< number among the copies of the array; separates them too
  std::string name = "weights";  ///< component in the tally
  cost::Tally* tally = nullptr;  ///< outlives the array
  const core::Matrix* edges =
      nullptr;  ///< rows × cols, 1 where there is a cell, else 0; nothing: everywhere

  /// What keys the random streams: models have far fewer layers than 2^20.
  [[nodiscard]] constexpr std::uint32_t place() const noexcept { return layer + (copy << 20U); }
};

/// From which lines to which an array is read.
enum class Direction {
  to_cols,  ///< row lines are driven, column lines read: y = x W
  to_rows,  ///< column lines are driven, row lines read: y = x Wᵀ
};

/// Lines that are read, side by side.
struct Outputs {
  Index first = 0;
  Index count = 0;
};

enum class ComparatorNoise { gaussian, logistic };
constexpr std::array<std::string_view, 2> enum_names(ComparatorNoise) {
  return {"gaussian", "logistic"};
}

/// The law of one noisy decision of an array's comparators, for reads of one direction: on where
/// field + noise > 0.
struct DecisionLaw {
  ComparatorNoise noise = ComparatorNoise::logistic;
  double scale =
      1;  ///< standard deviation (gaussian) or scale (logistic) of the comparator, in logits
  core::MatrixD weights;   ///< as such reads count them, in logits, rows × cols
  core::MatrixD variance;  ///< of one read of each, in logits², rows × cols; empty without noise
};

/// A matrix W of weights held in cells, rows × cols: the one door through which learning reaches
/// hardware.
///
/// Vectors are rows of a matrix. An array takes one vector at a time: a batch of B costs B
/// sequential reads or updates, or has copies of the array, which divide the reads among them.
/// Every operation is numbered by the array itself, and the number keys its random draws.
class Array {
 public:
  Array() = default;
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;
  virtual ~Array() = default;

  [[nodiscard]] virtual Index rows() const noexcept = 0;
  [[nodiscard]] virtual Index cols() const noexcept = 0;

  /// y = x W, or x Wᵀ through the same cells driven from the other side, as read through the
  /// converters of some lines; the others are not converted. An output does not depend on what is
  /// read beside it. x: B × lines driven, y: B × outputs.
  virtual void read(Direction direction, const ConstRows& x, Rows y, const Outputs& outputs) = 0;
  /// The same of all lines.
  void read(Direction direction, const ConstRows& x, Rows y) {
    read(direction, x, y, {0, direction == Direction::to_cols ? cols() : rows()});
  }

  /// The same before any converter: currents, in weights, with the noise of the cells. For lines of
  /// several arrays that run together.
  virtual void sense(Direction direction, const ConstRows& x, Rows y) = 0;

  /// One noisy decision per line read: bits = 1 where (x W + offset + noise) > 0, else 0. x: B ×
  /// lines driven, offset: 1 or B × lines read, bits: B × lines read. The noise is the
  /// comparator's; on an ideal array it is logistic, so that P(1) is the logistic function.
  virtual void decide(Direction direction, const ConstRows& x, const ConstRows& offset,
                      Rows bits) = 0;

  /// W += rate · Σ_b x_bᵀ d_b, by whatever the cells' pulses make of it, from where drift has
  /// brought the cells. Ages of pulsed cells count from the end of the update. x: B × rows, d: B ×
  /// cols.
  virtual void update(const ConstRows& x, const ConstRows& d, double rate) = 0;

  /// W += change, row after row: each row is driven alone while its own changes are on the columns,
  /// so that every cell moves once and by its net change. change: rows × cols.
  virtual void increment(const ConstRows& change) = 0;

  /// Writes a target row after row, with the programming error of the cells. The age of each row
  /// counts from the end of its own programming. target: rows × cols.
  virtual void program(const ConstRows& target) = 0;

  /// Lets time pass in which nothing is done but drift. \throws core::UserError unless seconds are
  /// finite and
  /// >= 0
  virtual void wait(double seconds) = 0;

  /// What there is to know about the hardware beside its weights: clipping, bounds, wear.
  [[nodiscard]] virtual std::vector<Figure> figures() const = 0;
  /// What keeps this array from being billed, e.g. a device that cites no voltage; "" if nothing
  /// does.
  [[nodiscard]] virtual std::string unpriced() const = 0;

  /// The digital logic at this array's edge, which posts its work to the array's tally.
  [[nodiscard]] virtual cost::Edge& edge() noexcept = 0;

  /// What a killed job needs to go on with the same bits; to be taken between updates.
  virtual void state(core::Archive& archive) = 0;

  /// The weights as the cells hold them now, free of read noise: for scoring and for tests, at no
  /// cost.
  [[nodiscard]] virtual core::MatrixD weights() const = 0;
  /// The same as reads from one side count them, through wires or on lines that float; rows × cols.
  [[nodiscard]] virtual core::MatrixD effective_weights(Direction) const { return weights(); }
  /// S, rows × cols, of the cells of each weight, fixed ones included: what a `Circuit` joins lines
  /// by. Empty where weights are no conductances.
  [[nodiscard]] virtual std::vector<core::MatrixD> conductances() const { return {}; }
  /// How `decide` decides now: for exact laws of small machines, at no cost.
  [[nodiscard]] virtual DecisionLaw decision_law(Direction direction) const = 0;
};

}  // namespace ohmlab::crossbar
