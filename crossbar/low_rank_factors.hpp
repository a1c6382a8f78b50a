#pragma once

#include "array.hpp"
#include "cell_groups.hpp"

/// Products of a change with a few columns, without forming the change.
namespace ohmlab::crossbar {

/// changeᵀ factors (cols × rank) where transposed, else change factors (rows × rank).
[[nodiscard]] core::Matrix times(const Change& change, const core::Matrix& factors,
                                 bool transposed);
/// Orthonormal columns that span the same space, of the same size.
[[nodiscard]] core::Matrix orthonormal(const core::Matrix& columns);
/// Orthonormal columns (rows × rank) without a preferred direction.
[[nodiscard]] core::Matrix first_factors(core::Index rows, core::Index rank);

}  // namespace ohmlab::crossbar
