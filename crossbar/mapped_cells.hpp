#pragma once

#include <vector>

#include "../core/archive.hpp"
#include "cells.hpp"
#include "mappings.hpp"
#include "tiling.hpp"

namespace ohmlab::crossbar {

/// The cells of an array, plane by plane, and their mapping to weights. Weights are in units of
/// `weight_scale`: Σ coefficient · state.
class MappedCells {
 public:
  MappedCells(const Mapping& mapping, const devices::Device& device, const Tiling& tiling,
              const ArrayContext& context);

  [[nodiscard]] const Tiling& tiling() const noexcept { return tiling_; }
  [[nodiscard]] const devices::Device& device() const noexcept { return device_; }

  /// The states of all planes as reads see them at a time, free of noise, each rows × cols.
  using States = std::vector<core::Matrix>;
  [[nodiscard]] States states(double now) const;
  /// Σ coefficient · state.
  [[nodiscard]] core::Matrix weights(const States& states) const;
  /// The same in float64, from the cells' own float32.
  [[nodiscard]] core::MatrixD exact_weights(const States& states) const;
  /// Variance of one read of each weight; empty if reads have no noise.
  [[nodiscard]] core::Matrix variance(double now) const;
  /// Conductances of the cells of a plane in these states, S.
  [[nodiscard]] core::MatrixD conductances(const core::Matrix& states) const;
  [[nodiscard]] double coefficient(std::size_t plane) const {
    return mapping_.planes()[plane].coefficient;
  }
  [[nodiscard]] std::size_t planes() const noexcept { return planes_.size(); }
  [[nodiscard]] int fixed_cells() const { return mapping_.fixed_cells(); }

  /// Number of cells of so many weights.
  [[nodiscard]] double cells_of(Index weights) const;
  /// Σ g of so many cells whose states add up to w_sum, S; 0 for a device without conductances. A
  /// sum that rounding makes negative is set to 0.
  [[nodiscard]] double conductance_sum(double w_sum, double cells) const;
  /// Difference of conductances for a weight of 1, S.
  [[nodiscard]] double conductance_of_one() const;

  /// Applies pulse trains to all planes, each in its direction. `sign` is the sign of the rate.
  PulseCount pulse(const PulseEvents& events, double sign, const UpdateTurn& turn);
  /// Moves all cells by rate · x dᵀ without pulses; see ExactPulser.
  void move(const ConstRows& x, const ConstRows& d, double rate, double now);
  /// Writes weights row after row; see CellPlane::program.
  CellPlane::Programmed program(const core::Matrix& weights, std::uint64_t operation, double start,
                                double seconds_a_row);

  struct Wear {
    double at_bound = 0, faulty = 0;  ///< shares of the cells
    double mean_pulses = 0, most_pulses = 0;
    double largest_state = 0;  ///< max |w|
  };
  [[nodiscard]] Wear wear() const;
  void state(core::Archive& archive);

 private:
  Mapping mapping_;
  devices::Device device_;
  Tiling tiling_;
  std::vector<CellPlane> planes_;
};

}  // namespace ohmlab::crossbar
