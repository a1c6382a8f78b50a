#pragma once

#include <cstdint>
#include <span>

#include "../../core/matrix.hpp"
#include "../../devices/device.hpp"

/// Curves of cells as on a probe station. Cells are pulsed, programmed and read through the
/// interface of an array, behind exact converters: learning meets the same cells.
namespace ohmlab::experiments {

/// States w after each pulse: `up` pulses towards +1 and then `down` towards -1, `cycles` times,
/// from w = 0. Returns devices × cycles (up + down) states of a noise-free read, write noise
/// included.
/// \throws core::UserError if a count is negative, or there is no device or too many values
[[nodiscard]] core::Matrix pulse_curve(const devices::Device& device, std::int64_t up,
                                       std::int64_t down, std::int64_t cycles, std::int64_t devices,
                                       std::uint64_t seed);

/// States w of cells programmed to one state, with the device's programming error, at ages in s
/// since programming. Returns devices × ages.
/// \throws core::UserError if there is no device, the state is not finite, or ages are not finite
/// or do not ascend from 0
[[nodiscard]] core::Matrix retention(const devices::Device& device, double state,
                                     std::span<const double> ages, std::int64_t devices,
                                     std::uint64_t seed);

}  // namespace ohmlab::experiments
