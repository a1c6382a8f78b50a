#pragma once

#include <vector>

#include "../core/matrix.hpp"
#include "../core/streams.hpp"
#include "../devices/normals.hpp"

namespace ohmlab::crossbar {

/// Resemblance of neighbouring cells; see `devices::Device`.
struct Neighbours {
  double share = 0;  ///< share of the variance that neighbours have in common
  double range = 1;  ///< correlation length, cells
};

/// The standard normals that the cells of a plane draw their parameters from. Normal k of a cell is
///
///     sqrt(1 - share) own_k + sqrt(share) common_k
///
/// where common_k is white noise smoothed by a Gaussian over the cells of the plane and divided by
/// its own standard deviation there. Every normal has variance 1, at the edges too. Away from them,
/// common normals of two cells at distance d correlate by exp(-d²/(2 range²)). Different k are
/// independent. Without share, the own normals keep their bits.
class CellNormals {
 public:
  /// \param count       number of normals of a cell
  /// \param first_cell  number of the plane's first cell; keys the draws
  CellNormals(const core::Stream& stream, std::uint32_t first_cell, int count)
      : stream_(stream), first_cell_(first_cell), count_(count) {}

  /// Draws what neighbours have in common, for a plane of rows × cols cells.
  void share(const Neighbours& neighbours, core::Index rows, core::Index cols);

  /// The normals of the cell in row i and column j of a plane of so many columns.
  [[nodiscard]] devices::Normals<float> of(core::Index i, core::Index j,
                                           core::Index cols) const noexcept;

 private:
  core::Stream stream_;
  std::uint32_t first_cell_;
  int count_;
  float own_ = 1, common_ = 0;          ///< weights of both parts
  std::vector<core::Matrix> smoothed_;  ///< common normals, one matrix for each k; empty if none
};

}  // namespace ohmlab::crossbar
