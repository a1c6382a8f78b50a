#pragma once

#include "../../transformer/scale/on_arrays.hpp"

namespace ohmlab::crossbar {
struct AnalogArrayModel;
}  // namespace ohmlab::crossbar

namespace ohmlab::foundation {

/// Hardware of a transformer on arrays of this model. Its inputs have this mean square in full
/// scale; cells are at w = 0 on average.
[[nodiscard]] scale::ArrayHardware hardware_of(const crossbar::AnalogArrayModel& model, double rows,
                                               double cols, double mean_square);

}  // namespace ohmlab::foundation
