#pragma once

#include <string_view>
#include <vector>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/crossbar/ideal_array.hpp"

namespace ohmlab::crossbar {

struct ArrayModel : core::OneOf<IdealArrayModel> {
  static constexpr std::string_view name = "array";
  static constexpr std::string_view question = "What holds and multiplies the weights?";
};

[[nodiscard]] inline std::vector<core::CatalogueInfo> catalogues() {
  return {core::describe_catalogue<ArrayModel>()};
}

}  // namespace ohmlab::crossbar
