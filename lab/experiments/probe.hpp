#pragma once

#include <cstdint>
#include <span>

#include "../../core/matrix.hpp"
#include "../../devices/device.hpp"

/// What cells show on a probe station. They are pulsed, programmed and seen through the array's own
/// door, behind exact converters, so that what is shown here is what learning meets.
namespace ohmlab::experiments {

/// States w after each of `up` pulses towards +1 and then `down` towards -1, `cycles` times over,
/// starting at w = 0. Returns devices × cycles (up + down): the states that a noise-free read sees,
/// write noise included.
/// \throws core::UserError if a count is below 0, or there is no device
[[nodiscard]] core::Matrix pulse_curve(const devices::Device& device, std::int64_t up,
                                       std::int64_t down, std::int64_t cycles, std::int64_t devices,
                                       std::uint64_t seed);

/// States w at ages (s since programming, ascending) of cells that were programmed to one state,
/// with the programming error of the device. Returns devices × ages.
/// \throws core::UserError if there is no device, the state is not finite, or ages are not finite
/// or do not
///         ascend from 0
[[nodiscard]] core::Matrix retention(const devices::Device& device, double state,
                                     std::span<const double> ages, std::int64_t devices,
                                     std::uint64_t seed);

}  // namespace ohmlab::experiments
