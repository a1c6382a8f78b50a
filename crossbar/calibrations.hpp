#pragma once

#include <concepts>
#include <string_view>

#include "../core/fields.hpp"
#include "calibration/none.hpp"
#include "calibration/zero_shift.hpp"

namespace ohmlab::crossbar {

/// An act that finds the state of each cell that counts as zero, before weights are programmed and
/// from time to time.
template <class T>
concept CalibrationEntry = core::Described<T> && requires(const T& t, CellGroups& cells) {
  { T::moves } -> std::convertible_to<bool>;  // true if zero is moved
  { t.due(1) } -> std::same_as<bool>;
  { t.calibrate(cells, 0) } -> std::same_as<void>;
};

struct Calibration : core::OneOf<NoCalibration, ZeroShift> {
  static constexpr std::string_view name = "calibration";
  static constexpr std::string_view question = "Which state of a cell counts as zero?";
  static_assert(each_is([]<class Entry>() { return CalibrationEntry<Entry>; }));

  [[nodiscard]] bool moves() const {
    return visit([](const auto& entry) { return std::remove_cvref_t<decltype(entry)>::moves; });
  }
};

}  // namespace ohmlab::crossbar
