#pragma once

#include "../core/rng.hpp"
#include "array.hpp"
#include "number_formats.hpp"

/// What exact arrays share: numbers in a digital format, decisions, and the bill of both.
namespace ohmlab::crossbar {

/// A matrix as products use it: its numbers are values / scale. The scale of tiny numbers is beyond
/// float32.
struct RoundedNumbers {
  core::Matrix values;
  double scale = 1;
};

/// Rounds a matrix to a format other than float32.
[[nodiscard]] RoundedNumbers rounded_to(const NumberFormat& format, const ConstRows& x);

/// Divides by two scales, at once in float32 if their product and its inverse are normal numbers.
void undo_scales(Rows y, double a, double b);

/// Turns fields into decisions: 1 with the probability that the logistic function of field and
/// offset gives, else 0. Draws are those of cells row · width + column. offset: 1 or B × lines
void compare_logistic(const core::Stream& stream, std::uint64_t operation, const ConstRows& offset,
                      Rows values);

/// Lanes of a chip's logic: a line of the matrix at once.
[[nodiscard]] double chip_lanes(Index rows, Index cols);

/// Posts the digital work of one array.
class DigitalWork {
 public:
  DigitalWork(const NumberFormat& format, cost::Edge& edge, cost::Tally::Component component)
      : format_(format), edge_(edge), component_(component) {}

  /// Weights that are kept: float32, with a copy in the format. On a chip they are in its macros.
  /// \param lanes  lanes of a chip's logic
  void holds_weights(double weights, double lanes);
  /// One product of a batch with the weights, or one update of the weights. Integer products of a
  /// chip take an input bit by bit. \param bits  bits of an input
  void product(double multiplications, double bits);
  /// The search for the largest of so many numbers and their scaling, one operation each, if the
  /// format has a scale. A scale that is a power of two shifts.
  void scaling(double numbers);
  /// The rounded copy of changed weights: a write, and a read if the format has a scale.
  void copy(double weights);
  void decisions(double count);

  [[nodiscard]] double format_bits() const {
    return format_.visit([](const auto& f) { return f.bits; });
  }
  /// Bits in which numbers are moved: those of the format, or one on a chip that is handed bits.
  [[nodiscard]] double moved_bits(const ConstRows& x) const;

 private:
  const NumberFormat& format_;
  cost::Edge& edge_;
  cost::Tally::Component component_;
};

}  // namespace ohmlab::crossbar
