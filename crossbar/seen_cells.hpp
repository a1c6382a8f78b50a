#pragma once

#include <array>

#include "mapped_cells.hpp"
#include "packed_matrix.hpp"
#include "sensings.hpp"
#include "wired_cells.hpp"
#include "wires.hpp"

namespace ohmlab::crossbar {

/// The cells as reads see them until they change: the matrix of products, its noise, and the
/// conductances of lines. Computed once after each change. Weights are in units of `weight_scale`.
class SeenCells {
 public:
  SeenCells(const Wires& wires, const Sensing& sensing)
      : wires_(wires), floats_(sensing.floats()) {}

  /// Computes everything from the present states of the cells, with the noise that goes on from
  /// read to read.
  void refresh(const MappedCells& cells, double now);
  /// True if so many more inputs are to be solved one by one and not by a matrix: until as much
  /// work has been spent since the last change as the matrix takes. At most twice the work of
  /// whatever would have been best is done. Only for lines that resist.
  /// \param held  true if inputs are voltages held for the whole read
  [[nodiscard]] bool reads_alone(double inputs, bool held);
  /// Reads inputs one by one.
  [[nodiscard]] WiredCells::Reading read_alone(Direction direction, const ConstRows& levels,
                                               const CellLaw& law);
  /// Packs the matrices for products in one direction; first solves the matrix if lines resist.
  void pack(Direction direction);
  /// Packs the variances alone, for inputs that are solved one by one.
  void pack_variance(Direction direction);

  /// The matrix as reads multiply with it, rows × cols.
  [[nodiscard]] const core::Matrix& weights() const noexcept { return seen_; }
  [[nodiscard]] const PackedMatrix& packed(Direction direction) const noexcept {
    return packed_[static_cast<std::size_t>(direction)];
  }
  [[nodiscard]] bool noisy() const noexcept { return variance_.size() > 0; }
  /// True if all weights have the same variance of one read, `variance()`.
  [[nodiscard]] bool evenly_noisy() const noexcept { return variance_.size() == 1; }
  [[nodiscard]] float variance() const noexcept { return variance_(0, 0); }
  [[nodiscard]] const PackedMatrix& packed_variance(Direction direction) const noexcept {
    return packed_variance_[static_cast<std::size_t>(direction)];
  }
  /// Conductances of the lines of one group of cells, S: Σ over its cells, fixed ones included.
  struct Lines {
    core::VectorD rows, cols;
  };
  [[nodiscard]] const Lines& lines(std::size_t group) const noexcept { return lines_[group]; }
  /// The same for the lines that reads drive, summed over the groups that they see.
  [[nodiscard]] const core::VectorD& row_conductances() const noexcept { return driven_.rows; }
  [[nodiscard]] const core::VectorD& col_conductances() const noexcept { return driven_.cols; }

  /// For lines that float, tile by output: conductance of a line within a tile, S, and gain of its
  /// reading, at rest 1.
  [[nodiscard]] const core::MatrixD& line_conductances(Direction direction) const noexcept {
    return line_conductance_[static_cast<std::size_t>(direction)];
  }
  [[nodiscard]] const core::Matrix& line_gains(Direction direction) const noexcept {
    return line_gain_[static_cast<std::size_t>(direction)];
  }

  /// For lines with resistance, tile after tile: conductances G between the driven lines, S, summed
  /// over the cells of a weight. The heat of voltages v is vᵀ G v. Empty where wires do not resist.
  [[nodiscard]] const std::vector<core::MatrixD>& input_conductances(
      Direction direction) const noexcept {
    return inputs_[static_cast<std::size_t>(direction)];
  }
  /// Share of the current lost to wire resistance, with all lines driven alike.
  [[nodiscard]] double lost() const noexcept { return lost_; }
  /// Largest bound on the errors of outputs behind wires so far, as a share of the outputs.
  [[nodiscard]] double error() const noexcept { return error_; }
  /// Number of inputs that were solved one by one.
  [[nodiscard]] double inputs_alone() const noexcept { return inputs_alone_; }
  /// True if the next refresh is one of the same cells, after a state was saved or restored.
  [[nodiscard]] bool keeps_way() const noexcept { return keep_alone_; }
  /// The cells changed.
  void forget_way() noexcept { keep_alone_ = false; }
  /// For lines that resist: the next refresh is one of the same cells if `same`, after which inputs
  /// are solved in the way in which they would have been.
  void state(core::Archive& archive, bool same);

  /// The weights as reads of one direction count them from cells in these states, rows × cols.
  [[nodiscard]] static core::MatrixD effective(const MappedCells& cells,
                                               const MappedCells::States& states,
                                               const Wires& wires, const Sensing& sensing,
                                               Direction direction);
  /// Factors of floating lines on these weights, rows × cols; 1 if lines do not float.
  [[nodiscard]] static core::MatrixD gains(const MappedCells& cells,
                                           const MappedCells::States& states,
                                           const Sensing& sensing, Direction direction);

 private:
  Wires wires_;
  bool floats_;
  core::Matrix seen_;
  /// Variance in units of w²; empty without read noise, one number if all are equal.
  core::Matrix variance_;
  /// By direction; empty until a read needs them.
  std::array<PackedMatrix, 2> packed_, packed_variance_;
  std::vector<Lines> lines_;  ///< [group]
  Lines driven_;
  std::array<core::MatrixD, 2> line_conductance_;
  std::array<core::Matrix, 2> line_gain_;
  std::array<std::vector<core::MatrixD>, 2> inputs_;
  WiredCells wired_;
  bool has_matrix_ = true;  ///< true if the matrix is that of the present cells
  /// Inputs solved one by one since the last change; infinite once the matrix has been solved.
  double alone_ = 0;
  bool keep_alone_ = false;  ///< true if the next refresh is no change of the cells
  double lost_ = 0, error_ = 0, inputs_alone_ = 0;
};

}  // namespace ohmlab::crossbar
