#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

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

/// Reason why arrays do not suit an experiment without learning phases, or "".
[[nodiscard]] inline std::string phases_problem(const ArrayModel& array) {
  const auto* cells = std::get_if<AnalogArrayModel>(&array.choice);
  if (cells == nullptr || cells->copies_share == CopiesShare::examples) return "";
  return "array.copies_share \"phases\" takes copies in turn by the phases of a rule, and this "
         "experiment has none: expected \"examples\"";
}

using Catalogues = core::CatalogueList<ArrayModel, Mapping, Dac, Sensing, Adc, SignalRange, Pulser,
                                       Path, Calibration, Wires, NumberFormat>;

}  // namespace ohmlab::crossbar
