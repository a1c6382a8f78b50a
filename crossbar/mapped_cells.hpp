#pragma once

#include <vector>

#include "../core/archive.hpp"
#include "cells.hpp"
#include "mappings.hpp"
#include "tiling.hpp"

namespace ohmlab::crossbar {

/// The cells of an array, plane by plane, and their mapping to weights. Weights are in units of
/// `weight_scale`: Σ coefficient · state.
///
/// Cells come in groups, each of which alone makes up a matrix by the mapping. The weight is the
/// sum of the groups' matrices, each times the gain of its group. A group of gain 0 is hidden:
/// reads of the weights do not see it.
class MappedCells {
 public:
  /// \param gains  gain of each group
  MappedCells(const Mapping& mapping, const devices::Device& device, const Tiling& tiling,
              const ArrayContext& context, const std::vector<double>& gains = {1.0});

  [[nodiscard]] std::size_t groups() const noexcept { return gains_.size(); }
  [[nodiscard]] double gain(std::size_t group) const noexcept { return gains_[group]; }
  /// Keeps states that count as zero; without it, w = 0 does.
  void keep_references();
  void set_reference(std::size_t group, const core::Matrix& states) { references_[group] = states; }
  /// States of the fixed cells of a group, which count as zero, as reads see them.
  [[nodiscard]] core::Matrix reference(std::size_t group) const;
  /// Root mean square distance of the states that count as zero from the symmetry points of cells
  /// that have one.
  [[nodiscard]] double symmetry_off() const;
  /// Number of groups that reads of the weights see.
  [[nodiscard]] int seen_groups() const;
  [[nodiscard]] const Tiling& tiling() const noexcept { return tiling_; }
  [[nodiscard]] const devices::Device& device() const noexcept { return device_; }

  /// The states of all planes as reads see them at a time, free of noise, each rows × cols; group
  /// after group.
  using States = std::vector<core::Matrix>;
  [[nodiscard]] States states(double now) const;
  /// The same with the noise that goes on from read to read, as it was at the last read.
  [[nodiscard]] States with_trace(double now) const;
  /// Moves that noise, and cells that diffuse, on to a time.
  void advance(double now);
  /// Σ coefficient · state.
  [[nodiscard]] core::Matrix weights(const States& states) const;
  /// The same in float64, from the cells' own float32.
  [[nodiscard]] core::MatrixD exact_weights(const States& states) const;
  /// Variance of what a read of each weight draws afresh; empty if nothing.
  [[nodiscard]] core::Matrix variance(double now) const;

  /// One row of the matrix that a group makes up.
  struct Row {
    core::Vector values;     ///< with the noise that goes on from read to read
    core::Vector variance;   ///< of what a read draws afresh; empty if nothing
    double conductance = 0;  ///< Σ over the cells of the row, S
  };
  /// For a read at a time.
  [[nodiscard]] Row row(std::size_t group, Index row, double now);
  /// One row of one plane of a group, counted from the state of rest; for a read at a time.
  [[nodiscard]] Row plane_row(std::size_t group, std::size_t plane, Index row, double now);
  /// States of some rows of one plane of a group, with the noise that goes on from read to read
  /// moved on to a time.
  [[nodiscard]] core::Matrix traced_rows(std::size_t group, std::size_t plane, Index first,
                                         Index count, double now);
  /// Conductances of the cells of a plane in these states, S.
  [[nodiscard]] core::MatrixD conductances(const core::Matrix& states) const;
  /// Factor of the states of a plane in the weights.
  [[nodiscard]] double coefficient(std::size_t plane) const {
    return gains_[group_of(plane)] * mapping_.planes()[plane % of_group()].coefficient;
  }
  /// The same for a plane of the mapping, without the gain of its group.
  [[nodiscard]] double coefficient_in_group(std::size_t plane) const {
    return mapping_.planes()[plane].coefficient;
  }
  [[nodiscard]] std::size_t planes() const noexcept { return planes_.size(); }
  [[nodiscard]] std::size_t planes_of_group() const { return of_group(); }
  /// State that a plane of the mapping counts from when it is read alone.
  [[nodiscard]] double rest_of(std::size_t plane) const {
    return device_.heated_state(mapping_.planes()[plane].rest);
  }
  [[nodiscard]] std::size_t group_of(std::size_t plane) const noexcept {
    return plane / of_group();
  }
  [[nodiscard]] int fixed_cells() const { return mapping_.fixed_cells(); }

  /// Number of cells of so many weights, in one group.
  [[nodiscard]] double cells_of(Index weights) const;
  /// Σ g of so many cells whose states add up to w_sum, S; 0 for a device without conductances. A
  /// sum that rounding makes negative is set to 0.
  [[nodiscard]] double conductance_sum(double w_sum, double cells) const;
  /// Difference of conductances for a weight of 1, S.
  [[nodiscard]] double conductance_of_one() const;

  /// Applies pulse trains to all planes of a group, each in its direction. `sign` is the sign of
  /// the rate.
  PulseCount pulse(std::size_t group, const PulseEvents& events, double sign,
                   const UpdateTurn& turn);
  /// Moves all cells of a group by rate · x dᵀ without pulses; see ExactPulser.
  void move(std::size_t group, const OuterProduct& change, double now);
  /// Writes the matrix of a group row after row; see CellPlane::program.
  CellPlane::Programmed program(std::size_t group, const core::Matrix& values,
                                const ProgramTurn& turn);
  /// Writes chosen weights of a group anew; see CellPlane::program_again.
  CellPlane::Programmed program_again(std::size_t group, const core::Matrix& values,
                                      const ChosenCells& chosen, const ProgramTurn& turn);

  struct Wear {
    double at_bound = 0, faulty = 0, worn = 0;  ///< shares of the cells
    double mean_pulses = 0, most_pulses = 0;
    double largest_state = 0;  ///< max |w|
  };
  [[nodiscard]] Wear wear() const;
  /// Mean number of pulses on a cell of a group.
  [[nodiscard]] double mean_pulses(std::size_t group) const;
  void state(core::Archive& archive);

 private:
  [[nodiscard]] core::Matrix target_of(std::size_t plane, const core::Matrix& weights) const;
  [[nodiscard]] std::size_t of_group() const { return mapping_.planes().size(); }
  /// True if reads see other states of the fixed cells than 0.
  [[nodiscard]] bool references_count() const {
    return !references_.empty() || (device_.heated() && fixed_cells() > 0);
  }
  /// States that the fixed cells of a group were written to.
  [[nodiscard]] core::Matrix written_reference(std::size_t group) const;

  Mapping mapping_;
  devices::Device device_;
  Tiling tiling_;
  std::vector<double> gains_;
  std::vector<CellPlane> planes_;         ///< [group][plane of the mapping]
  std::vector<core::Matrix> references_;  ///< [group]; empty if w = 0 counts as zero
};

}  // namespace ohmlab::crossbar
