#pragma once

#include "mapped_cells.hpp"
#include "wires.hpp"

namespace ohmlab::crossbar {

/// One row of the matrix that a group makes up, for a read of this row alone at a time. Through
/// wires that resist, all other lines of its tiles are held at zero volts by their drivers and
/// amplifiers: by superposition, the row of the same matrix that reads of all rows multiply with.
[[nodiscard]] MappedCells::Row read_row(MappedCells& cells, const Wires& wires, std::size_t group,
                                        Index row, double now);
/// One row of one plane of a group, counted from the state of rest without wires.
[[nodiscard]] MappedCells::Row read_plane_row(MappedCells& cells, const Wires& wires,
                                              std::size_t group, std::size_t plane, Index row,
                                              double now);

}  // namespace ohmlab::crossbar
