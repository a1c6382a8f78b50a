#pragma once

#include <string_view>

#include "../core/fields.hpp"
#include "range/calibrated.hpp"
#include "range/fixed.hpp"
#include "range/maximum.hpp"

namespace ohmlab::crossbar {

/// Fit of signals to the ranges of drivers and converters. It concerns reads of weights that are
/// converted; comparators and reads of single rows go by full scale.
struct SignalRange : core::OneOf<FixedRange,  //
                                 MaximumRange, CalibratedRange> {
  static constexpr std::string_view name = "range";
  static constexpr std::string_view question =
      "How are signals fitted to the ranges of drivers and converters?";
  static_assert(each_is([]<class Entry>() { return core::Described<Entry>; }));
};

}  // namespace ohmlab::crossbar
