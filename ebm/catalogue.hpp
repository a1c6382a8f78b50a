#pragma once

#include <vector>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/ebm/dynamics.hpp"
#include "ohmlab/ebm/models.hpp"
#include "ohmlab/ebm/neurons.hpp"
#include "ohmlab/ebm/rules.hpp"
#include "ohmlab/ebm/schedules.hpp"

namespace ohmlab::ebm {

[[nodiscard]] inline std::vector<core::CatalogueInfo> catalogues() {
  return {core::describe_catalogue<Model>(), core::describe_catalogue<Neuron>(),
          core::describe_catalogue<Dynamics>(), core::describe_catalogue<Rule>(),
          core::describe_catalogue<Schedule>()};
}

}  // namespace ohmlab::ebm
