#pragma once

#include "array_maker.hpp"
#include "catalogue.hpp"

namespace ohmlab::crossbar {

/// Makes exact arrays, whole or along edges.
[[nodiscard]] inline ArrayMaker exact_arrays(const NumberFormat& format = {},
                                             cost::Machine machine = cost::Machine::accelerator) {
  return {[=](Index rows, Index cols, const ArrayContext& context) {
    return std::make_unique<IdealArray>(rows, cols, context, format, machine);
  }, [=](std::shared_ptr<const Crossings> at, const ArrayContext& context) {
    return std::make_unique<EdgeArray>(std::move(at), context, format, machine);
  }};
}

/// Makes arrays of a choice, which is copied. Arrays of cells have one at every crossing.
[[nodiscard]] inline ArrayMaker arrays_of(const ArrayModel& model) {
  if (const auto* exact = std::get_if<IdealArrayModel>(&model.choice))
    return exact_arrays(exact->format, exact->machine);
  return [model](Index rows, Index cols, const ArrayContext& context) {
    return model.visit([&](const auto& kind) { return kind.make(rows, cols, context); });
  };
}

}  // namespace ohmlab::crossbar
