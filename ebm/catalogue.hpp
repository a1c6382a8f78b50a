#pragma once

#include <string_view>
#include <vector>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/ebm/neurons.hpp"
#include "ohmlab/ebm/rbm.hpp"
#include "ohmlab/ebm/rules.hpp"
#include "ohmlab/ebm/schedules.hpp"

namespace ohmlab::ebm {

struct Model : core::OneOf<RbmModel> {
  static constexpr std::string_view name = "model";
  static constexpr std::string_view question = "Which energy is learned?";
};

[[nodiscard]] inline std::vector<core::CatalogueInfo> catalogues() {
  return {core::describe_catalogue<Model>(), core::describe_catalogue<Neuron>(),
          core::describe_catalogue<Rule>(), core::describe_catalogue<Schedule>()};
}

}  // namespace ohmlab::ebm
