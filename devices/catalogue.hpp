#pragma once

#include <vector>

#include "ohmlab/devices/device.hpp"

namespace ohmlab::devices {

[[nodiscard]] inline std::vector<core::CatalogueInfo> catalogues() {
  return {core::describe_catalogue<Pulse>(),      core::describe_catalogue<Programming>(),
          core::describe_catalogue<Drift>(),      core::describe_catalogue<ReadNoise>(),
          core::describe_catalogue<Conduction>(), core::describe_catalogue<Faults>()};
}

}  // namespace ohmlab::devices
