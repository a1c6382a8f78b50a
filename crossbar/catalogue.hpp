#pragma once

#include <concepts>
#include <memory>
#include <string_view>

#include "../core/catalogue_list.hpp"
#include "analog_array_model.hpp"
#include "ideal_array.hpp"

namespace ohmlab::crossbar {

/// An entry makes an array of a given size and place.
template <class T>
concept ArrayModelEntry =
    core::Described<T> && requires(const T& t, Index rows, const ArrayContext& context) {
      { t.make(rows, rows, context) } -> std::same_as<std::unique_ptr<Array>>;
    };

struct ArrayModel : core::OneOf<IdealArrayModel,  //
                                AnalogArrayModel> {
  static constexpr std::string_view name = "array";
  static constexpr std::string_view question = "What holds and multiplies the weights?";
  static_assert(each_is([]<class Entry>() { return ArrayModelEntry<Entry>; }));
};

using Catalogues = core::CatalogueList<ArrayModel, Mapping, Dac, Sensing, Adc, SignalRange, Pulser,
                                       Path, Calibration, Wires, NumberFormat>;

}  // namespace ohmlab::crossbar
