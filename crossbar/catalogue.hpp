#pragma once

#include <string_view>
#include <vector>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/crossbar/analog_array_model.hpp"
#include "ohmlab/crossbar/ideal_array.hpp"

namespace ohmlab::crossbar {

struct ArrayModel : core::OneOf<IdealArrayModel,  //
                                AnalogArrayModel> {
  static constexpr std::string_view name = "array";
  static constexpr std::string_view question = "What holds and multiplies the weights?";
};

[[nodiscard]] inline std::vector<core::CatalogueInfo> catalogues() {
  return {core::describe_catalogue<ArrayModel>(), core::describe_catalogue<Mapping>(),
          core::describe_catalogue<Dac>(),        core::describe_catalogue<Sensing>(),
          core::describe_catalogue<Adc>(),        core::describe_catalogue<Pulser>(),
          core::describe_catalogue<Wires>(),      core::describe_catalogue<NumberFormat>()};
}

}  // namespace ohmlab::crossbar
